/**
 * The measured side of the engine benchmark: from records to the rows that a commit would write, without stores.
 *
 *     engine_child.ts SLIDE_MS METRICS EVENTS KEYS DURATION_MS WARM_EVENTS
 *
 * The first WARM_EVENTS are not measured: one of each key in turn, so that all keys are live.
 * @module
 */
import process from "node:process";
import { type ChatEvent, chatEvents } from "../core/events/chat.ts";
import { seededRandom } from "../core/clock.ts";
import type { LogRecord, RecordBatch, WindowChange } from "../core/ports.ts";
import { openEmbeddedWindowStore } from "../adapters/window_store_embedded.ts";
import { formatTime, minutes } from "../core/time.ts";
import { sliding } from "../core/window.ts";
import { Lane, noCounts } from "../processor/engine/lane.ts";
import { PartitionTask } from "../processor/engine/partition_task.ts";
import { SlicedPartition } from "../processor/engine/sliced_partition.ts";
import { SeqTracker } from "../processor/engine/producer_seqs.ts";
import { windowPace } from "../processor/engine/window_pace.ts";
import { count, distinct, maxOf, meanOf, type Metric, topK } from "../processor/metrics/mod.ts";
import { pipeline } from "../processor/pipeline.ts";

/** What a run cost and made. */
export interface EngineCost {
  readonly eventsPerSec: number;
  /** Over all threads of the process: garbage collection beside the work counts too. */
  readonly eventsPerCpuSec: number;
  readonly panesPerSec: number;
  readonly panes: number;
  readonly residentBytesMax: number;
  /** Time to read all slices from the embedded WindowStore and put them back; 0 without warm keys. */
  readonly restoreMs: number;
  /** Sum of chat_count over all panes: each event is in size / slide windows. */
  readonly counted: number;
}

interface Scored extends ChatEvent {
  readonly score: number;
}

const length = (event: Scored) => event.score;
const sets: Readonly<Record<string, Readonly<Record<string, Metric<Scored>>>>> = {
  count: { n: count() },
  plain: { n: count(), mean_length: meanOf(length, { scale: 3 }), max_length: maxOf(length, { scale: 3 }) },
  distinct: { n: count(), users: distinct((event) => event.user_id) },
  top_k: { n: count(), top: topK((event) => event.emotes, 5, { as: "emote" }) },
};

const SIZE_MS = minutes(1);
const START_MS = Date.UTC(2024, 0, 1);
const BATCH_EVENTS = 5_000;
/** How often a commit is captured. */
const TAKE_BATCHES = 10;

const [slideMs = 10_000, events = 2_000_000, keys = 10, durationMs = minutes(10), warmEvents = 0] = [0, 2, 3, 4, 5]
  .flatMap((place) => Deno.args[place] ?? []).map(Number);
const definition = pipeline<Scored>({
  name: "bench",
  contract: chatEvents as never,
  key: "stream_id",
  window: sliding({ sizeMs: SIZE_MS, slideMs }),
  outOfOrdernessMs: 0,
  metrics: sets[Deno.args[1] ?? "plain"]!,
  table: "bench",
});
const start = {
  pipeline: definition,
  watermarkMs: null,
  eventTimeMsMax: null,
  keyedStates: [],
  tracksLive: false,
};
const state = new SlicedPartition(start);
const lane = new Lane({
  state,
  restoreSeqs: new SeqTracker(),
  seqs: new SeqTracker(),
  startOffset: 0,
  resumeOffset: 0,
  rebuildOffset: 0,
  storedOffset: 0,
  pace: windowPace,
  idleWatermarkMs: null,
  incarnation: "",
  generation: 0,
  counts: noCounts(),
  countedOffset: 0,
  firstStates: [],
});
lane.resume();
const at = { topic: "bench", partition: 0 };
const task = new PartitionTask(
  { ...at, epoch: 1, lanes: [lane], startOffset: 0, rebuildOffset: 0, countedOffset: 0, witness: null, notes: [] },
  { partitionCount: 1, nowMs: 0 },
);

const random = seededRandom(1);
const emotes = ["Kappa", "LUL", "PogChamp", "KEKW", "monkaS", "Sadge", "OMEGALUL", "Pog"];

/** A batch of records as the log would give it; made outside of the measured time. */
function batchFrom(offset: number, size: number): RecordBatch {
  const records = Array.from({ length: Math.min(size, events - offset) }, (_, i): LogRecord => {
    const event = {
      event_id: `e${offset + i}`,
      timestamp: formatTime(START_MS + Math.floor((offset + i) * durationMs / events)),
      source: "bench",
      stream_id: `stream_${offset + i < warmEvents ? (offset + i) % keys : Math.floor(random.next() * keys)}`,
      user_id: `user_${Math.floor(random.next() * 5_000)}`,
      username: "somebody",
      message: "a message of the usual length, neither long nor short",
      emotes: [emotes[Math.floor(random.next() * emotes.length)]!],
      score: Math.floor(random.next() * 500),
    };
    const seq = offset + i;
    return {
      key: event.stream_id,
      value: JSON.stringify(event),
      instance: "bench",
      seq,
      runId: null,
      offset: seq,
      appendTimeMs: Infinity,
    };
  });
  return { ...at, records, endOffset: events };
}

let [panes, counted, measuredMs, cpuMs] = [0, 0, 0, 0];
function measured(work: () => void): void {
  if (task.nextOffset < warmEvents) return work();
  const startMs = performance.now();
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  cpuMs += (user + system) / 1000;
  measuredMs += performance.now() - startMs;
}
/** What a commit would write. */
function take(): void {
  for (const { rows } of task.capture()?.summary.rows ?? []) {
    panes += rows.length;
    for (const { values } of rows) counted += values[3] as number;
  }
}

for (let offset = 0; offset < events; offset += BATCH_EVENTS) {
  const batch = batchFrom(offset, BATCH_EVENTS);
  measured(() => task.process(batch));
  if ((offset / BATCH_EVENTS) % TAKE_BATCHES === 0) measured(take);
}
/** All slices, as they stand before their windows fire. */
let stored: WindowChange | null = null;
if (warmEvents > 0) {
  lane.forgetStored();
  stored = { ...lane.takeWindowChange(events, 1)!, fromOffset: null };
}
measured(() => {
  state.advance(START_MS + durationMs + SIZE_MS, events, lane.countsOf(""));
  take();
});
const seconds = measuredMs / 1000;
const residentBytesMax = process.resourceUsage().maxRSS * 1024;

/** Puts the slices back as an owner does who takes the partition over. */
async function restore(): Promise<number> {
  if (stored === null) return 0;
  const path = await Deno.makeTempDir();
  await using store = await openEmbeddedWindowStore({ path: `${path}/windows.db` });
  await store.commit("bench", 0, stored);
  stored = null;
  const startMs = performance.now();
  const found = await store.load("bench", 0);
  const next = new SlicedPartition(start);
  for (const slice of found!.slices) next.restoreSlice(slice, 0);
  next.resume();
  const durationMs = performance.now() - startMs;
  await Deno.remove(path, { recursive: true });
  return durationMs;
}

const cost: EngineCost = {
  eventsPerSec: (events - warmEvents) / seconds,
  eventsPerCpuSec: (events - warmEvents) / cpuMs * 1000,
  panesPerSec: panes / seconds,
  panes,
  residentBytesMax,
  restoreMs: await restore(),
  counted,
};
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(cost) + "\n"));
