/**
 * Who has been seen in a place lately, in bounded memory: of each half hour the people with the lowest hashes. The lowest
 * hashes of a window are found among them as far as these reach, so that the share of newcomers can be told of a sample.
 * Plain JSON.
 * @module
 */
import { minutes } from "../../core/time.ts";
import type { PaneWindow } from "./detector.ts";

/** Hashes that are kept of each half hour. */
const HASHES_MAX = 256;
const PERIOD_MS = minutes(30);
/** Newcomers stay so for the windows that overlap the one that showed them first, and for its corrections. */
const FIRST_SEEN_MS = minutes(4);
/** A share of fewer is no share. */
const SAMPLE_MIN = 8;

/** People by hash, lowest first, of this period and of the one before it; and when each of the latest was seen first. */
export interface KnownPeople {
  /** Number of the period. */
  period: number;
  now: number[];
  before: number[];
  firstSeen: [hash: number, atMs: number][];
}

/** Nobody. */
export const knownPeople = (): KnownPeople => ({ period: -1, now: [], before: [], firstSeen: [] });

/** Takes the people of a window in. */
export function rememberPeople(
  known: KnownPeople,
  hashes: readonly number[],
  { windowStartMs, windowEndMs }: PaneWindow,
): void {
  const period = Math.floor(windowEndMs / PERIOD_MS);
  if (period > known.period) {
    known.before = period === known.period + 1 ? known.now : [];
    known.now = [];
    known.period = period;
  }
  known.firstSeen = known.firstSeen.filter(([, atMs]) => atMs > windowEndMs - FIRST_SEEN_MS);
  const reach = reachOf(known);
  for (const hash of hashes) {
    const isFirst = hash <= reach && !holds(known.now, hash) && !holds(known.before, hash);
    if (isFirst) known.firstSeen.push([hash, windowStartMs]);
    // Whatever the other period reaches to: this one has to be complete as far as it claims.
    add(known.now, hash);
  }
}

/**
 * Which share of a window's people are new: nobody saw them before windows that overlap this one. 0 where the sample is too
 * small to tell.
 */
export function newcomersOf(known: KnownPeople, hashes: readonly number[], window: PaneWindow): number {
  const reach = reachOf(known);
  const firstSeen = new Map(known.firstSeen);
  let n = 0;
  let fresh = 0;
  for (const hash of hashes) {
    if (hash > reach) break;
    n++;
    const seenMs = firstSeen.get(hash);
    if (seenMs === undefined ? !holds(known.now, hash) && !holds(known.before, hash) : isNew(seenMs, window)) {
      fresh++;
    }
  }
  return n < SAMPLE_MIN ? 0 : fresh / n;
}

/** First shown by a window, of the same size, that overlaps this one. */
const isNew = (firstShownMs: number, { windowStartMs, windowEndMs }: PaneWindow): boolean =>
  firstShownMs > windowStartMs - (windowEndMs - windowStartMs);

/** Up to which hash everybody of both periods is kept. */
function reachOf({ now, before }: KnownPeople): number {
  const of = (hashes: readonly number[]) => hashes.length < HASHES_MAX ? Infinity : hashes[HASHES_MAX - 1]!;
  return Math.min(of(now), of(before));
}

function placeOf(hashes: readonly number[], hash: number): number {
  let [low, high] = [0, hashes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hashes[middle]! < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

const holds = (hashes: readonly number[], hash: number): boolean => hashes[placeOf(hashes, hash)] === hash;

function add(hashes: number[], hash: number): void {
  const place = placeOf(hashes, hash);
  if (hashes[place] === hash || place === HASHES_MAX) return;
  hashes.splice(place, 0, hash);
  if (hashes.length > HASHES_MAX) hashes.pop();
}
