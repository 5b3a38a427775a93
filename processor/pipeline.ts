/**
 * A pipeline is data: what a user writes in one file of pipelines/. Engine, table, live channel and dashboard follow
 * from it.
 * @module
 */
import { type EventBase, type EventContract } from "../core/events/contract.ts";
import type { ColumnSpec, TableSpec } from "../core/ports.ts";
import type { TileSpec } from "../core/pipeline_info.ts";
import { lookupTopic, rekeyTopic } from "../core/rekey.ts";
import { minutes, seconds } from "../core/time.ts";
import type { WindowSpec } from "../core/window.ts";
import type { Detector } from "./detectors/detector.ts";
import { type MetricEntries, pipelineFaults } from "./pipeline_faults.ts";
import { defaultTile } from "./pipeline_info.ts";
import { enrichersOf } from "./engine/enrichment.ts";
import type { Enriched, Enricher, EnrichersOf } from "./enrichers/enricher.ts";
import type { LookedUp, Lookup } from "./lookup.ts";
import { type DerivedColumn, isDerived, plainValue } from "./metrics/estimate.ts";
import type { Metric } from "./metrics/metric.ts";

/**
 * What a user writes.
 *
 * @typeParam E the topic's event.
 * @typeParam X fields of the enrichers, in their order: `pipeline<ChatEvent, [Sentiment]>({ enrich: [sentiment], … })`.
 * @typeParam L fields of the lookup: `pipeline<ChatEvent, [], Category>({ lookup: categoryOf, … })`.
 */
export interface PipelineDefinition<
  E extends EventBase,
  X extends readonly object[] = [],
  L extends object = object,
  M extends string = string,
  W extends string = never,
> {
  /** Unique; letters, digits, _: the live channel has the same name. */
  readonly name: string;
  /** Pipelines of one family fill different rows of the same columns; default: the name. */
  readonly family?: string;
  /** The topic that it reads. */
  readonly contract: EventContract<E>;
  /**
   * Key of its windows: the field that partitions the topic, or any field of text or numbers with `rekey` or `lookup`,
   * those of the lookup included.
   */
  readonly key: keyof (E & NoInfer<L>) & string;
  /**
   * Reads the topic through an internal one that is keyed by {@link key}: for a key that does not partition the topic,
   * and for topics that others write without keys or with another partitioner. Default false.
   */
  readonly rekey?: boolean;
  /**
   * Adds fields of the last known row of another topic, as of each event's time. The events come by way of an internal
   * topic then, as with {@link rekey}.
   */
  readonly lookup?: Lookup<NoInfer<E>, L>;
  /** What adds fields to the events before windows and detectors see them. */
  readonly enrich?: EnrichersOf<LookedUp<NoInfer<E>, NoInfer<L>>, X>;
  /** How it cuts time. */
  readonly window: WindowSpec;
  /** How far the watermark stays behind the highest event time. Default 2 s. */
  readonly outOfOrdernessMs?: number;
  /** A record misses a window when window end + this ≤ watermark. Default 2 min. */
  readonly allowedLatenessMs?: number;
  /** Metrics, and columns derived of them, by the name of their column. */
  readonly metrics: Named<M, Metric<Enriched<LookedUp<NoInfer<E>, NoInfer<L>>, X>> | DerivedColumn>;
  /** Metrics that detectors read and that are no columns, by name. */
  readonly watch?: Named<W, Metric<Enriched<LookedUp<NoInfer<E>, NoInfer<L>>, X>>>;
  /** What looks for values out of the ordinary. */
  readonly detect?: readonly Detector<Enriched<LookedUp<NoInfer<E>, NoInfer<L>>, X>, NoInfer<M | W>>[];
  /**
   * Keys that each detector knows on each partition; with one more the least recently seen is forgotten, and counted.
   * Default 100,000.
   */
  readonly detectorKeysMax?: number;
  /** Table of its rows, made by a migration in sql/. */
  readonly table: string;
  /** Key columns with a fixed value, between the key and window_start: `{ interval: "1s" }`. */
  readonly constants?: Readonly<Record<string, string>>;
  /**
   * What the dashboard shows of it where it has no chart of its own; null = nothing. Default: its first numeric column,
   * under its name.
   */
  readonly tile?: Partial<TileSpec> | null;
}

/** Values by name: M is what the compiler learns of the names, and each value is typed before it knows them. */
export type Named<M extends string, T> = Readonly<Record<M, unknown>> & Readonly<Record<string, T>>;

/** Fields of enrichers come from somewhere: whoever names them has to name the enrichers. */
export type NeedsEnrichers<X extends readonly object[]> = X extends readonly [] ? unknown
  : { readonly enrich: unknown };

/** Fields of a lookup come from somewhere: whoever names them has to name the lookup. */
export type NeedsLookup<L extends object> = object extends L ? unknown : { readonly lookup: unknown };

/** A column of a pipeline's table, made of the value of one metric. */
export interface PipelineColumn extends ColumnSpec {
  /** Place of the metric. */
  readonly metric: number;
  /** The column's value. */
  of(value: unknown): unknown;
}

/** A pipeline as the engine runs it. */
export interface Pipeline {
  /** Its name, and that of its live channel. */
  readonly name: string;
  /** The topic that it reads. */
  readonly contract: EventContract;
  /** The field of an event that its windows are keyed by. */
  readonly keyField: string;
  /** What adds fields to its events. */
  readonly enrichers: readonly Enricher[];
  /** What adds fields of another topic's rows; null = nothing. */
  readonly lookup: Lookup | null;
  /** Whether it reads its contract's topic through an internal one. */
  readonly rekeyed: boolean;
  /** The topic that its partitions are those of: its contract's, or the internal one. */
  readonly topic: string;
  /** Its name in the WindowStore: another one when rekeyed, since partitions, offsets and epochs are others then. */
  readonly windowsName: string;
  /** How it cuts time. */
  readonly window: WindowSpec;
  /** How far its watermark stays behind the highest event time. */
  readonly outOfOrdernessMs: number;
  /** A record misses a window when window end + this ≤ watermark. */
  readonly allowedLatenessMs: number;
  /** Names of the metrics, in order; those that are no columns come last. */
  readonly metricNames: readonly string[];
  /** Its metrics, in the order of their names. */
  readonly metrics: readonly Metric[];
  /** What rows and live updates hold of them, in order. */
  readonly columns: readonly PipelineColumn[];
  /** What looks for values out of the ordinary. */
  readonly detectors: readonly Detector[];
  /** Keys that each detector knows on each partition. */
  readonly detectorKeysMax: number;
  /** Values of the constant key columns. */
  readonly constants: readonly string[];
  /** What it fills. */
  readonly table: TableSpec;
  /** What the dashboard shows of it; null = nothing. */
  readonly tile: TileSpec | null;
  /** Fingerprint of all that decides a row's value: another one starts a new generation. */
  readonly definition: string;
}

/** Unless the definition says otherwise: bounds memory, and what an owner loads. */
const DETECTOR_KEYS_MAX = 100_000;

/**
 * Checks a definition and completes it.
 *
 * @throws {TypeError} that names the pipeline, what is wrong and the fix.
 *
 * @example
 * ```ts
 * import { type ChatEvent, chatEvents } from "../core/events/chat.ts";
 * import { minutes } from "../core/time.ts";
 * import { tumbling } from "../core/window.ts";
 * import { count, distinct } from "./metrics/mod.ts";
 *
 * const chatters = pipeline<ChatEvent>({
 *   name: "chatters",
 *   contract: chatEvents,
 *   key: "stream_id",
 *   window: tumbling({ sizeMs: minutes(5) }),
 *   metrics: { messages: count(), people: distinct((event) => event.user_id) },
 *   table: "chatters",
 * });
 * if (chatters.metricNames.join() !== "messages,people") throw new Error("names become columns");
 * ```
 */
export function pipeline<E extends EventBase, X extends readonly object[] = [], L extends object = object>(
  definition: PipelineDefinition<E, X, L> & NeedsEnrichers<X> & NeedsLookup<L>,
): Pipeline {
  const { name, contract, key, window, constants = {}, family = name, ...more } = definition as unknown as Loose;
  const { lookup = null } = more;
  const rekey = more.rekey === true || lookup !== null;
  const { enrich: enrichers = [], metrics: entries, watch = {}, detect: detectors = [] } = more;
  const { outOfOrdernessMs = seconds(2), allowedLatenessMs = minutes(2), detectorKeysMax = DETECTOR_KEYS_MAX } = more;
  const ofColumns = Object.entries(entries).filter((entry): entry is [string, Metric] => !isDerived(entry[1]));
  const metrics = [...ofColumns, ...Object.entries(watch)];
  const metricNames = metrics.map(([column]) => column);
  const parts = { name, family, contract, key, rekey, lookup, enrichers, window, entries, detectors, detectorKeysMax };
  const faults = pipelineFaults({ ...parts, watched: Object.keys(watch), constants, tile: more.tile });
  if (faults.length > 0) throw new TypeError(`Cannot make pipeline "${name}": ${faults.join("; ")}`);
  enrichersOf([{ name, enrichers }]);
  const columns = columnsOf(entries, metrics.map(([, metric]) => metric));
  return {
    name,
    contract,
    keyField: key,
    lookup,
    rekeyed: rekey,
    ...placeOf({ name, topic: contract.topic, key, rekey, lookup }),
    enrichers,
    window,
    outOfOrdernessMs,
    allowedLatenessMs,
    metricNames,
    metrics: metrics.map(([, metric]) => metric),
    columns,
    detectors,
    detectorKeysMax,
    constants: Object.values(constants),
    table: tableOf(definition as unknown as Loose, { family, columns }),
    tile: tileOf(more.tile, defaultTile(name, columns)),
    definition: JSON.stringify({
      ...(window.kind === "session"
        ? { kind: window.kind, gapMs: window.gapMs }
        : { sizeMs: window.sizeMs, slideMs: window.slideMs }),
      outOfOrdernessMs,
      allowedLatenessMs,
      key,
      metrics: Object.entries(entries).map(([column, metric]) => [column, metric.kind, metric.version]),
      ...(Object.keys(watch).length > 0 && {
        watch: Object.entries(watch).map(([metric, { kind, version }]) => [metric, kind, version]),
      }),
      ...(lookup !== null && { lookup: [lookup.name, lookup.version] }),
      ...(enrichers.length > 0 && { enrichers: enrichers.map((one) => [one.name, one.version]) }),
    }),
  };
}

/** A definition without what {@link pipelineOn} is given. */
export type DefinitionOn<
  E extends EventBase,
  X extends readonly object[],
  L extends object,
  M extends string,
  W extends string,
> = Omit<PipelineDefinition<E, X, L, M, W>, "contract" | "enrich" | "lookup">;

/** Makes a pipeline of the rest of its definition. */
export type PipelineMaker<E extends EventBase, X extends readonly object[], L extends object = object> = <
  M extends string,
  W extends string = never,
>(definition: DefinitionOn<E, X, L, M, W>) => Pipeline;

/**
 * The same in two steps, the topic, its enrichers and its lookup first: of a definition that follows the compiler knows
 * the names of its metrics, and refuses a detector that looks at none of them.
 *
 * @example
 * ```ts
 * import { chatEvents } from "../core/events/chat.ts";
 * import { minutes } from "../core/time.ts";
 * import { tumbling } from "../core/window.ts";
 * import { zScore } from "./detectors/mod.ts";
 * import { count } from "./metrics/mod.ts";
 *
 * const window = tumbling({ sizeMs: minutes(1) });
 * const watched = pipelineOn(chatEvents)({
 *   name: "watched",
 *   key: "stream_id",
 *   window,
 *   metrics: { messages: count() },
 *   detect: [zScore("messages", { threshold: 3 })], // "mesages" would not compile
 *   table: "watched",
 * });
 * if (watched.detectors.length !== 1) throw new Error("it has its detector");
 * ```
 */
export function pipelineOn<E extends EventBase, X extends readonly object[] = [], L extends object = object>(
  contract: EventContract<E>,
  enrich?: EnrichersOf<LookedUp<E, NoInfer<L>>, X>,
  lookup?: Lookup<NoInfer<E>, L>,
): PipelineMaker<E, X, L> {
  const given = { contract, ...(enrich !== undefined && { enrich }), ...(lookup !== undefined && { lookup }) };
  return (definition) => pipeline<EventBase>({ ...definition, ...given } as unknown as PipelineDefinition<EventBase>);
}

/** A definition once the compiler has seen that its parts fit each other. */
type Loose = Omit<PipelineDefinition<EventBase>, "enrich" | "lookup" | "metrics" | "watch" | "detect" | "key"> & {
  readonly key: string;
  readonly lookup?: Lookup;
  readonly enrich?: readonly Enricher[];
  readonly metrics: MetricEntries;
  readonly watch?: Readonly<Record<string, Metric>>;
  readonly detect?: readonly Detector[];
};

interface Place {
  readonly name: string;
  /** The contract's topic. */
  readonly topic: string;
  readonly key: string;
  readonly rekey: boolean;
  readonly lookup: Lookup | null;
}

/** The topic that it reads, and its name in the WindowStore. */
function placeOf({ name, topic, key, rekey, lookup }: Place): Pick<Pipeline, "topic" | "windowsName"> {
  if (lookup !== null) {
    return { topic: lookupTopic(topic, key, lookup), windowsName: `${name}@${key}@${lookup.name}.${lookup.version}` };
  }
  return rekey ? { topic: rekeyTopic(topic, key), windowsName: `${name}@${key}` } : { topic, windowsName: name };
}

function tileOf(wanted: Partial<TileSpec> | null | undefined, first: TileSpec | null): TileSpec | null {
  if (wanted === null || (first === null && wanted?.metric === undefined)) return null;
  return { ...(first ?? { title: "", metric: "", over: "sum" }), ...wanted };
}

function columnsOf(entries: MetricEntries, metrics: readonly Metric[]): PipelineColumn[] {
  return Object.entries(entries).map(([name, entry]) => ({
    name,
    type: entry.column,
    metric: metrics.indexOf(isDerived(entry) ? entry.from : entry),
    of: isDerived(entry) ? entry.of : plainValue,
  }));
}

interface TableParts {
  readonly family: string;
  readonly columns: readonly ColumnSpec[];
}

function tableOf({ key, constants = {}, table }: Loose, { family, columns }: TableParts): TableSpec {
  const text = (column: string): ColumnSpec => ({ name: column, type: "text" });
  return {
    table,
    owner: family,
    key: [text(key), ...Object.keys(constants).map(text), { name: "window_start", type: "timestamptz" }],
    columns: [
      { name: "window_end", type: "timestamptz" },
      ...columns.map(({ name, type }) => ({ name, type })),
    ],
  };
}
