import { startKafka } from "./tests/support/services/kafka.ts";
import { configOf } from "./tests/support/services/kafka_case.ts";
import { openKafkaLog } from "./adapters/event_log_kafka.ts";
import { kafkaClient } from "./adapters/event_log_kafka_client.ts";
import { systemClock } from "./core/clock.ts";
const N = Number(Deno.args[0] ?? 1_000_000), P = Number(Deno.args[1] ?? 1), H = Deno.args[2] === "headers", codec = (Deno.args[3] ?? "none") as "none";
await using k = await startKafka();
const config = { ...configOf(k), compression: codec, lingerMs: 0 };
await using log = await openKafkaLog({ config, topicPrefix: "b", retentionMs: 3600000, clock: systemClock, onNote: console.log });
await log.ensureTopics([{ topic: "t", partitions: P }]);
const value = (i: number) => JSON.stringify({ event_id: "e" + i, timestamp: new Date(1.7e12 + i).toISOString(), source: "twitch", stream_id: "stream" + i % 100, user_id: "u" + (i * 7919) % 50000, username: "user" + (i * 7919) % 50000, message: "hello world this is a message " + (i % 977), emotes: ["Kappa"] });
let t = performance.now();
for (let i = 0; i < N; i += 5000) {
  await log.append({ writes: [{ topic: "t", records: Array.from({ length: 5000 }, (_, j) => ({ key: "stream" + (i + j) % 100, value: value(i + j), instance: H ? "file:abc:event:0" : null, seq: i + j, runId: H ? "run-1" : null })) }] });
}
console.log("append/s", (N / (performance.now() - t) * 1000).toFixed(0), value(1).length, log.stats().producer);
for (const parse of [false, true, false, true]) {
  const stop = new AbortController(); let n = 0, first = 0, x = 0;
  for await (const b of log.consume({ topics: ["t"], group: "g" + crypto.randomUUID(), onAssign: () => Promise.resolve(0), onRevoke: () => Promise.resolve(), signal: stop.signal })) {
    if (first === 0) first = performance.now();
    if (parse) for (const r of b.records) x += JSON.parse(r.value).emotes.length;
    n += b.records.length; if (n >= N) { console.log("ours", parse ? "parse" : "", (N / (performance.now() - first) * 1000).toFixed(0)); stop.abort(); }
  }
  const kafka = await kafkaClient(config, "raw");
  const c = kafka.consumer({ groupId: "r" + crypto.randomUUID(), maxBytesPerPartition: 4 << 20, maxBytes: 16 << 20 });
  await c.connect(); await c.subscribe({ topics: ["b.t"], fromBeginning: true });
  await new Promise<void>((resolve) => { let n = 0, first = 0;
    c.run({ autoCommit: false, eachBatch: ({ batch }) => { if (!first) first = performance.now(); if (parse) for (const m of batch.messages) x += JSON.parse(m.value!.toString()).emotes.length; n += batch.messages.length; if (n >= N) { console.log("raw ", parse ? "parse" : "", (N / (performance.now() - first) * 1000).toFixed(0)); resolve(); } return Promise.resolve(); } }); });
  await c.disconnect();
}
