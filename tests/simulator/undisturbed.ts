/**
 * One pass of the engine over the whole log in a single process, with nothing in its way: what detectors find, and which
 * records topics are to hold, no matter what happened in between.
 * @module
 */
import { derivedTopics } from "../../core/events/mod.ts";
import type { LogRecord, WindowChange } from "../../core/ports.ts";
import { takeOver } from "../../processor/engine/assignment.ts";
import type { CommitPlan } from "../../processor/engine/commit.ts";
import { windowPace } from "../../processor/engine/window_pace.ts";
import { PartitionTask } from "../../processor/engine/partition_task.ts";
import type { Pipeline } from "../../processor/pipeline.ts";
import { memoryPorts } from "../support/memory_ports.ts";
import type { IdleGrant } from "../support/reference.ts";
import { simTopic } from "./pipelines.ts";

/** What the pass came to. */
export interface Undisturbed {
  /** Rows of table `anomalies`. */
  readonly anomalies: readonly (readonly unknown[])[];
  /** The event_ids of each derived topic. */
  readonly derivedIds: ReadonlyMap<string, ReadonlySet<string>>;
  /** By pipeline, how many keys its detectors have forgotten. */
  readonly keysDropped: ReadonlyMap<string, number>;
  /** What the WindowStore is to hold, by `pipeline/partition`. */
  readonly windows: ReadonlyMap<string, WindowChange>;
}

const noTurn = (): Promise<void> => Promise.resolve();

/** Runs the engine once. */
export async function undisturbedPass(
  partitions: readonly (readonly LogRecord[])[],
  { pipelines, grants }: { pipelines: readonly Pipeline[]; grants: readonly IdleGrant[] },
): Promise<Undisturbed> {
  const ports = memoryPorts({ nowMs: () => 0, sleep: noTurn }, noTurn);
  await ports.log.ensureTopics([{ topic: simTopic, partitions: partitions.length }]);
  const anomalies: (readonly unknown[])[] = [];
  const derivedIds = new Map<string, Set<string>>(Object.values(derivedTopics).map((topic) => [topic, new Set()]));
  const windows = new Map<string, WindowChange>();
  const keysDropped = new Map<string, number>();
  for (const [partition, records] of partitions.entries()) {
    const assignment = await takeOver(ports, {
      at: { topic: simTopic, partition },
      pipelines,
      tracksLive: false,
      pace: windowPace,
    });
    const task = new PartitionTask(assignment, { partitionCount: partitions.length, nowMs: 0 });
    const own = grants.filter((grant) => grant.partition === partition);
    passOver(task, records, own);
    const plan = task.capture()!;
    for (const { lane, change } of plan.windows) windows.set(`${lane.state.pipeline.name}/${partition}`, change);
    anomalies.push(...rowsOf(plan));
    for (const { pipeline, counts } of plan.summary.progress) {
      keysDropped.set(pipeline, (keysDropped.get(pipeline) ?? 0) + (counts.detector_keys_dropped ?? 0));
    }
    for (const { topic, records: derived } of plan.derived) {
      for (const { value } of derived) derivedIds.get(topic)!.add(JSON.parse(value).event_id);
    }
  }
  return { anomalies, derivedIds, keysDropped, windows };
}

function passOver(task: PartitionTask, records: readonly LogRecord[], grants: readonly IdleGrant[]): void {
  const { topic, partition } = task.assignment;
  const offsets = [...new Set(grants.map(({ offset }) => offset)), records.length].sort((a, b) => a - b);
  for (const offset of offsets) {
    const batch = records.slice(task.nextOffset, offset);
    task.process({ topic, partition, records: batch, endOffset: records.length });
    for (const grant of grants.filter((one) => one.offset === offset)) {
      const lane = task.lanes.find(({ state }) => state.pipeline.name === grant.pipeline)!;
      lane.grantIdle(grant.watermarkMs);
      task.actOnIdle();
    }
  }
}

const rowsOf = ({ summary }: CommitPlan): (readonly unknown[])[] =>
  summary.rows.filter(({ spec }) => spec.table === "anomalies").flatMap(({ rows }) => rows.map(({ values }) => values));
