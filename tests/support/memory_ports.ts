/**
 * The stores in memory, as ports.ts describes them: for tests of the engine that run thousands of times. What is given
 * to them is copied, and each answer takes a turn of the event loop.
 * @module
 */
import { loopTurn } from "../../adapters/notifier.ts";
import type { Clock } from "../../core/clock.ts";
import type { KeptEvent } from "../../core/kept_events.ts";
import type {
  AcquiredPartition,
  KeyedState,
  LiveFeed,
  LiveMessage,
  LiveUpdate,
  Progress,
  RowQuery,
  RunCount,
  SliceId,
  StoredSlice,
  SummaryChange,
  SummaryStore,
  TableInfo,
  TableRows,
  TableSpec,
  TopicPartition,
  WindowChange,
  WindowCommitOutcome,
  WindowState,
  WindowStore,
} from "../../core/ports.ts";
import { compareCodePoints } from "../../core/text.ts";
import { MemoryLog } from "./memory_log.ts";
import { plainCopy } from "./plain_copy.ts";

/** All stores of one engine. */
export interface MemoryPorts {
  readonly log: MemoryLog;
  readonly windowStore: WindowStore;
  readonly summaryStore: MemorySummaryStore;
  readonly clock: Clock;
}

/** New, empty stores. Each answer waits for `turn`: a turn of the event loop, unless a scheduler of its own is at work. */
export function memoryPorts(
  clock: Clock,
  turn: () => Promise<void> = loopTurn,
): MemoryPorts & { windowStore: MemoryWindowStore } {
  return {
    log: new MemoryLog(clock, turn),
    windowStore: new MemoryWindowStore(turn),
    summaryStore: new MemorySummaryStore(turn),
    clock,
  };
}

interface WindowPart {
  epoch: number;
  state: Omit<WindowState, "epoch" | "slices"> | null;
  slices: Map<string, StoredSlice>;
}

const sliceId = ({ key, sliceStartMs }: SliceId) => JSON.stringify([key, sliceStartMs]);

/** WindowStore in memory. */
export class MemoryWindowStore implements WindowStore {
  #parts = new Map<string, WindowPart>();
  readonly #turn: () => Promise<void>;

  constructor(turn: () => Promise<void> = loopTurn) {
    this.#turn = turn;
  }

  /** The same content in a store of its own: what a copy of the file would be. */
  copy(): MemoryWindowStore {
    const copy = new MemoryWindowStore(this.#turn);
    copy.putBack(this);
    return copy;
  }

  /** Takes the content of another store in place of its own, as when a copy of the file is put back. */
  putBack(other: MemoryWindowStore): void {
    this.#parts = plainCopy(other.#parts);
  }

  /** Forgets one pipeline. */
  lose(pipeline: string): void {
    for (const id of this.#parts.keys()) if (JSON.parse(id)[0] === pipeline) this.#parts.delete(id);
  }

  async claim(pipeline: string, partition: number, epoch: number): Promise<boolean> {
    await this.#turn();
    const part = this.#part(pipeline, partition);
    if (this.isOutdated(epoch, part.epoch)) return false;
    part.epoch = epoch;
    return true;
  }

  async load(pipeline: string, partition: number): Promise<WindowState | null> {
    await this.#turn();
    const { epoch, state, slices } = this.#part(pipeline, partition);
    return state && plainCopy({ epoch, ...state, slices: [...slices.values()] });
  }

  async commit(pipeline: string, partition: number, given: WindowChange): Promise<WindowCommitOutcome> {
    const { epoch, fromOffset, changed, dropped, ...state } = plainCopy(given);
    await this.#turn();
    const part = this.#part(pipeline, partition);
    if (this.isOutdated(epoch, part.epoch)) return "fenced";
    if (!this.isBase(fromOffset, part.state?.nextOffset)) return "diverged";
    part.epoch = epoch;
    part.state = state;
    if (fromOffset === null) part.slices.clear();
    for (const id of dropped) part.slices.delete(sliceId(id));
    for (const slice of changed) part.slices.set(sliceId(slice), slice);
    return "committed";
  }

  async open(pipeline: string, key?: string): Promise<StoredSlice[]> {
    await this.#turn();
    const parts = [...this.#parts].filter(([id]) => JSON.parse(id)[0] === pipeline).map(([, part]) => part);
    return parts.flatMap(({ slices }) =>
      [...slices.values()].filter((slice) => key === undefined || slice.key === key)
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Whether a newer owner is known. */
  protected isOutdated(epoch: number, heldEpoch: number): boolean {
    return heldEpoch > epoch;
  }

  /** Whether a change built on `fromOffset` fits what is held; a snapshot (null) always does. */
  protected isBase(fromOffset: number | null, heldOffset: number | undefined): boolean {
    return fromOffset === null || fromOffset === heldOffset;
  }

  #part(pipeline: string, partition: number): WindowPart {
    const id = JSON.stringify([pipeline, partition]);
    const part = this.#parts.get(id) ?? { epoch: 0, state: null, slices: new Map() };
    this.#parts.set(id, part);
    return part;
  }
}

/** Generation and revision of a row: the higher pair wins. */
export interface RowVersion {
  readonly generation: number;
  readonly revision: number;
}

interface StoredRow extends RowVersion {
  readonly values: readonly unknown[];
}

/** SummaryStore in memory. Its tables are those that were written to. */
export class MemorySummaryStore implements SummaryStore {
  readonly #epochs = new Map<string, number>();
  readonly #progress = new Map<string, Progress & TopicPartition>();
  readonly #states = new Map<string, KeyedState & TopicPartition>();
  readonly #runCounts = new Map<string, RunCount>();
  readonly #tables = new Map<string, { readonly spec: TableSpec; readonly rows: Map<string, StoredRow> }>();
  readonly #turn: () => Promise<void>;
  /** Kept events by place. */
  readonly #events = new Map<string, KeptEvent>();

  constructor(turn: () => Promise<void> = loopTurn) {
    this.#turn = turn;
  }

  async migrate(): Promise<void> {}

  async acquire({ topic, partition }: TopicPartition, pipelines: readonly string[]): Promise<AcquiredPartition> {
    await this.#turn();
    const ids = pipelines.map((pipeline) => JSON.stringify([pipeline, topic, partition]));
    const epoch = Math.max(...ids.map((id) => this.#epochs.get(id) ?? 0)) + 1;
    for (const id of ids) this.#epochs.set(id, epoch);
    const mine = (row: TopicPartition & { pipeline: string }) =>
      row.topic === topic && row.partition === partition && pipelines.includes(row.pipeline);
    const place = <T extends TopicPartition>({ topic: _, partition: __, ...rest }: T) => rest;
    return plainCopy({
      epoch,
      progress: [...this.#progress.values()].filter(mine).map(place),
      keyedStates: [...this.#states.values()].filter(mine).map(place),
    });
  }

  async commit(given: SummaryChange): Promise<"committed" | "fenced"> {
    const change = plainCopy(given);
    await this.#turn();
    const { topic, partition, epoch } = change;
    const id = (pipeline: string, ...rest: string[]) => JSON.stringify([pipeline, topic, partition, ...rest]);
    if (change.progress.some(({ pipeline }) => this.isFenced(epoch, this.#epochs.get(id(pipeline))))) return "fenced";
    this.#keep(change);
    for (const progress of change.progress) {
      this.#progress.set(id(progress.pipeline), { ...progress, topic, partition });
    }
    for (const state of change.keyedStates) {
      const stateId = id(state.pipeline, state.name, state.key);
      if (state.state === null) this.#states.delete(stateId);
      else this.#states.set(stateId, { ...state, topic, partition });
    }
    for (const count of change.runCounts) {
      const countId = JSON.stringify([count.runId, count.pipeline, count.counter]);
      const value = (this.#runCounts.get(countId)?.value ?? 0) + count.value;
      this.#runCounts.set(countId, { ...count, value });
    }
    for (const { spec, generation, rows, deleted } of change.rows) {
      const table = this.#tables.get(spec.table) ?? { spec, rows: new Map<string, StoredRow>() };
      this.#tables.set(spec.table, table);
      for (const { key: values, revision } of deleted) {
        const key = JSON.stringify(values);
        const held = table.rows.get(key);
        if (held !== undefined && this.replaces({ generation, revision }, held)) table.rows.delete(key);
      }
      for (const { values, revision } of rows) {
        const key = JSON.stringify(values.slice(0, spec.key.length));
        const held = table.rows.get(key) ?? { generation: -1, revision: -1 };
        if (this.replaces({ generation, revision }, held)) table.rows.set(key, { values, generation, revision });
      }
    }
    return "committed";
  }

  /** Before the progress: what that covers already is not kept again. */
  #keep({ topic, partition, progress, events }: SummaryChange): void {
    if (events === undefined) return;
    const { incarnation } = progress[0]!;
    const stored = [...this.#progress.values()].filter((row) =>
      row.topic === topic && row.partition === partition && row.incarnation === incarnation
    );
    const covered = Math.max(0, ...stored.map(({ nextOffset }) => nextOffset));
    for (const event of events.rows) {
      const place = JSON.stringify([topic, incarnation, partition, event.offset]);
      if (event.offset >= covered) this.#events.set(place, event);
    }
  }

  /** The kept events, in the order in which they came. */
  keptEvents(): KeptEvent[] {
    return [...this.#events.values()];
  }

  /** Where kept events come from: `incarnation/partition:offset`. */
  keptPlaces(): string[] {
    return [...this.#events.keys()].map((place) => {
      const [, incarnation, partition, offset] = JSON.parse(place);
      return `${incarnation}/${partition}:${offset}`;
    });
  }

  async dropEvents(beforeMs: number): Promise<number> {
    await this.#turn();
    const days = new Set<number>();
    for (const [place, { appendTimeMs }] of this.#events) {
      const day = Math.floor(appendTimeMs / 86_400_000);
      if ((day + 1) * 86_400_000 > beforeMs) continue;
      days.add(day);
      this.#events.delete(place);
    }
    return days.size;
  }

  async progress(): Promise<(Progress & TopicPartition & { readonly epoch: number })[]> {
    await this.#turn();
    return [...this.#progress].map(([id, row]) => ({ ...plainCopy(row), epoch: this.#epochs.get(id)! }));
  }

  async runCounts(runId: string): Promise<RunCount[]> {
    await this.#turn();
    return [...this.#runCounts.values()].filter((count) => count.runId === runId);
  }

  tables(): Promise<TableInfo[]> {
    const infoOf = ({ table, key, columns }: TableSpec) => ({
      table,
      key: key.map(({ name }) => name),
      columns: [...key, ...columns],
    });
    return Promise.resolve([...this.#tables.values()].map(({ spec }) => infoOf(spec)));
  }

  /** Whole tables or one key of them; times are not looked at. */
  async query({ table, key }: RowQuery): Promise<TableRows> {
    await this.#turn();
    const found = this.#tables.get(table);
    if (found === undefined) return { columns: [], rows: [] };
    const byKey = [...found.rows].sort(([a], [b]) => compareCodePoints(a, b));
    const rows = byKey.map(([, { values }]) => values).filter(([first]) => key === undefined || first === key);
    return { columns: [...found.spec.key, ...found.spec.columns], rows };
  }

  async *scan(query: RowQuery): AsyncIterable<TableRows> {
    yield await this.query(query);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Whether a commit of this epoch is refused. */
  protected isFenced(epoch: number, heldEpoch: number | undefined): boolean {
    return heldEpoch !== epoch;
  }

  /** Whether a row takes the place of the one that is held. */
  protected replaces(given: RowVersion, held: RowVersion): boolean {
    return (given.generation - held.generation || given.revision - held.revision) >= 0;
  }

  /** Every row of a table with its generation, for tests. */
  rowsOf(table: string): readonly (RowVersion & { readonly values: readonly unknown[] })[] {
    return [...this.#tables.get(table)?.rows.values() ?? []];
  }

  /** Generation of every row of a table, for tests. */
  generations(table: string): number[] {
    return this.rowsOf(table).map(({ generation }) => generation);
  }
}

/** A LiveFeed that keeps everything and hands it out from any place. */
export class MemoryLiveFeed implements LiveFeed {
  readonly published: LiveUpdate[] = [];

  publish(updates: readonly LiveUpdate[]): Promise<void> {
    this.published.push(...updates);
    return Promise.resolve();
  }

  async *subscribe(): AsyncIterable<LiveMessage> {
    for (const [n, update] of this.published.entries()) {
      await loopTurn();
      yield { type: "update", id: `0-${n + 1}`, update };
    }
  }

  lastId(): Promise<string> {
    return Promise.resolve(`0-${this.published.length}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
