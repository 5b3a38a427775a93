/**
 * Writing kept events: the steps of a commit, and a partition of the table for each day of append.
 *
 * The same SQL on PGlite and Postgres: columns as arrays, unnested. COPY is a quarter faster, but it knows neither what is
 * covered nor what is there already (docs/decisions/2026-11-24-postgres-and-raw-events.md has the figures).
 * @module
 */
import type { KeptEvent } from "../core/kept_events.ts";
import type { SummaryChange } from "../core/ports.ts";
import { days } from "../core/time.ts";
import type { SqlSession, SqlStep } from "./summary_store_session.ts";
import { arrayLiteral, encodeJson } from "./summary_store_values.ts";

/** Rows and characters of one INSERT. */
const insertRowsMax = 5_000;
const insertCharsMax = 4_000_000;

/** How deep a value may be nested. Postgres refuses what would overflow its stack, and a commit must not fail by one value. */
const depthMax = 500;

/** Days whose partitions are known to be there; more are forgotten and looked for again. */
const knownDaysMax = 1_000;

/** Append times that a partition can be named after: 1970 to 9999. */
const appendTimeMsMax = 253_402_300_799_999;

/** Key of the advisory lock under which partitions are made and dropped. */
export const partitionLock: SqlStep = { text: "SELECT pg_advisory_xact_lock(7414639)::text", params: [] };

/** Start of the day (UTC) of a time. */
const dayOf = (timeMs: number): number => Math.floor(timeMs / days(1)) * days(1);

/** Name of a day's partition: `raw_events_20240808`. */
export function partitionName(dayMs: number): string {
  return `raw_events_${new Date(dayMs).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

const appendTimeOf = ({ appendTimeMs }: KeptEvent): number => Math.min(Math.max(appendTimeMs, 0), appendTimeMsMax);

/** The steps that write a change's events, before its progress, and in how many values a character was replaced. */
export function eventSteps({ topic, partition, progress, events }: SummaryChange): {
  readonly steps: SqlStep[];
  readonly replaced: number;
} {
  const steps: SqlStep[] = [];
  let replaced = 0;
  for (const rows of portions(events?.rows ?? [])) {
    const values = rows.map(({ value }) => {
      const text = storableJson(value);
      if (text !== value) replaced++;
      return text;
    });
    const keys = arrayLiteral(rows.map(({ key }) => key));
    replaced += keys.replaced;
    steps.push({
      text: insertEvents,
      params: [
        ...[topic, String(partition), progress[0]!.incarnation, events!.kind],
        arrayLiteral(rows.map(({ offset }) => offset)).literal,
        arrayLiteral(rows.map(appendTimeOf)).literal,
        arrayLiteral(rows.map(({ eventTimeMs }) => eventTimeMs)).literal,
        keys.literal,
        arrayLiteral(values).literal,
      ],
    });
  }
  return { steps, replaced };
}

const millis = "interval '1 millisecond'";
const insertEvents = `INSERT INTO raw_events
    (topic, "partition", incarnation, kind, "offset", append_day, append_time, event_time, key, value)
  SELECT $1::text, $2::text::integer, $3::text, $4::text, u."offset",
    timestamptz 'epoch' + floor(u.append_ms / 86400000) * 86400000 * ${millis},
    timestamptz 'epoch' + u.append_ms * ${millis}, timestamptz 'epoch' + u.event_ms * ${millis}, u.key, u.value::json
  FROM unnest($5::text::bigint[], $6::text::float8[], $7::text::float8[], $8::text::text[], $9::text::text[])
    AS u("offset", append_ms, event_ms, key, value)
  WHERE u."offset" >= (SELECT coalesce(max(p.next_offset), 0) FROM progress AS p
    WHERE p.topic = $1::text AND p."partition" = $2::text::integer AND p.incarnation = $3::text)
  ON CONFLICT DO NOTHING`;

function* portions(rows: readonly KeptEvent[]): Generator<readonly KeptEvent[]> {
  let from = 0;
  let chars = 0;
  for (const [index, { value }] of rows.entries()) {
    if (index > from && (index - from >= insertRowsMax || chars + value.length > insertCharsMax)) {
      yield rows.slice(from, index);
      from = index;
      chars = 0;
    }
    chars += value.length;
  }
  if (rows.length > from) yield rows.slice(from);
}

/** JSON text that Postgres stores and can look into; a value nested too deeply becomes a JSON string of its text. */
function storableJson(text: string): string {
  // A level has two brackets.
  if (text.length > 2 * depthMax && depthOf(text) > depthMax) return encodeJson(text).text;
  // Escapes of characters that Postgres refuses; \\ud83d\\ude00, a good pair, is written as the character itself.
  return /\\u(?:0000|d[89a-f])/i.test(text) ? encodeJson(JSON.parse(text)).text : text;
}

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [match] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[{\]}]/g)) {
    if (match === "[" || match === "{") deepest = Math.max(deepest, ++depth);
    else if (match === "]" || match === "}") depth--;
  }
  return deepest;
}

/** Sees to the partitions of days, once for each day and process. */
export class EventPartitions {
  readonly #session: SqlSession;
  readonly #known = new Set<number>();

  constructor(session: SqlSession) {
    this.#session = session;
  }

  /** Makes the partitions that are missing; in a transaction of its own, so that no commit waits for another's lock. */
  async ensure(rows: readonly KeptEvent[]): Promise<void> {
    const missing = [...new Set(rows.map((row) => dayOf(appendTimeOf(row))))].filter((day) => !this.#known.has(day));
    if (missing.length === 0) return;
    await this.#session.transaction([partitionLock, ...missing.map((day) => ({ text: partitionScript(day) }))]);
    if (this.#known.size + missing.length > knownDaysMax) this.#known.clear();
    for (const day of missing) this.#known.add(day);
  }

  /** Looks for partitions again, since one was dropped by this process or another. */
  forget(): void {
    this.#known.clear();
  }
}

/** Attached, not made in place: that would lock the whole table against readers and writers. */
function partitionScript(dayMs: number): string {
  const name = partitionName(dayMs);
  const bound = (timeMs: number) => `'${new Date(timeMs).toISOString()}'`;
  return `DO $partition$ BEGIN
    IF to_regclass('${name}') IS NULL THEN
      CREATE TABLE ${name} (LIKE raw_events INCLUDING ALL);
      ALTER TABLE raw_events ATTACH PARTITION ${name} FOR VALUES FROM (${bound(dayMs)}) TO (${bound(dayMs + days(1))});
    END IF;
  END $partition$`;
}
