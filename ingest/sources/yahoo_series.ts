/**
 * The bars of one symbol and interval as they are sent: each once, and once more where Yahoo has changed it. Where it
 * stands is saved with the bars, so that a restart goes on from there.
 * @module
 */
import type { SourcePosition } from "../../core/ports.ts";
import { days } from "../../core/time.ts";
import type { Decoded } from "../source.ts";
import { ignored } from "./outcome.ts";
import { type ChartBars, decodedBar, type YahooBarEvent } from "./yahoo_bars.ts";
import type { Chart } from "./yahoo_chart.ts";

/** Bars that are compared with what was sent; a change of an older one is not seen. */
const KNOWN_BARS = 10;

/** How far back Yahoo has an interval; days without end. */
const reachMs: Readonly<Record<string, number>> = {
  "1m": days(7),
  "2m": days(59),
  "5m": days(59),
  "15m": days(59),
  "30m": days(59),
  "1h": days(729),
};

interface SeriesState {
  /** Next place in the sending order. */
  readonly seq: number;
  /** Date of the newest split that the bars were sent with. */
  readonly splitSec: number;
  /** The bars that were sent last, by start: their prices and volume. */
  readonly bars: readonly (readonly [startSec: number, text: string, close: number])[];
}

/** A symbol's bars of an interval. */
export class Series {
  readonly symbol: string;
  readonly interval: string;
  readonly #historyMs: number;
  #state: SeriesState = { seq: 0, splitSec: 0, bars: [] };
  /** A split was seen: what was sent before it has other prices now. */
  #rebases = false;

  /** @param historyMs how far back it begins. */
  constructor(symbol: string, { interval, historyMs }: { readonly interval: string; readonly historyMs: number }) {
    this.symbol = symbol;
    this.interval = interval;
    this.#historyMs = historyMs;
  }

  /** Name of its position and of its sending order. */
  get id(): string {
    return `yahoo:${this.symbol}:${this.interval}`;
  }

  /** Goes on where it stood. */
  restore(state: unknown): void {
    if (state !== null) this.#state = state as SeriesState;
  }

  /** From when on bars are wanted. */
  fromMs(nowMs: number): number {
    const first = this.#state.bars[0];
    const beginMs = first === undefined || this.#rebases ? nowMs - this.#historyMs : first[0] * 1_000;
    return Math.max(beginMs, nowMs - (reachMs[this.interval] ?? Infinity));
  }

  /** The close that was sent last, which tells the right unit of what comes; null before the first. */
  get reference(): { readonly startSec: number; readonly close: number } | null {
    const last = this.#state.bars.at(-1);
    return last === undefined ? null : { startSec: last[0], close: last[2] };
  }

  /** Whether the chart brings a split that makes everything sent before another price: the whole is to be asked for. */
  needsWhole({ splits }: Chart): boolean {
    const newest = Math.max(0, ...splits.map(({ dateSec }) => dateSec));
    if (this.#rebases || this.#state.bars.length === 0 || newest <= this.#state.splitSec) return false;
    return this.#rebases = true;
  }

  /** What is new or changed, and where it stands after it. */
  take({ splits }: Chart, { bars, nulls, unfinished }: ChartBars): { decoded: Decoded[]; position: SourcePosition } {
    const known = new Map(this.#state.bars.map((bar) => [bar[0], bar]));
    const [first = Infinity] = known.keys();
    const last = this.#state.bars.at(-1)?.[0] ?? -Infinity;
    const decoded: Decoded[] = [];
    let { seq } = this.#state;
    for (const bar of bars) {
      const startSec = Date.parse(bar.timestamp) / 1_000;
      const text = contentOf(bar);
      const isNew = startSec > last;
      const isChanged = known.get(startSec)?.[1] !== text && (startSec >= first || this.#rebases);
      if (!isNew && !isChanged) {
        decoded.push(ignored("repeat"));
        continue;
      }
      const order = { instance: this.id, seq };
      const value = isNew ? bar : { ...bar, revision: seq };
      decoded.push({ kind: "events", events: [{ ...decodedBar(value), order }] });
      known.set(startSec, [startSec, text, Number(bar.close)]);
      seq++;
    }
    for (let i = 0; i < nulls; i++) decoded.push(ignored("null bar"));
    for (let i = 0; i < unfinished; i++) decoded.push(ignored("unfinished bar"));
    this.#rebases = false;
    this.#state = {
      seq,
      splitSec: Math.max(this.#state.splitSec, ...splits.map(({ dateSec }) => dateSec)),
      bars: [...known.values()].sort((a, b) => a[0] - b[0]).slice(-KNOWN_BARS),
    };
    return { decoded, position: { id: this.id, state: this.#state } };
  }
}

/** What makes a bar another one. Not the adjusted close: each dividend changes it for all bars before. */
const contentOf = ({ open, high, low, close, volume, split, dividend }: YahooBarEvent): string =>
  [open, high, low, close, volume, split ?? "", dividend ?? ""].join(" ");
