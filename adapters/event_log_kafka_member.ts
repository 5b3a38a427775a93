/**
 * Being a member of a consumer group. kafkajs's consumer is used for this alone: it joins, sends heartbeats and hears of
 * rebalances with all partitions paused, so that no record in hand ever keeps it from its duties (kafkajs #1616, #1720).
 * A consumer that crashed, or that gives no sign of life (#1719), is replaced by a new one.
 * @module
 */
import type { Consumer, Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import type { TopicPartition } from "../core/ports.ts";
import { causeOf } from "./event_log_kafka_client.ts";
import { namingAssigner, takeOut } from "./event_log_kafka_group.ts";
import { isBrokerAway } from "./event_log_kafka_reach.ts";

/** How to be a member. */
export interface MemberOptions {
  readonly kafka: Kafka;
  readonly group: string;
  /** Full names. */
  readonly topics: readonly string[];
  /** Silence after which the group takes the member for dead. */
  readonly sessionTimeoutMs: number;
  readonly clock: Clock;
  readonly onNote: (note: string) => void;
  /** Called when {@link GroupMember.session} has changed, and when it may be trusted again. */
  readonly onChange: () => void;
}

/** What members went through; counts of all members of one log. */
export interface MemberStats {
  joins: number;
  /** Consumers that were replaced because they crashed or went silent. */
  restarts: number;
  /** Offsets for lag tools that could not be written. */
  offsetCommitFailures: number;
}

/** The partitions that are this member's, under a number that rises with every change. */
export interface Session {
  readonly number: number;
  /** By full topic names. Empty while the member is in no group. */
  readonly partitions: readonly TopicPartition[];
}

/** Each round of kafkajs's loop: heartbeats are due at most so much late, and stopping takes no longer. */
const ROUND_MS = 100;
/** Heartbeats in a session, at least. */
const HEARTBEATS = 10;
/** Others who come wait until the members have heard of it by their next heartbeat: half a second, not three. */
const HEARTBEAT_MS_MAX = 500;
/** How long a rebalance waits for members. */
const REBALANCE_MS_MAX = 60_000;
/** How long a consumer may take to leave before it is left behind. */
const LEAVE_MS_MAX = 5_000;
/** Time between looks whether a consumer lives. */
const WATCH_MS = 1_000;
const RESTART_MS_MIN = 200;
const RESTART_MS_MAX = 2_000;
/** More rebalances in a row than processes that come and go would make; then this member makes a new start. */
const JOINS_MAX = 30;
const JOINS_WINDOW_MS = 60_000;

/** Why a consumer ended. */
interface Ending {
  readonly cause: string;
  /** It was given up, though it did not fail by itself. */
  readonly isVerdict: boolean;
}

/** A member of a group, from its making until it is disposed. */
export class GroupMember implements AsyncDisposable {
  session: Session = { number: 0, partitions: [] };
  readonly #options: MemberOptions;
  readonly #stats: MemberStats;
  readonly #leaving = new AbortController();
  readonly #living: Promise<void>;
  #consumer: Consumer | null = null;
  #lastRoundMs: number;
  #lastHeartbeatMs: number;
  /** The group has said what is this member's: heartbeats are due. */
  #isJoined = false;
  #joinTimesMs: number[] = [];
  #lastFailure = "";
  /** The name that the group knows; after a consumer failed, until it is taken out. */
  #memberId: string | null = null;
  readonly #offsets = new Map<string, { topic: string; partition: number; offset: string }>();
  #committing = false;

  constructor(options: MemberOptions, stats: MemberStats) {
    this.#options = options;
    this.#stats = stats;
    this.#lastRoundMs = this.#lastHeartbeatMs = options.clock.nowMs();
    this.#living = this.#live();
  }

  /**
   * Whether the partitions are certainly this member's still: a process that stood still for longer than its session
   * learns from its next heartbeat what has become of them.
   */
  get trusted(): boolean {
    return this.#options.clock.nowMs() - this.#lastHeartbeatMs < this.#options.sessionTimeoutMs;
  }

  /** Begins a session anew with the same partitions: where they stand has to be found out again. */
  renew(): void {
    this.#change(this.session.partitions);
  }

  /** Writes an offset for lag tools, some time later: the newest of each partition, failures counted only. */
  commitOffset({ topic, partition, nextOffset }: TopicPartition & { readonly nextOffset: number }): void {
    this.#offsets.set(`${topic}/${partition}`, { topic, partition, offset: String(nextOffset) });
    if (!this.#committing) void this.#commitOffsets();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#living;
  }

  async #commitOffsets(): Promise<void> {
    this.#committing = true;
    while (this.#offsets.size > 0 && !this.#leaving.signal.aborted) {
      const offsets = [...this.#offsets.values()];
      this.#offsets.clear();
      try {
        await this.#consumer?.commitOffsets(offsets);
      } catch {
        this.#stats.offsetCommitFailures++;
      }
    }
    this.#committing = false;
  }

  #change(partitions: readonly TopicPartition[]): void {
    this.session = { number: this.session.number + 1, partitions };
    this.#options.onChange();
  }

  async #live(): Promise<void> {
    const { clock, onNote, group } = this.#options;
    const { signal } = this.#leaving;
    for (let failures = 0; !signal.aborted;) {
      const joinsBefore = this.#stats.joins;
      const { cause, isVerdict } = await this.#liveOnce();
      if (this.session.partitions.length > 0) this.#change([]);
      if (signal.aborted) return;
      failures = this.#stats.joins > joinsBefore ? 0 : failures + 1;
      this.#stats.restarts++;
      // One failure is over at the next try, most of the time; a broker that is away fails the same way again and again.
      if (cause !== this.#lastFailure && (failures > 0 || isVerdict)) {
        onNote(`group ${group}: ${cause}; joining again`);
        this.#lastFailure = cause;
      }
      await clock.sleep(Math.min(RESTART_MS_MIN * 2 ** failures, RESTART_MS_MAX), signal);
    }
  }

  /**
   * Takes the member of a consumer that failed out of the group, which would wait for it as long as a session lasts: one
   * that lost its coordinator cannot leave by itself. Gives why it cannot be done yet, else null.
   */
  async #bury(): Promise<string | null> {
    const { kafka, group } = this.#options;
    if (this.#memberId === null) return null;
    try {
      await takeOut(kafka, group, this.#memberId);
    } catch (error) {
      if (isBrokerAway(error)) return messageOf(causeOf(error));
      // The group knows it no more, or refuses: joining tells.
    }
    this.#memberId = null;
    return null;
  }

  /** One consumer from its start to its end; gives why it ended. */
  async #liveOnce(): Promise<Ending> {
    const { kafka, group, topics, sessionTimeoutMs, clock } = this.#options;
    const obstacle = await this.#bury();
    if (obstacle !== null) return { cause: obstacle, isVerdict: false };
    const consumer: Consumer = kafka.consumer({
      groupId: group,
      partitionAssigners: [namingAssigner((memberId) => {
        if (this.#consumer === consumer) this.#memberId = memberId;
      })],
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: REBALANCE_MS_MAX,
      heartbeatInterval: Math.min(Math.floor(sessionTimeoutMs / HEARTBEATS), HEARTBEAT_MS_MAX),
      maxWaitTimeInMs: ROUND_MS,
      allowAutoTopicCreation: false,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1_000,
        retries: 3,
        // What comes next is decided here.
        restartOnFailure: () => Promise.resolve(false),
      },
    });
    const crashed = this.#listen(consumer);
    this.#consumer = consumer;
    this.#lastRoundMs = this.#lastHeartbeatMs = clock.nowMs();
    this.#isJoined = false;
    const running = this.#run(consumer, topics);
    const ended = new AbortController();
    const failed = running.then(() => crashed, (error) => messageOf(causeOf(error)));
    const ending = await Promise.race([
      failed.then((cause) => ({ cause, isVerdict: false })),
      crashed.then((cause) => ({ cause, isVerdict: false })),
      this.#watch(ended.signal).then((cause) => ({ cause, isVerdict: true })),
    ]);
    ended.abort();
    this.#consumer = null;
    // A consumer that hangs must not hold up its successor.
    const left = running.catch(() => {}).then(() => consumer.disconnect()).catch(() => {});
    const patience = new AbortController();
    await Promise.race([left, clock.sleep(LEAVE_MS_MAX, patience.signal)]);
    patience.abort();
    return ending;
  }

  async #run(consumer: Consumer, topics: readonly string[]): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
  }

  #listen(consumer: Consumer): Promise<string> {
    const { clock, topics } = this.#options;
    const { events } = consumer;
    const isCurrent = () => this.#consumer === consumer;
    consumer.on(events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      // Before the loop goes on: nothing is fetched here.
      consumer.pause(topics.map((topic) => ({ topic })));
      if (!isCurrent()) return;
      this.#isJoined = true;
      this.#stats.joins++;
      const nowMs = clock.nowMs();
      this.#lastRoundMs = this.#lastHeartbeatMs = nowMs;
      this.#joinTimesMs = [...this.#joinTimesMs.filter((timeMs) => timeMs > nowMs - JOINS_WINDOW_MS), nowMs];
      const assigned = Object.entries(memberAssignment);
      this.#change(assigned.flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition }))));
      if (this.#lastFailure !== "") this.#options.onNote(`group ${this.#options.group}: joined again`);
      this.#lastFailure = "";
    });
    consumer.on(events.REBALANCING, () => {
      if (!isCurrent()) return;
      this.#isJoined = false;
      this.#change([]);
    });
    consumer.on(events.HEARTBEAT, () => {
      if (!isCurrent()) return;
      const wasTrusted = this.trusted;
      this.#lastHeartbeatMs = clock.nowMs();
      if (!wasTrusted) this.#options.onChange();
    });
    consumer.on(events.FETCH, () => {
      this.#lastRoundMs = clock.nowMs();
    });
    return new Promise((resolve) => {
      consumer.on(events.CRASH, ({ payload: { error } }) => resolve(messageOf(causeOf(error))));
    });
  }

  /** Resolves when the consumer is to be given up: it went silent, joins without end, or the member leaves. */
  async #watch(ended: AbortSignal): Promise<string> {
    const { clock, sessionTimeoutMs } = this.#options;
    const signal = AbortSignal.any([ended, this.#leaving.signal]);
    const silenceMsMax = sessionTimeoutMs + REBALANCE_MS_MAX;
    for (let [unheardMs, heardMs] = [0, 0]; !signal.aborted;) {
      await clock.sleep(WATCH_MS, signal);
      // Counted in rounds: after a halt of this process what has come meanwhile is heard first.
      unheardMs = heardMs === this.#lastHeartbeatMs ? unheardMs + WATCH_MS : 0;
      heardMs = this.#lastHeartbeatMs;
      // One that hangs is not the coordinator for long, but kafkajs would wait for its answer.
      if (this.#isJoined && unheardMs > sessionTimeoutMs) {
        return `the coordinator has not answered for ${sessionTimeoutMs / 1_000} s`;
      }
      if (clock.nowMs() - this.#lastRoundMs > silenceMsMax) return `no sign of life for ${silenceMsMax / 1_000} s`;
      if (this.#joinTimesMs.length > JOINS_MAX) {
        this.#joinTimesMs = [];
        return `more than ${JOINS_MAX} rebalances in ${JOINS_WINDOW_MS / 1_000} s`;
      }
    }
    return "leaving";
  }
}
