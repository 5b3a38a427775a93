/**
 * Whether the dashboard can show something: the stores answer.
 * @module
 */
import { messageOf } from "../../core/errors.ts";
import { seconds } from "../../core/time.ts";
import { define } from "../(_lib)/define.ts";
import type { Services } from "../(_lib)/state.ts";

const STORE_TIMEOUT_MS = seconds(1);

/** 200 or 503 with `{"status":"ready"|"starting"|"unready","checks":{"stores":…,"lag_records":…,"sources":[…]}}`. */
export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    const headers = { "cache-control": "no-store" };
    if (services === undefined) {
      const checks = { stores: { ok: false, failure: "the stores are still opening" }, lag_records: null, sources: [] };
      return ctx.json({ status: "starting", checks }, { status: 503, headers: { ...headers, "retry-after": "1" } });
    }
    const stores = await checkStore(services);
    const checks = {
      stores,
      lag_records: services.processor()?.lagRecords ?? null,
      sources: services.sources().map(({ source, state, failure }) => ({ source, state, failure })),
    };
    return ctx.json({ status: stores.ok ? "ready" : "unready", checks }, { status: stores.ok ? 200 : 503, headers });
  },
});

async function checkStore(
  { store, clock }: Services,
): Promise<{ ok: boolean; took_ms: number; failure: string | null }> {
  const startMs = clock.nowMs();
  const answered = new AbortController();
  const late = clock.sleep(STORE_TIMEOUT_MS, answered.signal).then(() => `no answer within ${STORE_TIMEOUT_MS} ms`);
  const asked = store.query({ table: "anomalies", last: 1 }).then(() => null, messageOf);
  const failure = await Promise.race([asked, late]);
  answered.abort();
  return { ok: failure === null, took_ms: Math.round(clock.nowMs() - startMs), failure };
}
