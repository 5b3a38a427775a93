/**
 * How busy the mock streams are at a moment: each has its day with an hour at which most people watch, and short times of
 * excitement. The sum over the streams is constant, so that a rate is what it says.
 * @module
 */
import { hours, minutes, seconds } from "../../core/time.ts";
import { eventRandom, zipfShares } from "./mock_random.ts";

/** How far a stream's day goes up and down around its mean. */
const DAY_SWING = 0.6;
const DAY_MS = hours(24);

/** In each slot of this length a stream is excited once, or not at all. */
const EXCITED_SLOT_MS = minutes(5);
const EXCITED_SHARE = 0.5;
const EXCITED_MS_MIN = seconds(10);
const EXCITED_MS_MAX = seconds(30);
const EXCITED_FACTOR_MAX = 1.6;

/** The shares hold for so long. */
const STEP_MS = seconds(5);

const SALT_PEAK = 101;
const SALT_EXCITED = 1_000;

/** Weight of one stream at a moment: 1 on average over days and excitement nearly so. */
export function streamRhythm(seed: number, stream: number): (timeMs: number) => number {
  const peakMs = eventRandom(seed, stream, SALT_PEAK).next() * DAY_MS;
  return (timeMs) => {
    const day = 1 + DAY_SWING * Math.cos((2 * Math.PI * (timeMs - peakMs)) / DAY_MS);
    const slot = Math.floor(timeMs / EXCITED_SLOT_MS);
    const random = eventRandom(seed, slot, SALT_EXCITED + stream);
    if (random.next() >= EXCITED_SHARE) return day;
    const lengthMs = EXCITED_MS_MIN + random.next() * (EXCITED_MS_MAX - EXCITED_MS_MIN);
    const beginMs = slot * EXCITED_SLOT_MS + random.next() * (EXCITED_SLOT_MS - lengthMs);
    const factor = 1 + random.next() * (EXCITED_FACTOR_MAX - 1);
    return timeMs >= beginMs && timeMs < beginMs + lengthMs ? day * factor : day;
  };
}

/** Shares of the streams of all that happens, by rank under Zipf's law and by the hour; their sum is 1. */
export function streamShares(seed: number, streams: number): (timeMs: number) => readonly number[] {
  const ranks = zipfShares(streams);
  const rhythms = ranks.map((_, stream) => streamRhythm(seed, stream));
  let step = NaN;
  let shares: readonly number[] = [];
  return (timeMs) => {
    const now = Math.floor(timeMs / STEP_MS);
    if (now !== step) {
      step = now;
      const weights = ranks.map((rank, stream) => rank * rhythms[stream]!(now * STEP_MS));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      shares = weights.map((weight) => weight / sum);
    }
    return shares;
  };
}
