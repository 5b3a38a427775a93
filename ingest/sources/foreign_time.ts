/**
 * Times as tables of others write them, zones and epochs included.
 *
 * | written                                    | read as                                                     |
 * | ------------------------------------------ | ----------------------------------------------------------- |
 * | `2024-08-08T23:54:00Z`, `… 23:54:00+02:00` | ISO 8601                                                    |
 * | `2024-08-08 23:54:00.5`, `2024-08-08`      | a time of the zone that was named                           |
 * | `20240808`, `20240808 23:54`               | the same, by eight digits that are a date of 1900 … 2199    |
 * | digits, with or without a fraction         | epoch seconds, ms, µs or ns by their size                   |
 * | two columns: a date, and digits            | a date, and milliseconds since its midnight                 |
 * @module
 */
import { formatTime, parseTime } from "../../core/time.ts";

/** Reads times; the answer is milliseconds since 1970 UTC, or a sentence that says what is wrong. */
export type TimeReader = (value: unknown) => number | string;

const LOCAL = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?$/;
const EPOCH = /^-?\d{1,19}(\.\d{1,9})?$/;

/** A reader of times; those that name no zone are of `timeZone`. */
export function timeReader(timeZone: string): TimeReader {
  const toUtc = utcOf(timeZone);
  return (value) => {
    if (typeof value === "number") return epochMs(value);
    if (typeof value !== "string") return "expected a time";
    const text = value.trim();
    const local = LOCAL.exec(text);
    if (local !== null && (text.includes("-") || isDateOfDigits(local))) {
      const localMs = localMsOf(local);
      return localMs === null ? `"${text}" is not a date that exists` : toUtc(localMs);
    }
    if (EPOCH.test(text)) return epochMs(Number(text));
    return parseTime(text);
  };
}

/** A reader of times that stand in two columns: a date, and a time of day or milliseconds since midnight. */
export function joinedTimeReader(timeZone: string): (date: unknown, timeOfDay: unknown) => number | string {
  const read = timeReader(timeZone);
  const readLocal = timeReader("UTC");
  const toUtc = utcOf(timeZone);
  return (date, timeOfDay) => {
    const [day, time] = [String(date ?? "").trim(), String(timeOfDay ?? "").trim()];
    if (!/^\d{1,8}(\.0+)?$/.test(time)) return read(`${day} ${time}`);
    const midnightMs = readLocal(day);
    return typeof midnightMs === "string" ? midnightMs : toUtc(midnightMs + Number(time));
  };
}

/** The calendar day of a time in a zone, `YYYY-MM-DD`. */
export function dayIn(timeZone: string): (timeMs: number) => string {
  const offset = offsetReader(timeZone);
  return (timeMs) => formatTime(timeMs + offset(timeMs)).slice(0, 10);
}

/** From here on digits are milliseconds, microseconds, nanoseconds: each would lie beyond the year 5000 as less. */
const [MS_FROM, US_FROM, NS_FROM] = [1e11, 1e14, 1e17];

function epochMs(value: number): number | string {
  const size = Math.abs(value);
  if (size < MS_FROM) return parseTime(Math.round(value * 1_000));
  if (size < US_FROM) return parseTime(value);
  return parseTime(value / (size < NS_FROM ? 1_000 : 1_000_000));
}

/** Eight digits are a date rather than the seconds of a day in 1970. */
const isDateOfDigits = ([, year]: RegExpExecArray): boolean => Number(year) >= 1900 && Number(year) < 2200;

function localMsOf(match: RegExpExecArray): number | null {
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = ""] = match;
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(parts[0], parts[1] - 1, parts[2]);
  if (date.getUTCMonth() !== parts[1] - 1 || date.getUTCDate() !== parts[2]) return null;
  if (parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return null;
  const timeOfDayMs = ((parts[3] * 60 + parts[4]) * 60 + parts[5]) * 1_000;
  return date.getTime() + timeOfDayMs + Number((fraction + "000").slice(0, 3));
}

/** From a zone's own time to UTC; of a time that the clocks show twice the first one. */
function utcOf(timeZone: string): (localMs: number) => number {
  const offset = offsetReader(timeZone);
  return (localMs) => {
    const before = localMs - offset(localMs - DAY_MS);
    // The offset of the day before holds unless the clocks were set in between.
    return offset(before) === localMs - before ? before : localMs - offset(localMs - offset(localMs));
  };
}

const DAY_MS = 86_400_000;
/** Zones change their offset at whole quarters of an hour. */
const QUARTER_MS = 900_000;
/** Offsets that are kept; a data set of ten thousand days has one or a few a day. */
const OFFSETS_MAX = 20_000;

/** A zone's offset from UTC at a moment. */
function offsetReader(timeZone: string): (timeMs: number) => number {
  if (timeZone === "UTC") return () => 0;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const known = new Map<number, number>();
  return (timeMs) => {
    const quarter = Math.floor(timeMs / QUARTER_MS);
    let offset = known.get(quarter);
    if (offset === undefined) {
      const startMs = quarter * QUARTER_MS;
      const parts = Object.fromEntries(format.formatToParts(startMs).map(({ type, value }) => [type, Number(value)]));
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
      offset = Date.UTC(year, month - 1, day, hour, minute, second) - startMs;
      if (known.size >= OFFSETS_MAX) known.clear();
      known.set(quarter, offset);
    }
    return offset;
  };
}
