/**
 * The sender: makes each batch of a source safe, in the log or, while that is away, in the spool, one append in flight
 * at any time and in order.
 *
 * ```
 * send ──▶ append ──▶ durable                     the log answers
 *            └ rejects, or takes too long ──▶ spool ──▶ appended oldest first, newer batches behind it
 * ```
 * @module
 */
import type { Clock, Random } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import type { AppendBatch, EventLog } from "../core/ports.ts";
import { type BackOff, backOffMs } from "./connect/back_off.ts";
import type { SourceMonitor } from "./monitor.ts";
import type { Spool } from "./spool.ts";

/** How long an append may take before the log counts as away. */
export const APPEND_MS_MAX = 10_000;
/** How long one in flight is waited for when everything is to end. */
const FAREWELL_MS = 1_000;
const BACK_OFF: BackOff = { firstMs: 250, maxMs: 10_000 };

/** What a sender needs. */
export interface SenderOptions {
  readonly source: string;
  readonly log: Pick<EventLog, "append" | "loadPosition">;
  /** Null for a source that waits while the log is away. */
  readonly spool: Spool | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly monitor: SourceMonitor;
}

type Outcome = "durable" | "slow" | Error;

/** Sends batches one after the other: a call waits for the one before it. */
export class Sender {
  readonly #options: SenderOptions;
  #draining: Promise<void> | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier process left in the spool: newer batches queue up behind it. Before the first {@link send}. */
  start(): void {
    const { spool } = this.#options;
    if (spool !== null && !spool.isEmpty) this.#drain(() => this.#forgetAppended(spool));
  }

  /** The state that a position was last given, sent or spooled. */
  async loadPosition(id: string): Promise<unknown> {
    const spooled = this.#options.spool?.position(id);
    return spooled ?? await this.#insist(() => this.#options.log.loadPosition(id)) ?? null;
  }

  /**
   * Resolves when the batch is safe. Where the spool is full, or its disk, a batch that carries a position waits, since its
   * source can have it again, and any other is dropped and counted. Once the signal has aborted it may resolve unsafe.
   */
  async send(batch: AppendBatch): Promise<void> {
    const { spool, log } = this.#options;
    if (spool !== null && (this.#draining !== null || !spool.isEmpty)) return await this.#keep(spool, batch, null);
    if (spool === null) return void await this.#insist(() => log.append(batch));
    const appending = log.append(batch);
    const outcome = await this.#settled(appending);
    if (outcome === "durable") return this.#allIsWell();
    this.#options.monitor.logTrouble = outcome === "slow"
      ? `the log has not answered for ${APPEND_MS_MAX / 1_000} s`
      : `the log is away: ${outcome.message}`;
    await this.#keep(spool, batch, outcome === "slow" ? appending : null);
  }

  /** Waits until the spool is empty, or until the signal aborts and nothing is on its way any more. */
  async finish(): Promise<void> {
    if (this.#draining !== null) await this.#draining;
  }

  get #positionId(): string {
    return `spool:${this.#options.source}`;
  }

  /** @param appending the batch's own append, if it is still on its way. */
  async #keep(spool: Spool, batch: AppendBatch, appending: Promise<void> | null): Promise<void> {
    const { clock, signal, monitor } = this.#options;
    for (;;) {
      // A disk that refuses is as good as full: it may be mended, and the log may come back.
      const number = await spool.write(batch).catch((error) => {
        this.#noteSpoolFailure("written", error);
        return null;
      });
      if (number !== null) {
        monitor.spoolTrouble = null;
        return this.#drain(appending === null ? undefined : () => this.#awaitAppend(spool, { number, appending }));
      }
      if (batch.positions === undefined || batch.positions.length === 0) {
        monitor.spoolDropped += batch.writes.reduce((sum, { records }) => sum + records.length, 0);
        return;
      }
      if (signal.aborted) return;
      await clock.sleep(BACK_OFF.firstMs, signal);
    }
  }

  /** Begins to append what waits, after `before` has said that it may go on. */
  #drain(before: () => Promise<boolean> = () => Promise.resolve(true)): void {
    const { spool } = this.#options;
    if (this.#draining !== null || spool === null) return;
    const draining = async () => {
      if (await before()) await this.#drainAll(spool);
    };
    this.#draining = draining().finally(() => (this.#draining = null));
    // Whoever finishes sees the failure of the disk; until then it must not end the process.
    this.#draining.catch((error) => this.#noteSpoolFailure("read", error));
  }

  /** What a kill left in the spool though it was appended must not be appended again: the log knows how far it is. */
  async #forgetAppended(spool: Spool): Promise<boolean> {
    const found = await this.#insist(() => this.#options.log.loadPosition(this.#positionId));
    if (found === undefined) return false;
    const { spool: id, entry } = (found ?? {}) as { spool?: string; entry?: number };
    if (id === spool.id && entry !== undefined) await spool.drop(entry);
    return true;
  }

  /** An append that was slow may come through after all: its entry is not sent a second time then. */
  async #awaitAppend(
    spool: Spool,
    { number, appending }: { number: number; appending: Promise<void> },
  ): Promise<boolean> {
    const outcome = await this.#settled(appending, Infinity);
    if (outcome === "durable") await spool.drop(number);
    return outcome !== "slow";
  }

  async #drainAll(spool: Spool): Promise<void> {
    const { log, signal, monitor } = this.#options;
    for (let failures = 0; !signal.aborted;) {
      const entry = await spool.peek();
      if (entry === null) return this.#allIsWell();
      // Its number is saved with it, in the same transaction where the log has them: nothing is appended twice.
      const mark = { id: this.#positionId, state: { spool: spool.id, entry: entry.number } };
      const { writes, positions = [] } = entry.batch;
      const outcome = await this.#settled(log.append({ writes, positions: [...positions, mark] }), Infinity);
      if (outcome === "slow") return;
      if (outcome === "durable") {
        failures = 0;
        await spool.drop(entry.number);
        continue;
      }
      monitor.logTrouble = `the log is away: ${outcome.message}`;
      await this.#rest(failures++);
    }
  }

  /** Tries until it succeeds; undefined when the signal aborts first. */
  async #insist<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { signal, monitor } = this.#options;
    for (let failures = 0;; failures++) {
      const working = work();
      const outcome = await this.#settled(working, Infinity);
      if (outcome === "durable") {
        monitor.logTrouble = null;
        return await working;
      }
      if (outcome === "slow") return undefined;
      monitor.logTrouble = `the log is away: ${outcome.message}`;
      await this.#rest(failures);
      if (signal.aborted) return undefined;
    }
  }

  /** The log answers, and nothing waits on disk. */
  #allIsWell(): void {
    this.#options.monitor.logTrouble = this.#options.monitor.spoolTrouble = null;
  }

  #noteSpoolFailure(done: "written" | "read", error: unknown): void {
    const { monitor } = this.#options;
    monitor.spoolTrouble = `the spool cannot be ${done}: ${messageOf(error)}`;
    monitor.spoolFailures++;
  }

  #rest(failures: number): Promise<void> {
    const { clock, random, signal } = this.#options;
    return clock.sleep(backOffMs(BACK_OFF, { failures, random }), signal);
  }

  /** What becomes of a call: `slow` when its time, or after an abort a second, has gone by. It never rejects. */
  async #settled(working: Promise<unknown>, durationMsMax = APPEND_MS_MAX): Promise<Outcome> {
    const { clock, signal } = this.#options;
    const settled = new AbortController();
    const outcome = working.then(
      (): Outcome => "durable",
      (error): Outcome => error instanceof Error ? error : new Error(String(error)),
    ).finally(() => settled.abort());
    const timeIsUp = async (): Promise<Outcome> => {
      const either = AbortSignal.any([signal, settled.signal]);
      if (durationMsMax === Infinity) await aborted(either);
      else await clock.sleep(durationMsMax, either);
      if (signal.aborted && !settled.signal.aborted) await clock.sleep(FAREWELL_MS, settled.signal);
      return settled.signal.aborted ? await outcome : "slow";
    };
    return await Promise.race([outcome, timeIsUp()]);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
