/**
 * The ports as one life sees them: every call goes through {@link Life.call} to the stores that all lives share, and
 * what the stores take is noted in the history.
 * @module
 */
import type { EventLog, LiveFeed, LiveUpdate, SummaryChange, SummaryStore, WindowStore } from "../../core/ports.ts";
import { witnessOf, witnessOffset } from "../../core/witness.ts";
import type { EnginePorts } from "../../processor/engine/assignment.ts";
import type { MemoryLog } from "../support/memory_log.ts";
import type { MemorySummaryStore, MemoryWindowStore } from "../support/memory_ports.ts";
import { plainCopy } from "../support/plain_copy.ts";
import type { Group } from "./group.ts";
import type { Doer, History } from "./history.ts";
import type { Life } from "./life.ts";
import type { CallName } from "./scenario.ts";
import { takeGaps } from "./takeover.ts";

/** Everything that lives share. */
export interface World {
  readonly history: History;
  readonly group: Group;
  readonly log: MemoryLog;
  readonly windowStore: MemoryWindowStore;
  readonly summaryStore: MemorySummaryStore;
  readonly feed: FeedTwin;
  readonly pipelineNames: readonly string[];
}

/** The ports of one life. */
export type LifePorts = EnginePorts & { readonly liveFeed: LiveFeed };

/** Gives ids to updates as the embedded feed does; who reads them is the history. */
export class FeedTwin {
  readonly #history: History;
  #lastId: readonly [ms: number, n: number] = [0, 0];

  constructor(history: History) {
    this.#history = history;
  }

  /** Publishes at a time. */
  publish(doer: Doer, updates: readonly LiveUpdate[]): void {
    for (const [i, update] of updates.entries()) {
      this.#lastId = this.nextId(this.#lastId, { nowMs: doer.nowMs, place: i });
      this.#history.published(doer, this.#lastId, update);
    }
  }

  /** The id after another one. */
  protected nextId(
    last: readonly [ms: number, n: number],
    { nowMs }: { nowMs: number; place: number },
  ): readonly [ms: number, n: number] {
    return nowMs > last[0] ? [nowMs, 0] : [last[0], last[1] + 1];
  }
}

const refuses = (): never => {
  throw new Error("the engine has no business with this");
};
const disposes = (): Promise<void> => Promise.resolve();

/** The ports of a life. */
export function portsOf(life: Life, world: World): LifePorts {
  return {
    clock: life.clock,
    log: logOf(life, world),
    windowStore: windowStoreOf(life, world),
    summaryStore: summaryStoreOf(life, world),
    liveFeed: {
      publish: async (updates) => {
        if (updates.length === 0) return;
        const sent = plainCopy(updates);
        await life.call(
          "publish",
          () => Promise.resolve(world.feed.publish(life, sent)),
          () => `${sent.length} updates`,
        );
      },
      subscribe: refuses,
      lastId: refuses,
      [Symbol.asyncDispose]: disposes,
    },
  };
}

function logOf(life: Life, { log, group, history, pipelineNames }: World): EventLog {
  return {
    ensureTopics: refuses,
    topics: () => log.topics(),
    append: (batch) =>
      life.call(
        "append",
        () => log.append(batch),
        () => batch.writes.map(({ topic, records }) => `${records.length} to ${topic}`).join(", "),
      ),
    loadPosition: refuses,
    consume: (options) => group.consume(life, options),
    endOffsets: (topic) => {
      const work = async () => {
        const ends = await log.endOffsets(topic);
        life.ends.push(ends);
        return ends;
      };
      return life.call("end_offsets", work, (ends) => `→ ${ends}`);
    },
    startOffsets: async (topic) => {
      const starts = await log.startOffsets(topic);
      for (const [partition, found] of life.takeovers) if (found.logStart < 0) found.logStart = starts[partition]!;
      return starts;
    },
    incarnation: (at) => log.incarnation(at),
    commitOffset: () => life.call("commit_offset", () => Promise.resolve()),
    setRetentionFloor: (floor) => {
      const work = () => Promise.resolve(history.floorSet(life, floor, pipelineNames));
      return life.call("floor", work, () => `of partition ${floor.partition} at ${floor.offset}`);
    },
    [Symbol.asyncDispose]: disposes,
  };
}

function windowStoreOf(life: Life, { windowStore, history }: World): WindowStore {
  return {
    claim: (pipeline, partition, epoch) =>
      life.call(
        "claim",
        () => windowStore.claim(pipeline, partition, epoch),
        (done) => `${pipeline}/${partition} epoch ${epoch} → ${done}`,
      ),
    load: (pipeline, partition) =>
      life.call(
        "load",
        async () => {
          const state = await windowStore.load(pipeline, partition);
          life.takeovers.get(partition)?.windows.set(pipeline, state);
          return state;
        },
        (state) =>
          `${pipeline}/${partition} → ${
            state === null ? "nothing" : `${state.slices.length} slices of ${state.nextOffset}`
          }`,
      ),
    commit: (pipeline, partition, change) => {
      const sent = plainCopy(change);
      const work = async () => {
        const outcome = await windowStore.commit(pipeline, partition, sent);
        if (outcome === "committed" && !life.deceived) history.windowsCommitted(life, pipeline, partition, sent);
        return outcome;
      };
      return life.call(
        "commit_windows",
        work,
        (outcome) =>
          `${pipeline}/${partition} epoch ${sent.epoch} ${sent.fromOffset ?? "all"} → ${sent.nextOffset}: ${outcome}`,
      );
    },
    open: refuses,
    [Symbol.asyncDispose]: disposes,
  };
}

function summaryStoreOf(life: Life, { summaryStore, history, log }: World): SummaryStore {
  /** The last record of a progress row is one below it, as the log holds it. */
  const checkWitnesses = ({ topic, partition, progress }: SummaryChange) => {
    for (const { pipeline, nextOffset, incarnation, witness } of progress) {
      if (witness === null || incarnation !== log.placeOf({ topic, partition }).incarnation) continue;
      const offset = witnessOffset(witness);
      const record = log.recordsOf(topic)[partition]![offset];
      if (offset < nextOffset && record !== undefined && witnessOf(record) === witness) continue;
      history.violate(life, `${pipeline}/${partition} at ${nextOffset} has witness ${witness}`);
    }
  };
  return {
    migrate: refuses,
    dropEvents: (beforeMs) => summaryStore.dropEvents(beforeMs),
    acquire: (at, pipelines) =>
      life.call(
        "acquire",
        async () => {
          const acquired = await summaryStore.acquire(at, pipelines);
          life.takeovers.set(at.partition, {
            epoch: acquired.epoch,
            progress: new Map(
              pipelines.map((name) => [name, acquired.progress.find(({ pipeline }) => pipeline === name) ?? null]),
            ),
            windows: new Map(),
            logStart: -1,
          });
          return acquired;
        },
        ({ epoch, progress }) =>
          `partition ${at.partition} → epoch ${epoch}, ${
            progress.map((p) => `${p.pipeline} at ${p.nextOffset}`).join(", ")
          }`,
      ),
    commit: (change) => {
      const sent = plainCopy(change);
      const name: CallName = change.progress.length === 0 ? "detector_states" : "commit";
      const work = async () => {
        const { partition, progress } = sent;
        const grants = progress.some(({ idleWatermarkMs }) => idleWatermarkMs !== null);
        if (!grants && !life.deceived && life.takeDeception(life.granted.has(partition))) return "committed";
        if (grants) life.granted.add(partition);
        else life.granted.delete(partition);
        const read = progress.every(({ nextOffset }) => life.ends.some((ends) => ends[partition] === nextOffset));
        if (grants && !read) history.violate(life, `partition ${partition} idles and was not read to its end`);
        const outcome = await summaryStore.commit(sent);
        if (outcome === "committed") {
          const found = life.takeovers.get(partition);
          if (found !== undefined) history.gaps.push(...takeGaps(found, sent));
          checkWitnesses(sent);
          history.committed(life, sent);
        }
        return outcome;
      };
      return life.call(
        name,
        work,
        (outcome) =>
          `partition ${sent.partition} epoch ${sent.epoch} at ${
            sent.progress.map((p) =>
              p.idleWatermarkMs === null ? p.nextOffset : `${p.nextOffset} idle to ${p.idleWatermarkMs}`
            ).join(", ")
          }, ${rowsText(sent)}: ${outcome}`,
      );
    },
    progress: () => summaryStore.progress(),
    runCounts: (runId) => summaryStore.runCounts(runId),
    tables: () => summaryStore.tables(),
    query: (query) => summaryStore.query(query),
    scan: (query) => summaryStore.scan(query),
    [Symbol.asyncDispose]: disposes,
  };
}

/** The rows of a commit in short: table, key and start of window. */
const rowsText = ({ rows }: SummaryChange): string =>
  rows.flatMap(({ spec, rows: own }) =>
    own.map(({ values }) =>
      `${spec.owner} ${values.slice(0, 2).join(" ")}${spec.owner === "anomaly" ? "" : ` = ${values[3]}`}`
    )
  ).join("; ") || "no rows";
