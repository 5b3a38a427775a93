import { equal, match, ok } from "node:assert/strict";
import { type Monitored, monitoringApp } from "../../cli/services/monitoring.ts";
import { newSourceStatus } from "../../core/status.ts";

const token = "sixteen-characters";

const asker = (current: () => Monitored | undefined, asked?: string) => {
  const handler = monitoringApp(current, asked).handler();
  return (path: string, headers: HeadersInit = {}) => handler(new Request(`http://localhost${path}`, { headers }));
};

/** A processor of one partition, on tables that answer as told. */
const processing = (query: () => Promise<never>): Monitored => ({
  sources: () => [],
  processor: () => ({
    records: 70,
    lagRecords: 30,
    restarts: 2,
    partitions: ["chat", "chat_sessions"].map((pipeline) => ({
      pipeline,
      topic: "events.chat",
      partition: 2,
      nextOffset: 70,
      endOffset: 100,
      watermarkMs: null,
      unenriched: 0,
    })),
  }),
  troubles: () => [{ store: "tables", kind: "retries", times: 4 }],
  store: { query },
});

Deno.test("while the stores are opening a process is alive and not ready, and has no metrics", async () => {
  const ask = asker(() => undefined);
  equal((await ask("/api/health")).status, 200);
  const ready = await ask("/api/ready");
  equal(ready.status, 503);
  equal((await ready.json()).status, "starting");
  equal((await ask("/metrics")).status, 503);
});

Deno.test("a processor tells its lag by topic and partition, once however many pipelines read it", async () => {
  const ask = asker(() => processing(() => Promise.reject(new Error("unused"))));
  const lines = (await (await ask("/metrics")).text()).split("\n");
  ok(lines.includes("tidemark_processor_records_total 70"), lines.join("\n"));
  ok(lines.includes("tidemark_processor_restarts_total 2"), lines.join("\n"));
  ok(lines.includes('tidemark_store_trouble_total{store="tables",kind="retries"} 4'), lines.join("\n"));
  equal(lines.filter((line) => line === 'tidemark_lag_records{topic="events.chat",partition="2"} 30').length, 1);
});

Deno.test("a processor whose tables do not answer is not ready, and says why", async () => {
  const ready = await asker(() => processing(() => Promise.reject(new Error("connection refused"))))("/api/ready");
  equal(ready.status, 503);
  const { status, checks } = await ready.json();
  equal(status, "unready");
  match(checks.stores.failure, /connection refused/);
  equal(checks.lag_records, 30);
});

Deno.test("an ingest process is ready once it is at work, whatever its sources struggle with", async () => {
  const source = { ...newSourceStatus("binance"), failure: "the log is away", spoolRecords: 12 };
  const ask = asker(() => ({ sources: () => [source], processor: () => null, troubles: () => [], store: null }));
  const ready = await ask("/api/ready");
  equal(ready.status, 200);
  const { checks } = await ready.json();
  equal(checks.sources[0].failure, "the log is away");
  match(await (await ask("/metrics")).text(), /^tidemark_source_spool_records\{source="binance"\} 12$/m);
});

Deno.test("where a token is demanded, only the health is told without it", async () => {
  const ask = asker(() => ({ sources: () => [], processor: () => null, troubles: () => [], store: null }), token);
  equal((await ask("/api/health")).status, 200);
  for (const path of ["/api/ready", "/metrics"]) {
    equal((await ask(path)).status, 401, path);
    equal((await ask(path, { authorization: "Bearer another-token-of-that-length" })).status, 401, path);
    equal((await ask(path, { authorization: `Bearer ${token}` })).status, 200, path);
  }
});
