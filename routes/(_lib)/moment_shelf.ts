/**
 * The newest moments, bounded, one entry per id: on the server and in the browser alike.
 * @module
 */
import type { LiveUpdate } from "../../core/ports.ts";
import { isEarlier } from "./version.ts";

/** What viewers and money did around a moment, as far as it is known. */
export interface MomentContext {
  readonly viewersBefore: number | null;
  readonly viewersAfter: number | null;
  /** Decimals by currency, of the five minutes before it began. */
  readonly revenueBefore: Readonly<Record<string, string>>;
  /** Of the five minutes from then on. */
  readonly revenueAfter: Readonly<Record<string, string>>;
}

/** A moment as one pipeline found it. */
export interface MomentItem {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly metric: string;
  readonly startMs: number;
  readonly peakMs: number;
  readonly endMs: number;
  readonly value: number;
  /** Value by what was usual; null where nothing was. */
  readonly intensity: number | null;
  readonly status: "active" | "retracted";
  readonly explanation: string;
  readonly emotes: readonly EmoteCount[];
  /** Null until it was read from the tables: the feed does not know it. */
  readonly context: MomentContext | null;
  readonly generation: number;
  readonly revision: number;
}

/** How often an emote was written. */
export interface EmoteCount {
  readonly emote: string;
  readonly count: number;
}

/** Reads an update of channel `moments`; null where it is not one. */
export function momentItemOf(update: LiveUpdate): MomentItem | null {
  const { channel, key, window_start, generation = 0, revision, values } = update;
  const { moment_id, kind, metric, peak_at, window_end, value, intensity, status, explanation, happened } = values;
  const [startMs, peakMs, endMs] = [window_start, peak_at, window_end].map((time) => Date.parse(String(time)));
  if (channel !== "moments" || typeof moment_id !== "string") return null;
  if (![startMs, peakMs, endMs].every(Number.isFinite)) return null;
  return {
    id: moment_id,
    key,
    kind: String(kind),
    metric: String(metric),
    startMs: startMs!,
    peakMs: peakMs!,
    endMs: endMs!,
    value: Number(value),
    intensity: numberOf(intensity),
    status: status === "retracted" ? "retracted" : "active",
    explanation: String(explanation),
    emotes: emotesOf(happened),
    context: "viewers_before" in values ? contextOf(values) : null,
    generation,
    revision,
  };
}

function contextOf({ viewers_before, viewers_after, revenue_before, revenue_after }: LiveUpdate["values"]) {
  return {
    viewersBefore: numberOf(viewers_before),
    viewersAfter: numberOf(viewers_after),
    revenueBefore: amountsOf(revenue_before),
    revenueAfter: amountsOf(revenue_after),
  };
}

const numberOf = (value: unknown): number | null => value === null || value === undefined ? null : Number(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const amountsOf = (value: unknown): Readonly<Record<string, string>> =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, amount]) => [name, String(amount)])) : {};

function emotesOf(happened: unknown): readonly EmoteCount[] {
  const listed = isObject(happened) ? happened["top_emotes"] : null;
  if (!Array.isArray(listed)) return [];
  return listed.filter(isObject).map(({ emote, count }) => ({ emote: String(emote), count: Number(count) }));
}

/** The newest moments by their start. */
export class MomentShelf {
  readonly #itemsMax: number;
  #items: MomentItem[] = [];

  constructor(itemsMax: number) {
    this.#itemsMax = itemsMax;
  }

  /** Newest first, those that were taken back included. */
  get items(): readonly MomentItem[] {
    return this.#items;
  }

  /** Forgets everything. */
  clear(): void {
    this.#items = [];
  }

  /** Takes a moment in, or the same or a newer revision of a held one; returns whether the list changed. */
  put(item: MomentItem): boolean {
    const held = this.#items.find(({ id }) => id === item.id);
    if (held !== undefined && isEarlier(item, held)) return false;
    const others = this.#items.filter((other) => other !== held);
    const place = others.findIndex(({ startMs }) => startMs <= item.startMs);
    if (place < 0 && others.length >= this.#itemsMax) return false;
    // What is known of before and after stays until it is read again.
    const known = { ...item, context: item.context ?? held?.context ?? null };
    // A new array: readers compare by identity.
    this.#items = others.toSpliced(place < 0 ? others.length : place, 0, known).slice(0, this.#itemsMax);
    return true;
  }
}
