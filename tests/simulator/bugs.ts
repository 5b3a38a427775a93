/**
 * Planted bugs, to see that the simulator finds such: each is a wrapper around ports, a twin of a store with a check
 * left out, or a pipeline that only the engine is given. None of them is in code that ships.
 * @module
 */
import type { KeyedState, Progress, SummaryChange } from "../../core/ports.ts";
import type { Pipeline } from "../../processor/pipeline.ts";
import { MemorySummaryStore, MemoryWindowStore, type RowVersion } from "../support/memory_ports.ts";
import type { History } from "./history.ts";
import { FeedTwin, type LifePorts } from "./ports.ts";

/** Where a bug sits. */
export interface Bug {
  /** What is wrong. */
  readonly about: string;
  /** Wraps what the engine is given. */
  readonly ports?: (ports: LifePorts) => LifePorts;
  readonly pipelines?: (pipelines: readonly Pipeline[]) => readonly Pipeline[];
  readonly summaryStore?: (turn: () => Promise<void>) => MemorySummaryStore;
  readonly windowStore?: (turn: () => Promise<void>) => MemoryWindowStore;
  readonly feed?: (history: History) => FeedTwin;
  /** Readers of the live feed take what comes last. */
  readonly ignoresLiveRevision?: true;
}

class UnfencedSummaryStore extends MemorySummaryStore {
  protected override isFenced(): boolean {
    return false;
  }
}

class UnfencedWindowStore extends MemoryWindowStore {
  protected override isOutdated(): boolean {
    return false;
  }
}

class LastRowWins extends MemorySummaryStore {
  protected override replaces(_given: RowVersion, _held: RowVersion): boolean {
    return true;
  }
}

class CredulousWindowStore extends MemoryWindowStore {
  protected override isBase(): boolean {
    return true;
  }
}

class RestartingIds extends FeedTwin {
  protected override nextId(
    last: readonly [ms: number, n: number],
    { nowMs, place }: { nowMs: number; place: number },
  ): readonly [ms: number, n: number] {
    return [Math.max(nowMs, last[0]), place];
  }
}

/** Changes the progress rows on their way into the SummaryStore. */
const storing = (alter: (progress: Progress) => Progress) => (ports: LifePorts): LifePorts => ({
  ...ports,
  summaryStore: {
    ...ports.summaryStore,
    commit: (change) => ports.summaryStore.commit({ ...change, progress: change.progress.map(alter) }),
  },
});

/** Changes the progress rows as a new owner finds them. */
const finding = (alter: (progress: Progress) => Progress) => (ports: LifePorts): LifePorts => ({
  ...ports,
  summaryStore: {
    ...ports.summaryStore,
    acquire: async (at, pipelines) => {
      const acquired = await ports.summaryStore.acquire(at, pipelines);
      return { ...acquired, progress: acquired.progress.map(alter) };
    },
  },
});

/** The SummaryStore's commit waits until a first WindowStore has had its own. */
function windowsFirst(ports: LifePorts): LifePorts {
  const waiting = new Map<number, SummaryChange>();
  return {
    ...ports,
    summaryStore: {
      ...ports.summaryStore,
      commit: (change) => {
        waiting.set(change.partition, change);
        return Promise.resolve("committed");
      },
    },
    windowStore: {
      ...ports.windowStore,
      commit: async (pipeline, partition, change) => {
        const outcome = await ports.windowStore.commit(pipeline, partition, change);
        const summary = waiting.get(partition);
        waiting.delete(partition);
        if (summary !== undefined && await ports.summaryStore.commit(summary) === "fenced") return "fenced";
        return outcome;
      },
    },
  };
}

function statesApart(ports: LifePorts): LifePorts {
  return {
    ...ports,
    summaryStore: {
      ...ports.summaryStore,
      commit: async (change) => {
        const { events: _, ...more } = change;
        const nothing = { ...more, progress: [], rows: [], runCounts: [] };
        const isApart = ({ name }: KeyedState) => name.startsWith("z_score");
        const apart = change.keyedStates.filter(isApart);
        if (apart.length > 0) await ports.summaryStore.commit({ ...nothing, keyedStates: apart });
        return await ports.summaryStore.commit({
          ...change,
          keyedStates: change.keyedStates.filter((state) => !isApart(state)),
        });
      },
    },
  };
}

function latesTwice(ports: LifePorts): LifePorts {
  const twice = (change: SummaryChange): SummaryChange => ({
    ...change,
    runCounts: change.runCounts.map((count) => count.counter === "late" ? { ...count, value: 2 * count.value } : count),
  });
  return {
    ...ports,
    summaryStore: { ...ports.summaryStore, commit: (change) => ports.summaryStore.commit(twice(change)) },
  };
}

/** The bugs by name. */
export const bugs = {
  offset_plus_one: {
    about: "the stored nextOffset is one too far",
    ports: storing((progress) => ({ ...progress, nextOffset: progress.nextOffset + 1 })),
  },
  windows_before_summary: { about: "the WindowStore is written before the SummaryStore", ports: windowsFirst },
  no_epoch_check: {
    about: "the stores take commits of any epoch",
    summaryStore: (turn) => new UnfencedSummaryStore(turn),
    windowStore: (turn) => new UnfencedWindowStore(turn),
  },
  lost_watermark: {
    about: "a new owner does not find the watermark",
    ports: finding((progress) => ({ ...progress, watermarkMs: null })),
  },
  dropped_early: {
    about: "slices are dropped a slide early",
    pipelines: (pipelines) =>
      pipelines.map((pipeline) => {
        const { allowedLatenessMs, window, name } = pipeline;
        return name === "wide" && window.kind === "sliding"
          ? { ...pipeline, allowedLatenessMs: allowedLatenessMs - window.slideMs }
          : pipeline;
      }),
  },
  late_counted_twice: { about: "late records count twice for their run", ports: latesTwice },
  revision_not_compared: {
    about: "rows and readers of the live feed take what comes last",
    summaryStore: (turn) => new LastRowWins(turn),
    ignoresLiveRevision: true,
  },
  rebuild_from_next: {
    about: "a rebuild starts from nextOffset",
    ports: finding((progress) => ({ ...progress, rebuildOffset: progress.nextOffset })),
  },
  states_apart: { about: "detector states are written before the transaction, not in it", ports: statesApart },
  live_id_reused: {
    about: "ids of the live feed start anew with each publish",
    feed: (history) => new RestartingIds(history),
  },
  idle_not_committed: {
    about: "a watermark that idling grants is acted upon without being stored",
    ports: storing((progress) => ({ ...progress, idleWatermarkMs: null })),
  },
  seqs_forgotten: {
    about: "a new owner counts what a producer repeats",
    ports: finding((progress) => ({ ...progress, seqs: [] })),
  },
  credulous_windows: {
    about: "the WindowStore takes a delta on whatever it holds",
    windowStore: (turn) => new CredulousWindowStore(turn),
  },
} as const satisfies Readonly<Record<string, Bug>>;

/** Name of a planted bug. */
export type BugName = keyof typeof bugs;

/** The bug of a name; none for undefined. */
export const bugOf = (name: BugName | undefined): Bug => (name === undefined ? { about: "none" } : bugs[name]);
