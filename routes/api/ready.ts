/**
 * Whether the dashboard can show something: the stores answer.
 * @module
 */
import { define } from "../(_lib)/define.ts";
import { checkStore } from "../(_lib)/readiness.ts";

/** 200 or 503 with `{"status":"ready"|"starting"|"unready","checks":{"stores":…,"lag_records":…,"sources":[…]}}`. */
export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    const headers = { "cache-control": "no-store" };
    if (services === undefined) {
      const checks = { stores: { ok: false, failure: "the stores are still opening" }, lag_records: null, sources: [] };
      return ctx.json({ status: "starting", checks }, { status: 503, headers: { ...headers, "retry-after": "1" } });
    }
    const stores = await checkStore(services.store, services.clock);
    const checks = {
      stores,
      lag_records: services.processor()?.lagRecords ?? null,
      sources: services.sources().map(({ source, state, failure }) => ({ source, state, failure })),
    };
    return ctx.json({ status: stores.ok ? "ready" : "unready", checks }, { status: stores.ok ? 200 : 503, headers });
  },
});
