/**
 * The query of a request for rows.
 * @module
 */
import { isStorable } from "../../core/events/contract.ts";
import type { RowQuery } from "../../core/ports.ts";
import { parseTime } from "../../core/time.ts";

/** Rows that one request may ask for. */
export const API_ROWS_MAX = 10_000;
const API_ROWS_DEFAULT = 100;
const KEY_LENGTH_MAX = 1_000;
const NAMES: readonly string[] = ["key", "from", "to", "limit"];

/** What is asked for, or what is wrong with it. */
export function parseRowsRequest(query: URLSearchParams): Omit<RowQuery, "table"> | string {
  const strange = [...query.keys()].find((name) => !NAMES.includes(name));
  if (strange !== undefined) return `"${strange}" is not one of ${NAMES.join(", ")}`;
  const key = query.get("key");
  if (key !== null && !isStorable(key)) return "key holds U+0000 or half a surrogate pair, which no key of a row does";
  if (key !== null && key.length > KEY_LENGTH_MAX) return `key is longer than ${KEY_LENGTH_MAX} characters`;
  const times: { fromMs?: number; toMs?: number } = {};
  for (const [name, field] of [["from", "fromMs"], ["to", "toMs"]] as const) {
    const text = query.get(name);
    if (text === null) continue;
    const timeMs = /^\d+$/.test(text) ? Number(text) : parseTime(text);
    if (typeof timeMs === "string" || !Number.isSafeInteger(timeMs)) {
      return `${name} is "${text}", neither a time like 2024-08-08T12:00:00Z nor milliseconds since 1970`;
    }
    times[field] = timeMs;
  }
  const limit = query.get("limit") ?? String(API_ROWS_DEFAULT);
  if (!/^\d{1,5}$/.test(limit) || Number(limit) < 1 || Number(limit) > API_ROWS_MAX) {
    return `limit is "${limit}", not a whole number from 1 to ${API_ROWS_MAX}`;
  }
  return { ...(key !== null && { key }), ...times, last: Number(limit) };
}
