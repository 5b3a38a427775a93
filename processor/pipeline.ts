/**
 * A pipeline is data: what a user writes in one file of pipelines/. Engine, table, live channel and dashboard follow
 * from it.
 * @module
 */
import { type EventBase, type EventContract } from "../core/events/contract.ts";
import type { ColumnSpec, TableSpec } from "../core/ports.ts";
import { rekeyTopic } from "../core/rekey.ts";
import { minutes, seconds } from "../core/time.ts";
import type { WindowSpec } from "../core/window.ts";
import type { Detector } from "./detectors/detector.ts";
import type { Metric } from "./metrics/metric.ts";

/** What a user writes. */
export interface PipelineDefinition<E extends EventBase> {
  /** Unique; letters, digits, _: the live channel has the same name. */
  readonly name: string;
  /** Pipelines of one family fill different rows of the same columns; default: the name. */
  readonly family?: string;
  /** The topic that it reads. */
  readonly contract: EventContract<E>;
  /** Key of its windows: the field that partitions the topic, or any field of text or numbers with `rekey`. */
  readonly key: keyof E & string;
  /**
   * Reads the topic through an internal one that is keyed by {@link key}: for a key that does not partition the topic,
   * and for topics that others write without keys or with another partitioner. Default false.
   */
  readonly rekey?: boolean;
  readonly window: WindowSpec;
  /** How far the watermark stays behind the highest event time. Default 2 s. */
  readonly outOfOrdernessMs?: number;
  /** A record misses a window when window end + this ≤ watermark. Default 2 min. */
  readonly allowedLatenessMs?: number;
  /** Metrics by the name of their column. */
  readonly metrics: Readonly<Record<string, Metric<NoInfer<E>>>>;
  readonly detect?: readonly Detector<NoInfer<E>>[];
  /** Table of its rows, made by a migration in sql/. */
  readonly table: string;
  /** Key columns with a fixed value, between the key and window_start: `{ interval: "1s" }`. */
  readonly constants?: Readonly<Record<string, string>>;
}

/** A pipeline as the engine runs it. */
export interface Pipeline {
  readonly name: string;
  readonly contract: EventContract;
  readonly keyField: string;
  /** Whether it reads its contract's topic through an internal one. */
  readonly rekeyed: boolean;
  /** The topic that its partitions are those of: its contract's, or the internal one. */
  readonly topic: string;
  /** Its name in the WindowStore: another one when rekeyed, since partitions, offsets and epochs are others then. */
  readonly windowsName: string;
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
export function pipeline<E extends EventBase>(definition: PipelineDefinition<E>): Pipeline {
  const { name, contract, key, window, metrics, constants = {}, detect = [], family = name, rekey = false } =
    definition;
  const refuse = (reason: string): never => {
    throw new TypeError(`Cannot make pipeline "${name}": ${reason}`);
  };
  for (const word of [name, family, ...Object.keys(metrics), ...Object.keys(constants)]) {
    if (!NAME.test(word)) refuse(`"${word}" must be lower-case letters, digits and _, starting with a letter`);
  }
  if (rekey && !NAME.test(key)) refuse(`"${key}" names a column and a topic: lower-case letters, digits and _`);
  if (!rekey && key !== contract.keyField) {
    refuse(
      `its key "${key}" does not hold "${contract.keyField}", which partitions ${contract.topic}; key it by that field, ` +
        `or set rekey: true`,
    );
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
  const kinds = Object.entries(metrics).map(([column, metric]) => [column, metric.kind, metric.version]);
  return {
    name,
    contract: contract as unknown as EventContract,
    keyField: key,
    rekeyed: rekey,
    topic: rekey ? rekeyTopic(contract.topic, key) : contract.topic,
    windowsName: rekey ? `${name}@${key}` : name,
    window,
    outOfOrdernessMs,
    allowedLatenessMs,
    metricNames: Object.keys(metrics),
    metrics: Object.values(metrics) as unknown as readonly Metric[],
    detectors: detect as readonly Detector[],
    constants: Object.values(constants),
    table: tableOf(definition, family),
    definition: JSON.stringify({ ...cut, outOfOrdernessMs, allowedLatenessMs, key, metrics: kinds }),
  };
}

function tableOf<E extends EventBase>(
  { key, constants = {}, metrics, table }: PipelineDefinition<E>,
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
