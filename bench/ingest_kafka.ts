/**
 * One `ingest` process with mock chat into a real Kafka broker on the same machine: the rate that it keeps, the CPU time
 * that a record costs it, and whether everything that it took in is in the log. Ends with 1 where the rate is not kept.
 * With a seed the mock saves where it stands with each append, too.
 *
 *     deno task bench:ingest [--rate N] [--seconds N] [--compression none|…|zstd] [--seed N]
 * @module
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openKafkaLog } from "../adapters/event_log_kafka.ts";
import { print } from "../cli/terminal.ts";
import { systemClock } from "../core/clock.ts";
import { chatEvents } from "../core/events/chat.ts";
import { hours } from "../core/time.ts";
import { startKafka } from "../tests/support/services/kafka.ts";
import { configOf } from "../tests/support/services/kafka_case.ts";
import { benchOptions } from "./options.ts";

const { rate, seconds, compression, seed } = benchOptions({ rate: 60_000, seconds: 30, compression: "none", seed: "" });
/** Start of the process, of its topics and of its machine code: not measured. */
const WARM_UP_MS = 5_000;
/** The clocks of two processes are read one after the other. */
const RATE_SHARE_MIN = 0.99;
const CLOCK_TICKS_PER_SEC = 100;
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
/** CPU time of a process over all its threads; Linux counts it in ticks. */
async function cpuMsOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 1_000 / CLOCK_TICKS_PER_SEC;
}

await using kafka = await startKafka();
const log = await openKafkaLog({
  config: configOf(kafka),
  topicPrefix: "tidemark",
  retentionMs: hours(1),
  clock: systemClock,
  onNote: () => {},
});
await log.ensureTopics([chatEvents]);
const child = new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-net"],
    fileURLToPath(new URL("../main.ts", import.meta.url)),
    ...["ingest", "--source", "mock_chat"],
  ],
  env: {
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
    KAFKA_COMPRESSION: compression,
    PRODUCER_RATE_PER_SEC: String(rate),
    PRODUCER_SEED: seed,
    ENABLE_FAKE_ANOMALIES: "false",
  },
  stdout: "piped",
  stderr: "piped",
}).spawn();
const output = child.output();
/** Memory of a process that is in use now. */
async function residentMebibytes(pid: number): Promise<number> {
  const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))![1];
  return Math.round(Number(kibibytes) / 1_024);
}

const recordsInLog = async () => (await log.endOffsets(chatEvents.topic)).reduce((sum, end) => sum + end, 0);
/** Records in the log, the moment and the CPU time so far. */
const look = async () => ({
  records: await recordsInLog(),
  atMs: performance.now(),
  cpuMs: await cpuMsOf(child.pid).catch(async () => {
    const { stdout, stderr } = await output;
    throw new Error(`ingest has ended: ${textOf(stdout)}${textOf(stderr)}`);
  }),
});
/** By the first batch. */
async function meanValueBytes(): Promise<number> {
  const batches = log.consume({
    topics: [chatEvents.topic],
    group: "bench",
    onAssign: () => Promise.resolve(0),
    onRevoke: () => Promise.resolve(),
    signal: new AbortController().signal,
  });
  for await (const { records } of batches) {
    return records.reduce((sum, { value }) => sum + new TextEncoder().encode(value).length, 0) / records.length;
  }
  return Number.NaN;
}

await systemClock.sleep(WARM_UP_MS);
const first = await look();
let last = first;
for (let second = 0; second < seconds; second += 5) {
  await systemClock.sleep(5_000);
  const next = await look();
  const rate = Math.round((next.records - last.records) / (next.atMs - last.atMs) * 1_000);
  const resident = `${await residentMebibytes(child.pid)} MiB`;
  print(`${String(second + 5).padStart(4)} s  ${String(rate).padStart(6)} records/s  ${resident} resident`);
  last = next;
}
child.kill("SIGINT");
const { code, stdout, stderr } = await output;
const said = textOf(stdout) + textOf(stderr);
const taken = Number(/stopped: (\d+) events/.exec(said)?.[1] ?? Number.NaN);
const inLog = await recordsInLog();
const valueBytes = await meanValueBytes();
await log[Symbol.asyncDispose]();

const records = last.records - first.records;
const ratePerSec = records / (last.atMs - first.atMs) * 1_000;
print(
  `mock chat, ${Math.round(valueBytes)} bytes an event, codec ${compression}: ${
    Math.round(ratePerSec)
  } records/s of ${rate} asked for, ` +
    `${((last.cpuMs - first.cpuMs) * 1_000 / records).toFixed(1)} µs CPU a record; ` +
    `${taken} taken in, ${inLog} in the log (exit ${code})`,
);
if (ratePerSec < rate * RATE_SHARE_MIN || taken !== inLog) {
  print(said);
  Deno.exitCode = 1;
}
