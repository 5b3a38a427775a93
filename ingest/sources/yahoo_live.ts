/**
 * Bars of Yahoo by polling: of each symbol the bars of a short interval while its market is open, and the daily ones
 * once a day after it has closed.
 *
 * ```
 * earliest task ─▶ circuit, rate limit ─▶ chart ─▶ decode, clean ─▶ new or changed bars + position
 * ```
 * @module
 */
import { barEvents } from "../../core/events/bars.ts";
import { days, hours, minutes } from "../../core/time.ts";
import { type BackOff, backOffMs } from "../connect/back_off.ts";
import { anyContract, type SourceBatch, type SourceContext } from "../source.ts";
import { ownNames, wholeShard } from "../sharding.ts";
import { dead } from "./outcome.ts";
import { barsOf } from "./yahoo_bars.ts";
import { ChartFault, readChart, type Session } from "./yahoo_chart.ts";
import { YahooClient, YahooRefusal } from "./yahoo_client.ts";
import { closeMs, isOpen, nextOpenMs } from "./yahoo_hours.ts";
import { type CircuitBounds, CircuitBreaker, TokenBucket } from "./yahoo_limits.ts";
import { Series } from "./yahoo_series.ts";

/** What a test changes. */
export interface YahooLiveOptions {
  readonly fetch: typeof fetch;
  readonly answerMsMax: number;
  /** Calls that may follow one another at once. */
  readonly burst: number;
  readonly circuit: CircuitBounds;
  /** Between tries of one symbol that fail. */
  readonly backOff: BackOff;
  /** How long nothing is asked after a 429 that does not say it; doubled by each one in a row. */
  readonly limited: BackOff;
  /** Between two looks at a market that is closed. */
  readonly closedPollMs: number;
}

/** As Yahoo wants it. */
export const yahooLiveOptions: YahooLiveOptions = {
  fetch: (input, init) => fetch(input, init),
  answerMsMax: 15_000,
  burst: 5,
  circuit: { failuresMax: 5, openMs: 30_000, openMsMax: 10 * 60_000 },
  backOff: { firstMs: 2_000, maxMs: 5 * 60_000 },
  limited: { firstMs: 60_000, maxMs: 15 * 60_000 },
  closedPollMs: minutes(30),
};

/** Yahoo's wish to be left alone is obeyed for so long at most. */
const RETRY_AFTER_MS_MAX = hours(1);
/** A symbol that Yahoo does not know is asked for again after so long. */
const UNKNOWN_MS = hours(1);
/** The last bars of a session are still changing for a while. */
const SETTLE_MS = minutes(5);
/** The day's bar is final so long after the close. */
const DAY_DONE_MS = minutes(15);
/** Polled bars begin so far back. */
const POLLED_HISTORY_MS = days(1);

interface Task {
  readonly series: Series;
  readonly isDaily: boolean;
  dueMs: number;
  failures: number;
}

/** Batches of bars until the signal aborts. */
export async function* yahooLive(context: SourceContext, options: YahooLiveOptions): AsyncGenerator<SourceBatch> {
  const { config: { yahoo: { symbols, interval, historyDays, url } }, clock, signal } = context;
  const client = await YahooClient.open({ ...options, url, clock, signal });
  const tasks: Task[] = [];
  for (const symbol of ownNames(symbols, context.shard ?? wholeShard, "YAHOO_SYMBOLS")) {
    const daily = new Series(symbol, { interval: "1d", historyMs: days(historyDays) });
    const polled = new Series(symbol, { interval, historyMs: POLLED_HISTORY_MS });
    for (const series of [daily, polled]) {
      series.restore(await context.loadPosition(series.id));
      tasks.push({ series, isDaily: series === daily, dueMs: clock.nowMs(), failures: 0 });
    }
  }
  const poller = new Poller(context, { options, client, tasks });
  while (!signal.aborted) {
    const batch = await poller.next();
    if (batch !== null) yield batch;
  }
}

class Poller {
  readonly #context: SourceContext;
  readonly #options: YahooLiveOptions;
  readonly #client: YahooClient;
  readonly #tasks: readonly Task[];
  readonly #bucket: TokenBucket;
  readonly #breaker: CircuitBreaker;
  readonly #unknown = new Set<string>();
  #blockedUntilMs = 0;
  #limitedInRow = 0;

  constructor(
    context: SourceContext,
    { options, client, tasks }: { options: YahooLiveOptions; client: YahooClient; tasks: readonly Task[] },
  ) {
    const { clock, config, monitor } = context;
    this.#context = context;
    this.#options = options;
    this.#client = client;
    this.#tasks = tasks;
    this.#bucket = new TokenBucket(clock, {
      size: options.burst,
      refillMs: minutes(1) / config.yahoo.callsPerMinute,
    });
    this.#breaker = new CircuitBreaker(clock, options.circuit);
    monitor.link = "connecting";
  }

  /** Waits until a task may be worked on, and works on it; null where that brought nothing. */
  async next(): Promise<SourceBatch | null> {
    const { clock, signal } = this.#context;
    const task = this.#tasks.reduce((first, other) => (other.dueMs < first.dueMs ? other : first));
    const startMs = Math.max(task.dueMs, this.#blockedUntilMs, clock.nowMs() + this.#breaker.waitMs);
    if (startMs > clock.nowMs()) {
      await clock.sleep(startMs - clock.nowMs(), signal);
      return null;
    }
    if (!(await this.#bucket.take(signal))) return null;
    try {
      return await this.#ask(task);
    } catch (error) {
      if (!(error instanceof YahooRefusal)) throw error;
      if (!signal.aborted) this.#refused(task, error);
      return null;
    }
  }

  async #ask(task: Task): Promise<SourceBatch | null> {
    const { clock, monitor } = this.#context;
    const { series } = task;
    const { symbol, interval } = series;
    const query = { symbol, interval, fromMs: series.fromMs(clock.nowMs()), toMs: clock.nowMs() };
    const text = await this.#client.chartText(query);
    const nowMs = clock.nowMs();
    const read = readChart(text);
    if (read instanceof ChartFault) {
      this.#refused(task, new YahooRefusal("failed", read.fault.message));
      return { decoded: [dead(anyContract(barEvents), read.fault)] };
    }
    // The symbol that was asked for names the bars: Yahoo writes some in another way.
    const chart = { ...read, symbol, asOfMs: nowMs };
    const bars = barsOf(chart, series.reference);
    if (bars === null || chart.granularity !== interval && !(interval === "1h" && chart.granularity === "60m")) {
      throw new YahooRefusal("failed", `asked for bars of ${interval}, got ${chart.granularity}`);
    }
    this.#breaker.succeeded();
    this.#limitedInRow = 0;
    this.#unknown.delete(symbol);
    [monitor.link, monitor.heardMs] = ["live", nowMs];
    this.#tellTrouble(null);
    task.failures = 0;
    if (series.needsWhole(chart)) return null;
    task.dueMs = task.isDaily ? this.#nextDay(chart.session, nowMs) : this.#nextPoll(chart.session, nowMs);
    const { decoded, position } = series.take(chart, bars);
    return decoded.some(({ kind }) => kind === "events") ? { decoded, positions: [position] } : { decoded };
  }

  #nextPoll(session: Session | null, nowMs: number): number {
    const { config: { yahoo: { pollMs } } } = this.#context;
    if (session === null || isOpen(session, nowMs) || isOpen(session, nowMs - SETTLE_MS)) return nowMs + pollMs;
    return Math.min(nextOpenMs(session, nowMs), nowMs + Math.max(pollMs, this.#options.closedPollMs));
  }

  #nextDay(session: Session | null, nowMs: number): number {
    if (session === null) return nowMs + days(1);
    const todayMs = closeMs(session, nowMs) + DAY_DONE_MS;
    if (todayMs > nowMs) return todayMs;
    const nextMs = nextOpenMs(session, nowMs) + (session.endMs - session.startMs) + DAY_DONE_MS;
    // A session that never is another one must not keep the bars away for ever.
    return Math.min(nextMs, nowMs + days(1));
  }

  #refused(task: Task, refusal: YahooRefusal): void {
    const { clock, random, monitor } = this.#context;
    const nowMs = clock.nowMs();
    const { kind, message, retryAfterMs } = refusal;
    if (kind === "unknown-symbol") {
      // The host has answered, and well.
      this.#breaker.succeeded();
      this.#unknown.add(task.series.symbol);
      task.dueMs = nowMs + UNKNOWN_MS;
      monitor.heardMs = nowMs;
      if (monitor.link !== "live") monitor.link = "live";
      return this.#tellTrouble(null);
    }
    if (kind === "rate-limited") {
      const unsaidMs = backOffMs(this.#options.limited, { failures: this.#limitedInRow++, random });
      this.#blockedUntilMs = nowMs + Math.min(RETRY_AFTER_MS_MAX, retryAfterMs ?? unsaidMs);
      task.dueMs = this.#blockedUntilMs;
      monitor.link = "rate-limited";
      return this.#tellTrouble(`Yahoo asks to wait: ${message}`);
    }
    const waitMs = backOffMs(this.#options.backOff, { failures: task.failures++, random });
    task.dueMs = nowMs + Math.max(waitMs, Math.min(RETRY_AFTER_MS_MAX, retryAfterMs ?? 0));
    this.#breaker.failed();
    if (this.#breaker.state === "open") monitor.link = "connecting";
    this.#tellTrouble(`${task.series.symbol}: ${message}`);
  }

  #tellTrouble(trouble: string | null): void {
    const unknown = [...this.#unknown].sort().join(", ");
    this.#context.monitor.trouble = trouble ?? (unknown === "" ? null : `Yahoo does not know ${unknown}`);
  }
}
