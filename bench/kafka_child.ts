/**
 * The measured side of the benchmark on real services; addresses come by the environment.
 *
 *     kafka_child.ts feed LINES         writes the chat lines into the log; not measured
 *     kafka_child.ts floor              consumes them and JSON.parses them, nothing else
 *     kafka_child.ts process PIPELINES  one processor, from the log to the rows: `chat`, or `all` of the topic
 *     kafka_child.ts threads N          the processor of the command `process` with N threads: all pipelines
 * @module
 */
import process from "node:process";
import { openStores } from "../adapters/mod.ts";
import { systemClock } from "../core/clock.ts";
import { parseConfig } from "../core/config.ts";
import { chatEvents } from "../core/events/chat.ts";
import type { EventLog, NewRecord } from "../core/ports.ts";
import { ProcessingThreads } from "../cli/services/processing_threads.ts";
import { ensureTopics } from "../cli/topics.ts";
import { pipelines } from "../processor/pipelines/mod.ts";
import { Processor } from "../processor/processor.ts";
import { chatLines } from "../tests/support/chat_file.ts";
import type { Cost } from "./child.ts";

const APPEND_RECORDS = 5_000;
const shape = { seed: 1, streams: 100, durationMs: 600_000, lateShare: 0.05, lateMsMax: 20_000, lineBytes: 220 };

async function feed(log: EventLog, lines: number): Promise<void> {
  await ensureTopics(log);
  let records: NewRecord[] = [];
  let seq = 0;
  const send = () => log.append({ writes: [{ topic: chatEvents.topic, records }] });
  for (const value of chatLines({ ...shape, lines })) {
    const key = /"stream_id":"([^"]+)"/.exec(value)![1]!;
    records.push({ key, value, instance: "bench:0", seq: seq++, runId: null });
    if (records.length < APPEND_RECORDS) continue;
    await send();
    records = [];
  }
  if (records.length > 0) await send();
}

async function floor(log: EventLog): Promise<void> {
  const ends = await log.endOffsets(chatEvents.topic);
  let left = ends.reduce((sum, end) => sum + end, 0);
  const stop = new AbortController();
  const batches = log.consume({
    topics: [chatEvents.topic],
    group: `floor-${Deno.pid}`,
    signal: stop.signal,
    onAssign: () => Promise.resolve(0),
    onRevoke: () => Promise.resolve(),
  });
  let emotes = 0;
  for await (const { records } of batches) {
    for (const { value } of records) emotes += (JSON.parse(value) as { emotes: string[] }).emotes.length;
    left -= records.length;
    if (left <= 0) break;
  }
  // Used, so that no engine may leave the work out.
  if (emotes < 0) throw new Error("unreachable");
}

/** All of `process` with its threads, until the last of the events is taken in and saved. */
async function runThreads(threads: number): Promise<void> {
  const ends = await stores.log.endOffsets(chatEvents.topic);
  const lines = ends.reduce((sum, end) => sum + end, 0);
  const processing = new ProcessingThreads({ config, threads, onNote });
  const stop = new AbortController();
  const running = processing.run(stop.signal);
  while (processing.status().records < lines) await Promise.race([systemClock.sleep(100), running]);
  stop.abort();
  await running;
}

const [job = "", word = ""] = Deno.args;
const { config } = parseConfig(Deno.env.toObject());
const onNote = (note: string) => Deno.stderr.writeSync(new TextEncoder().encode(note + "\n"));
await using stores = await openStores(config, { clock: systemClock, onNote });
let startedMs = performance.now();
let cpu = process.cpuUsage();
/** From here on it counts: the start of the runtime and of the clients does not. */
const begin = () => {
  startedMs = performance.now();
  cpu = process.cpuUsage();
};

if (job === "feed") await feed(stores.log, Number(word));
else if (job === "floor") {
  begin();
  await floor(stores.log);
} else if (job === "threads") {
  await ensureTopics(stores.log);
  begin();
  await runThreads(Number(word));
} else {
  const own = pipelines.filter(({ contract, name }) =>
    contract.topic === chatEvents.topic && (word === "all" || name === word)
  );
  const processor = new Processor({ ...stores, clock: systemClock }, {
    pipelines: own,
    group: `bench-${Deno.pid}`,
    liveFeed: null,
    idleTimeoutMs: null,
    onNote,
  });
  const stop = new AbortController();
  begin();
  const running = processor.run(stop.signal);
  await processor.drain();
  stop.abort();
  await running;
}
const { user, system } = process.cpuUsage(cpu);
const cost: Cost = {
  wallMs: performance.now() - startedMs,
  cpuMs: (user + system) / 1000,
  residentBytesMax: process.resourceUsage().maxRSS * 1024,
};
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(cost) + "\n"));
