/**
 * What a process without dashboard answers by HTTP, where a call asks for it by `--port`: `/api/health`, `/api/ready` and
 * `/metrics`, as the dashboard does.
 * @module
 */
import { App } from "fresh";
import { systemClock } from "../../core/clock.ts";
import type { Config } from "../../core/config.ts";
import type { SummaryStore } from "../../core/ports.ts";
import { processMetrics, type ProcessParts } from "../../routes/(_lib)/process_metrics.ts";
import { exposition } from "../../routes/(_lib)/prometheus.ts";
import { checkStore } from "../../routes/(_lib)/readiness.ts";
import { securityHeaders } from "../../routes/(_lib)/security.ts";
import { requireToken } from "../../routes/(_lib)/token.ts";
import type { Call } from "../arguments.ts";
import { print } from "../terminal.ts";
import { listen } from "./http.ts";

/** What is told of a process once its stores are open. */
export interface Monitored extends ProcessParts {
  /** The tables that it writes; null for a process that writes none. */
  readonly store: Pick<SummaryStore, "query"> | null;
}

/** The answers of a process. Disposing stops listening. */
export interface Monitoring extends AsyncDisposable {
  /** From now on the process is at work. */
  provide(monitored: Monitored): void;
}

/** Listens where the call says `--port`; the configuration is the one with that port. */
export function monitoring(call: Call, config: Config): Monitoring {
  let monitored: Monitored | undefined;
  const provide = (given: Monitored) => void (monitored = given);
  if (call.text("port") === undefined) return { provide, [Symbol.asyncDispose]: () => Promise.resolve() };
  const server = listen(config, monitoringApp(() => monitored, config.token).handler());
  print(`Monitoring: ${server.url}metrics`);
  return { provide, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** The app behind it; undefined while the stores are opening. */
export function monitoringApp(current: () => Monitored | undefined, token: string | undefined): App<unknown> {
  const startedMs = systemClock.nowMs();
  const noStore = { "cache-control": "no-store" };
  const app = new App<unknown>().use(securityHeaders());
  if (token !== undefined) app.use(requireToken(token));
  return app
    .get("/api/health", (ctx) => {
      const uptime_s = (systemClock.nowMs() - startedMs) / 1000;
      return ctx.json({ status: "ok", uptime_s }, { headers: noStore });
    })
    .get("/api/ready", async (ctx) => {
      const { ready, ...body } = await readinessOf(current());
      return ctx.json(body, { status: ready ? 200 : 503, headers: noStore });
    })
    .get("/metrics", (ctx) => {
      const monitored = current();
      if (monitored === undefined) return ctx.text("the stores are still opening\n", { status: 503 });
      const text = exposition(processMetrics(monitored));
      return ctx.text(text, { headers: { "content-type": "text/plain; version=0.0.4" } });
    });
}

async function readinessOf(monitored: Monitored | undefined) {
  if (monitored === undefined) {
    const stores = { ok: false, failure: "the stores are still opening" };
    return { ready: false, status: "starting", checks: { stores, lag_records: null, sources: [] } };
  }
  const { store } = monitored;
  const stores = store === null ? { ok: true, failure: null } : await checkStore(store, systemClock);
  const checks = {
    stores,
    lag_records: monitored.processor()?.lagRecords ?? null,
    sources: monitored.sources().map(({ source, state, failure }) => ({ source, state, failure })),
  };
  return { ready: stores.ok, status: stores.ok ? "ready" : "unready", checks };
}
