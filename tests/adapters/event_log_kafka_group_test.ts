/**
 * Several members of one group, as several processes would be: who reads what, and what moves.
 */
import assert from "node:assert/strict";
import type { KafkaLog } from "../../adapters/event_log_kafka.ts";
import type { TopicPartition } from "../../core/ports.ts";
import { appendTo, record, topicName } from "../contracts/event_log_support.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { pause, waitUntil } from "../support/services/service.ts";

const kafka = kafkaCase();

/** Places that a group shares, as the progress rows would hold them: where each partition is to be read on. */
class Progress {
  readonly next = new Map<number, number>();
  readonly owners = new Map<number, string>();
  /** What was taken in by offset, by whoever owned the partition. */
  readonly taken = new Map<string, string>();
}

/** A member that takes records in while it owns their partition, as an epoch would have it. */
function member(
  name: string,
  log: KafkaLog,
  options: { topic: string; group: string; progress: Progress; slow?: boolean },
) {
  const { topic, group, progress, slow = false } = options;
  const stop = new AbortController();
  const held = new Set<number>();
  const calls: string[] = [];
  let expected = new Map<number, number>();
  const ended = (async () => {
    for await (
      const batch of log.consume({
        topics: [topic],
        group,
        onAssign({ partition }: TopicPartition) {
          assert.ok(!held.has(partition), `${name} was assigned ${partition} twice`);
          held.add(partition);
          calls.push(`+${partition}`);
          progress.owners.set(partition, name);
          const start = progress.next.get(partition) ?? 0;
          expected = new Map([...expected, [partition, start]]);
          return Promise.resolve(start);
        },
        onRevoke({ partition }: TopicPartition) {
          assert.ok(held.delete(partition));
          calls.push(`-${partition}`);
          return Promise.resolve();
        },
        signal: stop.signal,
      })
    ) {
      const { partition, records } = batch;
      assert.ok(held.has(partition), `${name} reads ${partition}, which is not its own`);
      assert.equal(records[0]!.offset, expected.get(partition), "a record was passed over or given twice");
      expected.set(partition, records.at(-1)!.offset + 1);
      if (slow) await pause(50);
      // Fenced: a newer owner has come.
      if (progress.owners.get(partition) !== name) continue;
      for (const { offset, value } of records) progress.taken.set(`${partition}/${offset}`, value);
      progress.next.set(partition, records.at(-1)!.offset + 1);
    }
  })();
  return { stop: () => stop.abort(), ended, held, calls };
}

kafka.test("members share the partitions, and what moves is read on where it was left, nothing passed over", async () => {
  const [topic, group] = [topicName(), crypto.randomUUID()];
  const progress = new Progress();
  await using first = await kafka.open();
  await using second = await kafka.open();
  await using third = await kafka.open();
  await first.ensureTopics([{ topic, partitions: 6 }]);
  let sent = 0;
  const sending = new AbortController();
  const sender = (async () => {
    while (!sending.signal.aborted) {
      await appendTo(first, topic, ...Array.from({ length: 20 }, () => record(`${sent}`, { key: `k${sent++}` })));
      await pause(10);
    }
  })();
  const logs = [first, second, third];
  const members: ReturnType<typeof member>[] = [];
  const shared = (counts: readonly number[]) =>
    waitUntil(() => members.every(({ held }, i) => held.size === counts[i]), {
      timeoutMs: 30_000,
      what: `shares of ${counts}`,
      explain: () => JSON.stringify(members.map(({ calls }) => calls)),
    });
  for (const [i, counts] of [[6], [3, 3], [2, 2, 2]].entries()) {
    members.push(member(`m${i}`, logs[i]!, { topic, group, progress, slow: i === 1 }));
    await shared(counts);
  }
  await pause(300);
  members[0]!.stop();
  await members[0]!.ended;
  await shared([0, 3, 3]);
  sending.abort();
  await sender;
  await waitUntil(() => progress.taken.size === sent, { timeoutMs: 30_000, what: "every record to be taken in" });
  assert.deepEqual(new Set(progress.taken.values()).size, sent);
  for (const { stop } of members) stop();
  await Promise.all(members.map(({ ended }) => ended));
  assert.ok(members.every(({ held }) => held.size === 0), "what is left at the end is revoked");
});

kafka.test("a reader that does nothing for longer than its session keeps its partitions and goes on", async () => {
  await using log = await kafka.open({ config: { sessionTimeoutMs: 6_000 } });
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, ...Array.from({ length: 12_000 }, (_, i) => record(`${i}`)));
  const stop = new AbortController();
  let [read, assigned] = [0, 0];
  for await (
    const { records } of log.consume({
      topics: [topic],
      group: crypto.randomUUID(),
      onAssign: () => Promise.resolve(assigned++ === 0 ? 0 : -1),
      onRevoke: () => Promise.resolve(),
      signal: stop.signal,
    })
  ) {
    if (read === 0) await pause(8_000);
    assert.equal(records[0]!.offset, read);
    read += records.length;
    if (read === 12_000) stop.abort();
  }
  assert.deepEqual([read, assigned], [12_000, 1]);
});

kafka.test("a member whose process stood still for longer than its session learns that before it reads on", async () => {
  await using log = await kafka.open({ config: { sessionTimeoutMs: 6_000 } });
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, ...Array.from({ length: 12_000 }, (_, i) => record(`${i}`)));
  const stop = new AbortController();
  const events: string[] = [];
  for await (
    const { records } of log.consume({
      topics: [topic],
      group: crypto.randomUUID(),
      onAssign: () => Promise.resolve(events.push("assign")).then(() => 0),
      onRevoke: () => Promise.resolve(void events.push("revoke")),
      signal: stop.signal,
    })
  ) {
    events.push(`${records[0]!.offset}`);
    if (events.length === 2) {
      // As SIGSTOP does: no timer runs, no heartbeat is sent, and the group gives the partition away.
      const endMs = performance.now() + 9_000;
      while (performance.now() < endMs);
    } else if (events.includes("revoke")) stop.abort();
  }
  assert.deepEqual(events.slice(0, 5), ["assign", "0", "revoke", "assign", "0"], events.join());
});

kafka.test("a group's committed offsets are there for lag tools", async () => {
  await using log = await kafka.open();
  const [topic, group] = [topicName(), `group-${crypto.randomUUID()}`];
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, record("1"), record("2"), record("3"));
  const stop = new AbortController();
  const options = { topics: [topic], group, onRevoke: () => Promise.resolve(), signal: stop.signal };
  for await (const _batch of log.consume({ ...options, onAssign: () => Promise.resolve(0) })) {
    await log.commitOffset(group, { topic, partition: 0, nextOffset: 2 });
    await waitUntil(async () => {
      const shown = await kafka.broker().tool(
        "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
        ...["--describe", "--group", group],
      );
      return new RegExp(`test.${topic} +0 +2 +3 +1 `).test(shown);
    }, { timeoutMs: 30_000, what: "the offset to be shown" });
    stop.abort();
  }
});

kafka.test("nothing reaches the terminal by itself", async () => {
  const code = `
    import { openKafkaLog } from "./adapters/event_log_kafka.ts";
    import { systemClock } from "./core/clock.ts";
    const config = JSON.parse(Deno.args[0]);
    const log = await openKafkaLog({ config, topicPrefix: "quiet", retentionMs: 3600000, clock: systemClock, onNote: console.log });
    await log.ensureTopics([{ topic: "t", partitions: 1 }]);
    await log.append({ writes: [{ topic: "t", records: [{ key: null, value: "1", instance: null, seq: 0, runId: null }] }] });
    const stop = new AbortController();
    const none = () => Promise.resolve();
    const all = { topics: ["t"], group: crypto.randomUUID(), onAssign: () => Promise.resolve(0), onRevoke: none, signal: stop.signal };
    for await (const _ of log.consume(all)) stop.abort();
    await log[Symbol.asyncDispose]();`;
  const folder = await Deno.makeTempDir();
  const root = new URL("../../", import.meta.url);
  try {
    const file = `${folder}/quiet.ts`;
    await Deno.writeTextFile(file, code.replaceAll('"./', `"${root.href}`));
    const { stdout, stderr, code: exit } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        "-A",
        "--config",
        new URL("deno.json", root).pathname,
        file,
        JSON.stringify(kafka.config()),
      ],
    }).output();
    const texts = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert.deepEqual([...texts, exit], ["", "", 0]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
