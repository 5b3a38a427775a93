/**
 * The processor: takes partitions over as the log assigns them, feeds their batches to tasks, and sees to commits, live
 * updates and idle partitions in time.
 * @module
 */
import { FencedError, messageOf } from "../core/errors.ts";
import type { KeptEvents } from "../core/kept_events.ts";
import type { LiveFeed, RecordBatch, TopicPartition } from "../core/ports.ts";
import type { PartitionStatus, ProcessorStatus } from "../core/status.ts";
import { seconds } from "../core/time.ts";
import { type Assignment, type EnginePorts, takeOver } from "./engine/assignment.ts";
import { PROCESSOR_GROUP } from "./engine/commit.ts";
import { Committer } from "./engine/committer.ts";
import {
  generationsElsewhere,
  partitionCountOf,
  type PartitionCounts,
  partitionCounts,
  refuseNewCounts,
  refuseStoredCounts,
} from "./engine/partition_counts.ts";
import { dropOldEvents } from "./engine/event_keeper.ts";
import { PartitionTask } from "./engine/partition_task.ts";
import { countingTopic, floorHolders, RekeyCopiers } from "./engine/rekey_copiers.ts";
import { RetentionFloors } from "./engine/retention_floors.ts";
import { type WindowPace, windowPace } from "./engine/window_pace.ts";
import { enrichersOf } from "./engine/enrichment.ts";
import type { Enricher } from "./enrichers/enricher.ts";
import type { Pipeline } from "./pipeline.ts";
import { ensureRekeyTopics } from "./rekey_targets.ts";

/** How the processor works. */
export interface ProcessorOptions {
  readonly pipelines: readonly Pipeline[];
  /** Members of one group share the partitions. Default {@link PROCESSOR_GROUP}. */
  readonly group?: string;
  /** Null where nobody looks: no early panes are made then. */
  readonly liveFeed: LiveFeed | null;
  /** Time between commits of a partition. Default 1 s. */
  readonly commitIntervalMs?: number;
  /** Records after which a partition commits before its time. Default 100,000. */
  readonly commitRecordsMax?: number;
  /** Time between rounds of early panes. Default 100 ms. */
  readonly liveIntervalMs?: number;
  /** How often changed slices are written to the WindowStore. Default {@link windowPace}. */
  readonly windowPace?: WindowPace;
  /** Silence after which a partition's watermark goes on with the clock; null = never (a replay). */
  readonly idleTimeoutMs: number | null;
  /** What is kept of each event in the table raw_events, and for how long; null = nothing. Default null. */
  readonly keepEvents?: { readonly kind: KeptEvents["kind"]; readonly retentionMs: number } | null;
  /**
   * What an owner does that another one has overtaken: `stop` ends the run; `leave` goes on with its other partitions, as
   * is right where processes share them and the log soon says whose this one is. Default `stop`.
   */
  readonly whenFenced?: "stop" | "leave";
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

/** Time between looks at the topics' numbers of partitions. */
const COUNT_CHECK_MS = seconds(30);
/** How long a partition that was left may stay without an owner of this process before that counts as a failure. */
const LEFT_MS_MAX = seconds(90);

const memberKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Runs pipelines. One at a time calls {@link run}. */
export class Processor {
  readonly #ports: EnginePorts & { liveFeed: LiveFeed | null; floors: RetentionFloors };
  readonly #options: Required<Omit<ProcessorOptions, "onNote">>;
  readonly #note: (note: string) => void;
  readonly #members = new Map<string, Member>();
  readonly #byTopic: ReadonlyMap<string, readonly Pipeline[]>;
  readonly #copiers: RekeyCopiers;
  #partitionCounts: PartitionCounts = new Map();
  #elsewhere: ReadonlyMap<string, number> = new Map();
  #countsCheckedMs = 0;
  /** Partitions that were left to a newer owner, until the log says whose they are. */
  readonly #left = new Map<string, { readonly sinceMs: number; readonly error: FencedError }>();
  readonly #enrichers: readonly Enricher[];
  #records = 0;
  #progressed = Promise.withResolvers<void>();

  constructor(ports: EnginePorts, options: ProcessorOptions) {
    const floors = new RetentionFloors(ports.log, floorHolders(options.pipelines));
    this.#ports = { ...ports, liveFeed: options.liveFeed, floors };
    this.#note = options.onNote ?? (() => {});
    this.#options = {
      commitIntervalMs: seconds(1),
      commitRecordsMax: 100_000,
      liveIntervalMs: 100,
      windowPace,
      group: PROCESSOR_GROUP,
      keepEvents: null,
      whenFenced: "stop",
      ...options,
    };
    const byTopic = new Map<string, Pipeline[]>();
    for (const pipeline of options.pipelines) {
      const { topic } = pipeline;
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), pipeline]);
    }
    this.#byTopic = byTopic;
    this.#enrichers = [...new Set([...byTopic.values()].flatMap(enrichersOf))];
    const { group, idleTimeoutMs } = this.#options;
    const onProgress = () => this.#announceProgress();
    const { log, clock } = ports;
    const how = { log, clock, floors, group, idleTimeoutMs, onNote: this.#note, onProgress };
    this.#copiers = new RekeyCopiers(options.pipelines, how);
  }

  /** Processes until the signal aborts, once the enrichers are ready, then commits what is done. Rejects when a store fails. */
  async run(signal: AbortSignal): Promise<void> {
    const topics = [...this.#byTopic.keys()];
    const { pipelines } = this.#options;
    const { log } = this.#ports;
    await ensureRekeyTopics(log, pipelines);
    const counts = this.#partitionCounts = await partitionCounts(log);
    this.#countsCheckedMs = this.#ports.clock.nowMs();
    const stored = await this.#ports.summaryStore.progress();
    await refuseStoredCounts(log, { pipelines, stored, counts });
    this.#elsewhere = generationsElsewhere(pipelines, stored);
    await Promise.all(this.#enrichers.map((enricher) => enricher.prepare?.()));
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    const reading = this.#read(topics, stopped);
    const copying = this.#copiers.run(stopped);
    const ticking = this.#tick(stopped);
    const { keepEvents } = this.#options;
    const dropping = keepEvents && dropOldEvents(this.#ports, { ...keepEvents, signal: stopped, onNote: this.#note });
    try {
      await Promise.all([reading, copying, ticking]);
    } catch (error) {
      // Whoever waits for progress must see that there will be none.
      this.#progressed.reject(error);
      this.#progressed.promise.catch(() => {});
      throw error;
    } finally {
      stop.abort();
      await Promise.allSettled([reading, copying, ticking, dropping]);
    }
    for (const member of this.#members.values()) await this.#unlessFenced(member, () => member.committer.run());
  }

  /** Resolves when every partition is processed up to these ends. */
  async caughtUp(): Promise<void> {
    await this.#copiers.caughtUp(() => this.#progressed.promise);
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

  /** Commits what is there at this moment: once it has resolved, rows and counts say so. */
  async save(): Promise<void> {
    await this.caughtUp();
    for (const { committer } of this.#members.values()) await committer.run();
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
  status(): Omit<ProcessorStatus, "restarts"> {
    const partitions: PartitionStatus[] = [];
    let lagRecords = this.#copiers.lagRecords;
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
    const { lookups } = this.#copiers;
    return { records: this.#records, lagRecords, partitions, ...(lookups.length > 0 && { lookups }) };
  }

  async #read(topics: readonly string[], signal: AbortSignal): Promise<void> {
    const batches = this.#ports.log.consume({
      topics,
      group: this.#options.group,
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
    await this.#unlessFenced(member, async () => {
      while (member.idling !== null) await member.idling;
    });
    if (this.#members.get(memberKey(batch)) !== member) return;
    task.process(batch);
    this.#records += batch.records.length;
    member.lastRecordMs = this.#ports.clock.nowMs();
    await this.#announceRetained(member);
    this.#announceProgress();
    const { commitIntervalMs, commitRecordsMax } = this.#options;
    const isDue = committer.ageMs >= commitIntervalMs || task.recordsSinceCapture >= commitRecordsMax || task.full;
    if (isDue) await this.#unlessFenced(member, () => committer.start());
  }

  /** Work of an owner; one that is overtaken leaves the partition where processes share them. */
  async #unlessFenced(member: Member, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof FencedError) || this.#options.whenFenced === "stop") throw error;
      const key = memberKey(member.task.assignment);
      // One that was revoked meanwhile is not missed.
      if (this.#members.get(key) !== member) return;
      this.#members.delete(key);
      this.#leave(key, error);
    }
  }

  #leave(key: string, error: FencedError): void {
    this.#left.set(key, { sinceMs: this.#ports.clock.nowMs(), error });
    this.#note(`${key}: ${error.message}; it is left to that one`);
  }

  async #assign(at: TopicPartition): Promise<number> {
    const pipelines = this.#byTopic.get(at.topic) ?? [];
    this.#left.delete(memberKey(at));
    const { liveFeed, windowPace: pace } = this.#options;
    let assignment: Assignment;
    try {
      const how = { at, pipelines, tracksLive: liveFeed !== null, pace, elsewhere: this.#elsewhere };
      assignment = await takeOver(this.#ports, how);
    } catch (error) {
      if (!(error instanceof FencedError) || this.#options.whenFenced === "stop") throw error;
      this.#leave(memberKey(at), error);
      return (await this.#ports.log.endOffsets(at.topic))[at.partition] ?? 0;
    }
    for (const note of assignment.notes) this.#note(`${at.topic}/${at.partition}: ${note}`);
    await this.#ports.floors.set("windows", { ...at, offset: assignment.rebuildOffset });
    const partitionCount = await partitionCountOf(this.#ports.log, this.#partitionCounts, at.topic);
    const nowMs = this.#ports.clock.nowMs();
    const keep = this.#options.keepEvents?.kind ?? null;
    const sourceTopic = pipelines[0]?.contract.topic ?? at.topic;
    const countsRecords = countingTopic(this.#options.pipelines, sourceTopic) === at.topic;
    const task = new PartitionTask(assignment, { partitionCount, nowMs, keep, countsRecords });
    const committer = new Committer(task, this.#ports);
    const member: Member = { task, committer, lastRecordMs: nowMs, announced: false, logAway: false, idling: null };
    this.#members.set(memberKey(at), member);
    await this.#announceRetained(member);
    this.#announceProgress();
    return assignment.startOffset;
  }

  /** Publishes the windows that can still change, once they are restored and stand. */
  async #announceRetained(member: Member): Promise<void> {
    const { liveFeed } = this.#options;
    if (liveFeed === null || member.announced || !member.task.announceable) return;
    member.announced = true;
    await liveFeed.publish(member.task.retainedUpdates());
  }

  async #revoke(at: TopicPartition): Promise<void> {
    const member = this.#members.get(memberKey(at));
    this.#members.delete(memberKey(at));
    this.#left.delete(memberKey(at));
    try {
      await member?.committer.run();
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      this.#note(error.message);
    }
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ports;
    while (!signal.aborted) {
      await clock.sleep(this.#options.liveIntervalMs, signal);
      for (const member of this.#members.values()) {
        await this.#unlessFenced(member, () => this.#tend(member));
      }
      await this.#checkCounts();
      const nowMs = clock.nowMs();
      for (const { sinceMs, error } of this.#left.values()) if (nowMs - sinceMs > LEFT_MS_MAX) throw error;
    }
  }

  async #tend(member: Member): Promise<void> {
    const { task, committer } = member;
    const { liveFeed } = this.#ports;
    if (liveFeed !== null) await liveFeed.publish(task.takeEarlyUpdates());
    await this.#announceRetained(member);
    // A commit that failed with nothing after it would be heard of by nobody else.
    if (committer.failed) await committer.settle();
    if (task.dirty && committer.ageMs >= this.#options.commitIntervalMs) await committer.start();
    await this.#advanceIdle(member);
  }

  /** A log that cannot be reached is looked at the next time. */
  async #checkCounts(): Promise<void> {
    const { clock, log } = this.#ports;
    if (clock.nowMs() - this.#countsCheckedMs < COUNT_CHECK_MS) return;
    this.#countsCheckedMs = clock.nowMs();
    const counts = await partitionCounts(log).catch(() => null);
    if (counts !== null) refuseNewCounts(this.#partitionCounts, counts, this.#byTopic.keys());
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
