/**
 * A pipeline is data: what a user writes in one file of pipelines/. Engine, table, live channel and dashboard follow
 * from it.
 * @module
 */
import { type EventBase, type EventContract } from "../core/events/contract.ts";
import type { ColumnSpec, TableSpec } from "../core/ports.ts";
import { minutes, seconds } from "../core/time.ts";
import type { WindowSpec } from "../core/window.ts";
import type { Detector } from "./detectors/detector.ts";
import { enrichersOf } from "./engine/enrichment.ts";
import type { Enriched, Enricher, EnrichersOf } from "./enrichers/enricher.ts";
import type { Metric } from "./metrics/metric.ts";

/**
 * What a user writes.
 *
 * @typeParam E the topic's event.
 * @typeParam X fields of the enrichers, in their order: `pipeline<ChatEvent, [Sentiment]>({ enrich: [sentiment], … })`.
 */
export interface PipelineDefinition<E extends EventBase, X extends readonly object[] = []> {
  /** Unique; letters, digits, _: the live channel has the same name. */
  readonly name: string;
  /** Pipelines of one family fill different rows of the same columns; default: the name. */
  readonly family?: string;
  /** The topic that it reads. */
  readonly contract: EventContract<E>;
  /** Key of its windows: the field that partitions the topic. */
  readonly key: keyof E & string;
  /** What adds fields to the events before windows and detectors see them. */
  readonly enrich?: EnrichersOf<NoInfer<E>, X>;
  readonly window: WindowSpec;
  /** How far the watermark stays behind the highest event time. Default 2 s. */
  readonly outOfOrdernessMs?: number;
  /** A record misses a window when window end + this ≤ watermark. Default 2 min. */
  readonly allowedLatenessMs?: number;
  /** Metrics by the name of their column. */
  readonly metrics: Readonly<Record<string, Metric<Enriched<NoInfer<E>, X>>>>;
  readonly detect?: readonly Detector<Enriched<NoInfer<E>, X>>[];
  /** Table of its rows, made by a migration in sql/. */
  readonly table: string;
  /** Key columns with a fixed value, between the key and window_start: `{ interval: "1s" }`. */
  readonly constants?: Readonly<Record<string, string>>;
}

/** Fields of enrichers come from somewhere: whoever names them has to name the enrichers. */
type NeedsEnrichers<X extends readonly object[]> = X extends readonly [] ? unknown : { readonly enrich: unknown };

/** A pipeline as the engine runs it. */
export interface Pipeline {
  readonly name: string;
  readonly contract: EventContract;
  readonly keyField: string;
  readonly enrichers: readonly Enricher[];
  readonly window: WindowSpec;
  readonly outOfOrdernessMs: number;
  readonly allowedLatenessMs: number;
  readonly metricNames: readonly string[];
  readonly metrics: readonly Metric[];
  readonly detectors: readonly Detector[];
  readonly constants: readonly string[];
  readonly table: TableSpec;
  /** Fingerprint of all that decides a row's value: another one starts a new generation. */
  readonly definition: string;
}

const NAME = /^[a-z][a-z0-9_]{0,47}$/;

/**
 * Checks a definition and completes it.
 *
 * @throws {TypeError} that names the pipeline, what is wrong and the fix.
 */
export function pipeline<E extends EventBase, X extends readonly object[] = []>(
  definition: PipelineDefinition<E, X> & NeedsEnrichers<X>,
): Pipeline {
  const { name, contract, key, enrich = [], window, metrics, constants = {}, detect = [], family = name } =
    definition as PipelineDefinition<E, X>;
  const enrichers = enrich as unknown as readonly Enricher[];
  const refuse = (reason: string): never => {
    throw new TypeError(`Cannot make pipeline "${name}": ${reason}`);
  };
  for (const word of [name, family, ...Object.keys(metrics), ...Object.keys(constants)]) {
    if (!NAME.test(word)) refuse(`"${word}" must be lower-case letters, digits and _, starting with a letter`);
  }
  if (key !== contract.keyField) {
    refuse(
      `its key "${key}" does not hold "${contract.keyField}", which partitions ${contract.topic}; key it by that field`,
    );
  }
  enrichersOf([{ name, enrichers }]);
  const own = [key, "event_id", "timestamp", "source", "unenriched"];
  for (const one of enrichers) {
    const taken = one.fields.find((field) => own.includes(field));
    if (taken !== undefined) {
      refuse(`enricher ${one.name} adds "${taken}", which is the event's own; name it otherwise`);
    }
  }
  const names = detect.map((detector) => detector.name);
  if (new Set(names).size < names.length) refuse(`two detectors have the same name among ${names.join(", ")}`);
  for (const detector of detect) {
    if (detector.on === "pane" && !(detector.metric in metrics)) {
      refuse(`detector ${detector.name} looks at "${detector.metric}", which is none of its metrics`);
    }
    if (detector.on === "pane" && window.kind === "session") {
      refuse(
        `detector ${detector.name} compares windows of one size, and sessions have any; use tumbling or sliding windows, ` +
          `or a detector on events`,
      );
    }
  }
  const { outOfOrdernessMs = seconds(2), allowedLatenessMs = minutes(2) } = definition;
  const cut = window.kind === "session"
    ? { kind: window.kind, gapMs: window.gapMs }
    : { sizeMs: window.sizeMs, slideMs: window.slideMs };
  const scores = enrichers.map((one) => [one.name, one.version]);
  const kinds = Object.entries(metrics).map(([column, metric]) => [column, metric.kind, metric.version]);
  return {
    name,
    contract: contract as unknown as EventContract,
    keyField: key,
    enrichers,
    window,
    outOfOrdernessMs,
    allowedLatenessMs,
    metricNames: Object.keys(metrics),
    metrics: Object.values(metrics) as unknown as readonly Metric[],
    detectors: detect as unknown as readonly Detector[],
    constants: Object.values(constants),
    table: tableOf(definition, family),
    definition: JSON.stringify({
      ...cut,
      outOfOrdernessMs,
      allowedLatenessMs,
      key,
      metrics: kinds,
      ...(scores.length > 0 && { enrichers: scores }),
    }),
  };
}

function tableOf<E extends EventBase, X extends readonly object[]>(
  { key, constants = {}, metrics, table }: PipelineDefinition<E, X>,
  owner: string,
): TableSpec {
  const text = (column: string): ColumnSpec => ({ name: column, type: "text" });
  return {
    table,
    owner,
    key: [text(key), ...Object.keys(constants).map(text), { name: "window_start", type: "timestamptz" }],
    columns: [
      { name: "window_end", type: "timestamptz" },
      ...Object.entries(metrics).map(([column, metric]) => ({ name: column, type: metric.column })),
    ],
  };
}
