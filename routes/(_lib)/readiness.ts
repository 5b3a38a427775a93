/**
 * Whether a store answers in time, for `/api/ready` of the dashboard and of processes without one.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors.ts";
import type { SummaryStore } from "../../core/ports.ts";
import { seconds } from "../../core/time.ts";

const STORE_TIMEOUT_MS = seconds(1);

/** What a store was found to be. */
export interface StoreCheck {
  readonly ok: boolean;
  readonly took_ms: number;
  /** Null where it answered. */
  readonly failure: string | null;
}

/** Asks the tables for one row. */
export async function checkStore(store: Pick<SummaryStore, "query">, clock: Clock): Promise<StoreCheck> {
  const startMs = clock.nowMs();
  const answered = new AbortController();
  const late = clock.sleep(STORE_TIMEOUT_MS, answered.signal).then(() => `no answer within ${STORE_TIMEOUT_MS} ms`);
  const asked = store.query({ table: "anomalies", last: 1 }).then(() => null, messageOf);
  const failure = await Promise.race([asked, late]);
  answered.abort();
  return { ok: failure === null, took_ms: Math.round(clock.nowMs() - startMs), failure };
}
