/**
 * Event times: ISO 8601 with a zone, or epoch milliseconds, on input; ISO 8601 UTC with milliseconds on output.
 * @module
 */

/** Whole seconds in milliseconds. */
export const seconds = (count: number): number => count * 1_000;
/** Whole minutes in milliseconds. */
export const minutes = (count: number): number => count * 60_000;
/** Whole hours in milliseconds. */
export const hours = (count: number): number => count * 3_600_000;
/** Whole days in milliseconds. */
export const days = (count: number): number => count * 86_400_000;

/** Times outside of the years 0000 to 9999 have no four-digit ISO form and are refused. */
const TIME_MS_MIN = -62_167_219_200_000;
const TIME_MS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const ISO_WITH_ZONE =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})$/;

/** The second that was formatted last, as `2024-08-08T23:54:00.`: formatting a date anew costs twenty times as much. */
let cachedSecond = NaN;
let cachedSecondText = "";

/** Formats a time as `2024-08-08T23:54:00.000Z`. */
export function formatTime(timeMs: number): string {
  const second = Math.floor(timeMs / 1000);
  if (second !== cachedSecond) {
    cachedSecondText = new Date(second * 1000).toISOString().slice(0, -4);
    cachedSecond = second;
  }
  return cachedSecondText + String(Math.floor(timeMs - second * 1000)).padStart(3, "0") + "Z";
}

/** The minute that was parsed last, as `2024-08-08T23:54:`: a feed stays within a minute for many events. */
let cachedMinute = "";
let cachedMinuteMs = 0;

/**
 * Parses a time that is already in the output form `2024-08-08T23:54:00.000Z`, so that its text can be kept.
 *
 * @returns milliseconds since 1970 UTC, or NaN where the text is in any other form.
 */
export function parseCanonicalTime(text: string): number {
  if (text.length !== 24 || text.charCodeAt(23) !== 90) return NaN;
  if (!text.startsWith(cachedMinute) || cachedMinute === "") {
    if (!hasCanonicalForm(text)) return NaN;
    const minuteMs = parseIso(text.slice(0, 16) + "Z");
    if (typeof minuteMs === "string") return NaN;
    cachedMinute = text.slice(0, 17);
    cachedMinuteMs = minuteMs;
  }
  if (text.charCodeAt(19) !== 46) return NaN;
  const second = digits(text, 17, 2);
  return second < 60 ? cachedMinuteMs + second * 1000 + digits(text, 20, 3) : NaN;
}

/**
 * Parses an event time into milliseconds since 1970 UTC; digits beyond the millisecond are cut off.
 *
 * @returns the time, or a sentence that says what is wrong with the value.
 */
export function parseTime(value: unknown): number | string {
  if (typeof value === "string") {
    const timeMs = parseCanonicalTime(value);
    return Number.isNaN(timeMs) ? parseIso(value) : timeMs;
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return `${value} is not a time`;
    const timeMs = Math.floor(value);
    if (timeMs < TIME_MS_MIN || timeMs > TIME_MS_MAX) {
      return `${value} is not epoch milliseconds of the years 0 to 9999`;
    }
    return timeMs;
  }
  return "expected ISO 8601 with a zone, or epoch milliseconds";
}

/** The number that `count` digits make; NaN where another character stands. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

function hasCanonicalForm(text: string): boolean {
  for (let i = 0; i < 24; i++) {
    const code = text.charCodeAt(i);
    const expected = SEPARATORS[i]!;
    if (expected === 0 ? code < 48 || code > 57 : code !== expected) return false;
  }
  return true;
}

/** The separators of `0000-00-00T00:00:00.000Z`, with 0 where a digit stands. */
const SEPARATORS = Array.from("0000-00-00T00:00:00.000Z", (c) => (c === "0" ? 0 : c.charCodeAt(0)));

function parseIso(text: string): number | string {
  const match = ISO_WITH_ZONE.exec(text);
  if (!match) {
    const shown = text.length > 40 ? text.slice(0, 40) + "…" : text;
    return /^\d{4}-\d{2}-\d{2}([T ][\d:.,]*)?$/.test(text)
      ? `"${shown}" has no time zone; add Z or an offset such as +02:00`
      : `"${shown}" is not ISO 8601 with a zone, nor epoch milliseconds`;
  }
  const [, year, month, day, hour, minute, second = "0", fraction = "", zone = "Z"] = match;
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const date = new Date(0);
  date.setUTCFullYear(parts[0], parts[1], parts[2]);
  const offsetMs = zoneOffsetMs(zone);
  if (date.getUTCMonth() !== parts[1] || parts[3] > 23 || parts[4] > 59 || parts[5] > 59 || Number.isNaN(offsetMs)) {
    return `"${text}" is not a date that exists`;
  }
  const timeMs = date.getTime() + parts[3] * 3_600_000 + parts[4] * 60_000 + parts[5] * 1000 +
    Number((fraction + "000").slice(0, 3)) - offsetMs;
  return timeMs < TIME_MS_MIN || timeMs > TIME_MS_MAX ? `"${text}" is not within the years 0 to 9999 of UTC` : timeMs;
}

/** NaN for an offset of a day or more, or of more than 59 minutes. */
function zoneOffsetMs(zone: string): number {
  if (zone === "Z" || zone === "z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const [hour, minute] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  if (hour > 23 || minute > 59) return NaN;
  const offset = hour * 3_600_000 + minute * 60_000;
  return zone.startsWith("-") ? -offset : offset;
}
