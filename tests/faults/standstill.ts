/**
 * How long the tables stand still, as somebody who looks at them sees it: the longest time in which a partition made no
 * progress.
 * @module
 */
import postgres from "postgres";
import { pause, waitUntil } from "../support/services/service.ts";

const LOOK_MS = 100;
/** Commits come every second: no pause that anybody would notice. */
const PAUSE_MS = 2_500;
/** They go on again when for so long nothing paused. */
const STEADY_MS = 4_000;
const STEADY_MS_MAX = 120_000;

/** Looks at the progress of all partitions from its start until it is disposed. */
export class StandstillWatch implements AsyncDisposable {
  readonly #sql: postgres.Sql;
  readonly #moved = new Map<string, { readonly offset: string; readonly atMs: number }>();
  readonly #watching: Promise<void>;
  #ended = false;
  #longestMs = 0;
  #pausedMs = performance.now();

  constructor(url: string) {
    this.#sql = postgres(url, { max: 1 });
    this.#watching = this.#watch();
  }

  /** Resolves when so many partitions are processed, by every pipeline that reads them. */
  async begun(partitions: number): Promise<void> {
    const hasBegun = () => {
      const found = new Set([...this.#moved.keys()].map((place) => place.slice(place.lastIndexOf("/"))));
      return found.size === partitions && [...this.#moved.values()].every(({ offset }) => offset !== "0");
    };
    await waitUntil(hasBegun, { timeoutMs: STEADY_MS_MAX, what: "processors at work" });
  }

  /** Forgets what was. */
  begin(): void {
    this.#longestMs = 0;
    this.#pausedMs = performance.now();
  }

  /** The longest pause since {@link begin}, once the tables go on steadily. */
  async longestMs(): Promise<number> {
    await waitUntil(() => performance.now() - this.#pausedMs > STEADY_MS, {
      timeoutMs: STEADY_MS_MAX,
      what: "tables that go on",
    });
    return this.#longestMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await this.#watching;
    await this.#sql.end();
  }

  /** None until the tables are made. */
  async #rows(): Promise<readonly { readonly place: string; readonly next_offset: string }[]> {
    const [made] = await this.#sql`SELECT to_regclass('progress') IS NOT NULL AS is_there`;
    if (!made!.is_there) return [];
    return await this.#sql<{ place: string; next_offset: string }[]>`
      SELECT concat_ws('/', pipeline, topic, partition) AS place, next_offset::text FROM progress
      WHERE topic = 'events.chat'`;
  }

  async #watch(): Promise<void> {
    while (!this.#ended) {
      const rows = await this.#rows();
      const nowMs = performance.now();
      for (const { place, next_offset: offset } of rows) {
        const before = this.#moved.get(place);
        if (before === undefined || before.offset !== offset) this.#moved.set(place, { offset, atMs: nowMs });
        const stillMs = nowMs - (before?.atMs ?? nowMs);
        this.#longestMs = Math.max(this.#longestMs, stillMs);
        if (stillMs > PAUSE_MS) this.#pausedMs = nowMs;
      }
      await pause(LOOK_MS);
    }
  }
}
