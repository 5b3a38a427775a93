/**
 * The processor: takes partitions over as the log assigns them, feeds their batches to tasks, and sees to commits, live
 * updates and idle partitions in time.
 * @module
 */
import { FencedError, messageOf } from "../core/errors.ts";
import type { LiveFeed, RecordBatch, TopicPartition } from "../core/ports.ts";
import type { PartitionStatus, ProcessorStatus } from "../core/status.ts";
import { seconds } from "../core/time.ts";
import { type EnginePorts, takeOver } from "./engine/assignment.ts";
import { PROCESSOR_GROUP } from "./engine/commit.ts";
import { Committer } from "./engine/committer.ts";
import { PartitionTask } from "./engine/partition_task.ts";
import { enrichersOf } from "./engine/enrichment.ts";
import type { Enricher } from "./enrichers/enricher.ts";
import type { Pipeline } from "./pipeline.ts";

/** How the processor works. */
export interface ProcessorOptions {
  readonly pipelines: readonly Pipeline[];
  /** Null where nobody looks: no early panes are made then. */
  readonly liveFeed: LiveFeed | null;
  /** Time between commits of a partition. Default 1 s. */
  readonly commitIntervalMs?: number;
  /** Records after which a partition commits before its time. Default 100,000. */
  readonly commitRecordsMax?: number;
  /** Time between rounds of early panes. Default 100 ms. */
  readonly liveIntervalMs?: number;
  /** Silence after which a partition's watermark goes on with the clock; null = never (a replay). */
  readonly idleTimeoutMs: number | null;
  /** What people should know: takeovers with consequences, failures that are retried. */
  readonly onNote?: (note: string) => void;
}

interface Member {
  readonly task: PartitionTask;
  readonly committer: Committer;
  /** When the last record was taken in. */
  lastRecordMs: number;
  /** Whether the windows that can still change were published: once, when they are complete. */
  announced: boolean;
  /** Whether the log could not be reached when it was last asked. */
  logAway: boolean;
  /** While a granted watermark is being stored: no record may come between. */
  idling: Promise<void> | null;
}

const memberKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Runs pipelines. One at a time calls {@link run}. */
export class Processor {
  readonly #ports: EnginePorts & { liveFeed: LiveFeed | null };
  readonly #options: Required<Omit<ProcessorOptions, "onNote">>;
  readonly #note: (note: string) => void;
  readonly #members = new Map<string, Member>();
  readonly #byTopic: ReadonlyMap<string, readonly Pipeline[]>;
  readonly #enrichers: readonly Enricher[];
  #partitionCounts = new Map<string, number>();
  #records = 0;
  #progressed = Promise.withResolvers<void>();

  constructor(ports: EnginePorts, options: ProcessorOptions) {
    this.#ports = { ...ports, liveFeed: options.liveFeed };
    this.#note = options.onNote ?? (() => {});
    this.#options = {
      commitIntervalMs: seconds(1),
      commitRecordsMax: 100_000,
      liveIntervalMs: 100,
      ...options,
    };
    const byTopic = new Map<string, Pipeline[]>();
    for (const pipeline of options.pipelines) {
      const { topic } = pipeline.contract;
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), pipeline]);
    }
    this.#byTopic = byTopic;
    this.#enrichers = [...new Set([...byTopic.values()].flatMap(enrichersOf))];
  }

  /** Processes until the signal aborts, once the enrichers are ready, then commits what is done. Rejects when a store fails. */
  async run(signal: AbortSignal): Promise<void> {
    const topics = [...this.#byTopic.keys()];
    await Promise.all(this.#enrichers.map((enricher) => enricher.prepare?.()));
    const stored = await this.#ports.log.topics();
    this.#partitionCounts = new Map(stored.map(({ topic, partitions }) => [topic, partitions]));
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    const reading = this.#read(topics, stopped);
    const ticking = this.#tick(stopped);
    try {
      await Promise.all([reading, ticking]);
    } catch (error) {
      // Whoever waits for progress must see that there will be none.
      this.#progressed.reject(error);
      this.#progressed.promise.catch(() => {});
      throw error;
    } finally {
      stop.abort();
      await Promise.allSettled([reading, ticking]);
    }
    for (const { committer } of this.#members.values()) await committer.run();
  }

  /** Resolves when every partition is processed up to these ends. */
  async caughtUp(): Promise<void> {
    const ends = new Map<string, readonly number[]>();
    for (const topic of this.#byTopic.keys()) ends.set(topic, await this.#ports.log.endOffsets(topic));
    const behind = (): boolean =>
      [...ends].some(([topic, offsets]) =>
        offsets.some((end, partition) => {
          const member = this.#members.get(memberKey({ topic, partition }));
          return member === undefined || member.task.nextOffset < end || !member.task.restored;
        })
      );
    while (behind()) await this.#progressed.promise;
  }

  /**
   * Writes the rows of all windows that are still open, without moving a watermark: later input corrects them.
   *
   * @returns how many were written, by pipeline; a session that opened again was counted when it fired.
   */
  async drain(): Promise<Map<string, number>> {
    await this.caughtUp();
    const written = new Map<string, number>();
    for (const { task, committer } of this.#members.values()) {
      await committer.run();
      const drained = task.openPanes();
      for (const [{ name }, panes] of drained) {
        written.set(
          name,
          (written.get(name) ?? 0) + panes.filter(({ reopened }) => !reopened).length,
        );
      }
      if ([...drained.values()].some((panes) => panes.length > 0)) await committer.run({ drained });
    }
    return written;
  }

  /** How far it is. */
  status(): ProcessorStatus {
    const partitions: PartitionStatus[] = [];
    let lagRecords = 0;
    for (const { task } of this.#members.values()) {
      const { topic, partition } = task.assignment;
      const { nextOffset, endOffset } = task;
      lagRecords += Math.max(0, endOffset - nextOffset);
      for (const lane of task.lanes) {
        const { state } = lane;
        const watermarkMs = Number.isFinite(state.watermarkMs) ? state.watermarkMs : null;
        const pipeline = state.pipeline.name;
        const unenriched = lane.total("unenriched");
        partitions.push({ pipeline, topic, partition, nextOffset, endOffset, watermarkMs, unenriched });
      }
    }
    return { records: this.#records, lagRecords, partitions };
  }

  async #read(topics: readonly string[], signal: AbortSignal): Promise<void> {
    const batches = this.#ports.log.consume({
      topics,
      group: PROCESSOR_GROUP,
      signal,
      onAssign: (at) => this.#assign(at),
      onRevoke: (at) => this.#revoke(at),
    });
    for await (const batch of batches) {
      await this.#take(batch);
      // Stores answer by messages: without a turn of the event loop none would be heard while the log has records.
      await this.#ports.clock.sleep(0);
    }
  }

  async #take(batch: RecordBatch): Promise<void> {
    const member = this.#members.get(memberKey(batch));
    if (member === undefined) return;
    const { task, committer } = member;
    while (member.idling !== null) await member.idling;
    task.process(batch);
    this.#records += batch.records.length;
    member.lastRecordMs = this.#ports.clock.nowMs();
    await this.#announceRetained(member);
    this.#announceProgress();
    const { commitIntervalMs, commitRecordsMax } = this.#options;
    if (committer.ageMs >= commitIntervalMs || task.recordsSinceCapture >= commitRecordsMax) await committer.start();
  }

  async #assign(at: TopicPartition): Promise<number> {
    const pipelines = this.#byTopic.get(at.topic) ?? [];
    const { liveFeed } = this.#options;
    const assignment = await takeOver(this.#ports, { at, pipelines, tracksLive: liveFeed !== null });
    for (const note of assignment.notes) this.#note(`${at.topic}/${at.partition}: ${note}`);
    await this.#ports.log.setRetentionFloor({ ...at, offset: assignment.rebuildOffset });
    const partitionCount = this.#partitionCounts.get(at.topic) ?? 1;
    const nowMs = this.#ports.clock.nowMs();
    const task = new PartitionTask(assignment, { partitionCount, nowMs });
    const committer = new Committer(task, this.#ports);
    const member: Member = { task, committer, lastRecordMs: nowMs, announced: false, logAway: false, idling: null };
    this.#members.set(memberKey(at), member);
    await this.#announceRetained(member);
    this.#announceProgress();
    return assignment.startOffset;
  }

  /** Publishes the windows that can still change, once they are restored. */
  async #announceRetained(member: Member): Promise<void> {
    const { liveFeed } = this.#options;
    if (liveFeed === null || member.announced || !member.task.restored) return;
    member.announced = true;
    await liveFeed.publish(member.task.retainedUpdates());
  }

  async #revoke(at: TopicPartition): Promise<void> {
    const member = this.#members.get(memberKey(at));
    this.#members.delete(memberKey(at));
    try {
      await member?.committer.run();
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      this.#note(error.message);
    }
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { clock, liveFeed } = this.#ports;
    while (!signal.aborted) {
      await clock.sleep(this.#options.liveIntervalMs, signal);
      for (const member of this.#members.values()) {
        const { task, committer } = member;
        if (liveFeed !== null) await liveFeed.publish(task.takeEarlyUpdates());
        // A commit that failed with nothing after it would be heard of by nobody else.
        if (committer.failed) await committer.settle();
        if (task.dirty && committer.ageMs >= this.#options.commitIntervalMs) await committer.start();
        await this.#advanceIdle(member);
      }
    }
  }

  /** Lets the watermarks of a silent partition go on with the clock: stored first, then acted upon. */
  async #advanceIdle(member: Member): Promise<void> {
    const { task, committer, lastRecordMs } = member;
    const { idleTimeoutMs } = this.#options;
    const nowMs = this.#ports.clock.nowMs();
    if (idleTimeoutMs === null || nowMs - lastRecordMs < idleTimeoutMs || !task.restored) return;
    const { topic, partition } = task.assignment;
    if (!task.grantIdle(nowMs, { dryRun: true })) return;
    // Reading the end proves that the log can be reached: silence of a log that is away says nothing.
    const ends = await this.#ports.log.endOffsets(topic).catch((error) => {
      if (!member.logAway) {
        this.#note(`${memberKey(task.assignment)}: watermark waits for the log: ${messageOf(error)}`);
      }
      return null;
    });
    member.logAway = ends === null;
    if (ends === null) return;
    // A record may have come while the log was asked.
    if (ends[partition] !== task.nextOffset || member.lastRecordMs !== lastRecordMs) return;
    if (!task.grantIdle(nowMs, { dryRun: false })) return;
    member.idling = committer.run().then(() => task.actOnIdle()).finally(() => member.idling = null);
    await member.idling;
  }

  #announceProgress(): void {
    const { resolve } = this.#progressed;
    this.#progressed = Promise.withResolvers();
    resolve();
  }
}
