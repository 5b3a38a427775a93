/**
 * A group's member that its consumer has lost: nobody may wait until its session has ended. A relay between the log and the
 * broker breaks connections where a test says.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { appendTo, record, topicName } from "../contracts/event_log_support.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { freePort, pause, waitUntil } from "../support/services/service.ts";
import { startTcpProxy, type TcpProxy } from "../support/services/tcp_proxy.ts";

const port = freePort();
const kafka = kafkaCase({ own: true, properties: [`advertised.listeners=CLIENT://127.0.0.1:${port}`] });

const SESSION_MS = 30_000;
/** Kafka's number of the request by which a member asks what is its own. */
const SYNC_GROUP = 14;
const isRequest = (bytes: Uint8Array, number: number): boolean =>
  bytes.length > 8 && Buffer.from(bytes).readInt16BE(4) === number;

/** How a consumer loses its member, while it has partitions or before; resolves when it is lost. */
const losses: Readonly<Record<string, (proxy: TcpProxy) => Promise<void>>> = {
  async "the broker is out of reach for a moment"(proxy) {
    proxy.refusing = true;
    proxy.cutAll();
    await pause(4_000);
    proxy.refusing = false;
  },
  async "it joined and the connection broke before it knew its partitions"(proxy) {
    const cut = Promise.withResolvers<void>();
    proxy.judge = (bytes) => {
      if (!isRequest(bytes, SYNC_GROUP)) return "pass";
      proxy.judge = () => "pass";
      cut.resolve();
      return "cut";
    };
    // Whoever comes makes the group share out anew.
    proxy.cutAll();
    proxy.refusing = true;
    await pause(4_000);
    proxy.refusing = false;
    await cut.promise;
  },
};

for (const [loss, lose] of Object.entries(losses)) {
  kafka.test(`${loss}: the group goes on long before the session of the lost member has ended`, async () => {
    await using proxy = startTcpProxy(Number(kafka.broker().bootstrap.split(":")[1]), port);
    const config = { bootstrapServers: [`127.0.0.1:${port}`], sessionTimeoutMs: SESSION_MS };
    await using log = await kafka.open({ config });
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    const read: number[] = [];
    const stop = new AbortController();
    const reading = (async () => {
      const batches = log.consume({
        topics: [topic],
        group: crypto.randomUUID(),
        onAssign: () => Promise.resolve((read.at(-1) ?? -1) + 1),
        onRevoke: () => Promise.resolve(),
        signal: stop.signal,
      });
      for await (const { records } of batches) read.push(...records.map(({ offset }) => offset));
    })();
    await appendTo(log, topic, record("before"));
    await waitUntil(() => read.length === 1, { timeoutMs: 30_000, what: "the first record" });
    await lose(proxy);
    const lostMs = performance.now();
    await appendTo(log, topic, record("after"));
    await waitUntil(() => read.length === 2, { timeoutMs: 2 * SESSION_MS, what: "the second record" });
    assert.ok(performance.now() - lostMs < SESSION_MS / 2, `${performance.now() - lostMs} ms`);
    assert.ok(log.stats().members.restarts > 0, "the consumer was replaced");
    stop.abort();
    await reading;
    assert.deepEqual(read, [0, 1]);
  });
}
