/**
 * What may be wrong with a pipeline's definition, each with its fix.
 * @module
 */
import type { EventContract } from "../core/events/contract.ts";
import type { TileSpec } from "../core/pipeline_info.ts";
import type { WindowSpec } from "../core/window.ts";
import type { Detector } from "./detectors/detector.ts";
import type { Enricher } from "./enrichers/enricher.ts";
import type { Lookup } from "./lookup.ts";
import { type DerivedColumn, isDerived } from "./metrics/estimate.ts";
import type { Metric } from "./metrics/metric.ts";

/** Metrics, and columns derived of them, by name. */
export type MetricEntries = Readonly<Record<string, Metric | DerivedColumn>>;

/** The parts of a definition that are looked at. */
export interface PipelineParts {
  readonly name: string;
  readonly family: string;
  readonly contract: EventContract;
  readonly key: string;
  readonly rekey: boolean;
  readonly lookup: Lookup | null;
  readonly enrichers: readonly Enricher[];
  readonly window: WindowSpec;
  readonly entries: MetricEntries;
  /** Names of the metrics that are no columns. */
  readonly watched: readonly string[];
  readonly detectors: readonly Detector[];
  readonly detectorKeysMax: number;
  readonly constants: Readonly<Record<string, string>>;
  readonly tile: Partial<TileSpec> | null | undefined;
}

const NAME = /^[a-z][a-z0-9_]{0,47}$/;

/** Everything that is wrong. */
export function pipelineFaults(parts: PipelineParts): string[] {
  const { name, family, contract, key, rekey, lookup, enrichers, window, entries, watched, detectors } = parts;
  const { detectorKeysMax, constants, tile } = parts;
  const columns = [...Object.keys(entries), ...watched, ...Object.keys(constants)];
  const metricNames = [...Object.keys(entries).filter((column) => !isDerived(entries[column]!)), ...watched];
  return [
    ...nameFaults([name, family, ...columns]),
    ...columnFaults([key, ...columns]),
    ...keyFaults(key, { contract, rekey }),
    ...enricherFaults(enrichers, [key, ...lookup?.fields ?? []]),
    ...derivedFaults(entries),
    ...tileFaults(tile, Object.keys(entries)),
    ...detectorFaults(detectors, { metricNames, window }),
    ...(Number.isSafeInteger(detectorKeysMax) && detectorKeysMax > 0
      ? []
      : [`detectorKeysMax is ${detectorKeysMax}; make it a whole number above 0`]),
  ];
}

/** Columns that every table has beside those of its pipelines. */
const TABLE_COLUMNS = ["window_start", "window_end", "processed_at", "updated_at"];

const nameFaults = (names: readonly string[]): string[] =>
  names.filter((name) => !NAME.test(name)).map((name) =>
    `"${name}" must be lower-case letters, digits and _, starting with a letter`
  );

function columnFaults(columns: readonly string[]): string[] {
  const all = [...TABLE_COLUMNS, ...columns];
  const twice = all.filter((column, i) => all.indexOf(column) < i);
  return [
    ...twice.map((column) => `column "${column}" is there already; name it otherwise`),
    ...columns.filter((column) => /_(generation|revision)$/.test(column)).map((column) =>
      `column "${column}" ends like the bookkeeping of a table; name it otherwise`
    ),
  ];
}

function keyFaults(key: string, { contract, rekey }: { contract: EventContract; rekey: boolean }): string[] {
  const { keyField, topic } = contract;
  if (rekey) {
    return NAME.test(key) ? [] : [`its key "${key}" names a column and a topic: lower-case letters, digits and _`];
  }
  if (key === keyField) return [];
  return [
    `its key "${key}" does not hold "${keyField}", which partitions ${topic}; key it by that field, or set rekey: true`,
  ];
}

function enricherFaults(enrichers: readonly Enricher[], fields: readonly string[]): string[] {
  const own = [...fields, "event_id", "timestamp", "source", "unenriched"];
  return enrichers.flatMap(({ name, fields: added }) =>
    added.filter((field) => own.includes(field)).map((field) =>
      `enricher ${name} adds "${field}", which is the event's own; name it otherwise`
    )
  );
}

const tileFaults = (tile: Partial<TileSpec> | null | undefined, columns: readonly string[]): string[] =>
  tile?.metric === undefined || columns.includes(tile.metric)
    ? []
    : [`its tile shows "${tile.metric}", which is none of its metrics`];

const derivedFaults = (entries: MetricEntries): string[] =>
  Object.entries(entries).filter(([, entry]) => isDerived(entry) && !Object.values(entries).includes(entry.from)).map((
    [name],
  ) => `column "${name}" is derived of a metric that is none of its own; name that one too`);

function detectorFaults(
  detectors: readonly Detector[],
  { metricNames, window }: { metricNames: readonly string[]; window: WindowSpec },
): string[] {
  const names = detectors.map((detector) => detector.name);
  const faults = new Set(names).size < names.length
    ? [`two detectors have the same name among ${names.join(", ")}`]
    : [];
  for (const detector of detectors) {
    if (detector.on === "event") continue;
    for (const metric of [detector.metric, ...(detector.on === "moment" ? detector.reads : [])]) {
      if (metricNames.includes(metric)) continue;
      faults.push(`detector ${detector.name} looks at "${metric}", which is none of its metrics`);
    }
    if (window.kind === "session") {
      faults.push(
        `detector ${detector.name} compares windows of one size, and sessions have any; use tumbling or sliding windows, ` +
          `or a detector on events`,
      );
    }
  }
  return faults;
}
