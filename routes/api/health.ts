/**
 * Whether the process is alive: nothing but its own answer is looked at.
 * @module
 */
import { define } from "../(_lib)/define.ts";

/** `{"status":"ok","uptime_s":12.3}`; the uptime is null while the stores are opening. */
export const handler = define.handlers({
  GET(ctx) {
    const { services } = ctx.state;
    const uptime_s = services === undefined ? null : (services.clock.nowMs() - services.startedMs) / 1000;
    return ctx.json({ status: "ok", uptime_s }, { headers: { "cache-control": "no-store" } });
  },
});
