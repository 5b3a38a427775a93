/**
 * What happened in a run: facts that the oracle needs and the engine is not asked for, rules that hold at every moment,
 * a hash of it all, and, where wanted, the story in words.
 * @module
 */
import type { LiveUpdate, Progress, SummaryChange, TopicPartition, WindowChange } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import { isEarlier } from "../../routes/(_lib)/version.ts";
import type { IdleGrant } from "../support/reference.ts";
import type { GapFact } from "./takeover.ts";

/** Who did something, and when. */
export interface Doer {
  readonly label: string;
  readonly nowMs: number;
}

/** Identity of a pane for readers of the live feed. */
export const paneIdOf = (channel: string, key: string, windowStart: string): string =>
  [channel, key, windowStart].join("|");

const laneOf = (pipeline: string, { partition }: { readonly partition: number }) => `${pipeline}/${partition}`;

/** A grant with what it was granted by. */
export interface GrantFact extends IdleGrant {
  readonly generation: number;
  readonly eventTimeMsMax: number | null;
  readonly grantedAtMs: number;
}

/** The facts of one run. */
export class History {
  /** Watermarks that idling granted, as the SummaryStore took them. */
  readonly grants: GrantFact[] = [];
  /** What owners could not read any more, as the SummaryStore took their first commits. */
  readonly gaps: GapFact[] = [];
  /** How far records were counted, by `incarnation/partition`. */
  readonly counted = new Map<string, number>();
  /** Rules that were broken. */
  readonly violations: string[] = [];
  /** What a dashboard would show: the update that counts for each pane. */
  readonly shown = new Map<string, LiveUpdate>();
  /** Rows of the tables that no update of at least their revision was published for: who wrote them. */
  readonly unpublished = new Map<string, { readonly revision: number; readonly label: string }>();
  /** How often each thing happened. */
  readonly met = new Map<string, number>();
  /** Lines of the story, or null where nobody wants it. */
  readonly story: string[] | null;
  readonly #startMs: number;
  readonly #comparesRevision: boolean;
  readonly #progress = new Map<string, Progress>();
  readonly #floors = new Map<number, number>();
  #lastId: readonly [ms: number, n: number] = [0, 0];
  #hash = 0x811c9dc5;

  constructor(options: { startMs: number; tells: boolean; comparesRevision: boolean }) {
    this.#startMs = options.startMs;
    this.story = options.tells ? [] : null;
    this.#comparesRevision = options.comparesRevision;
  }

  /** FNV-1a of everything that was noted. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, "0");
  }

  /** Something happened; `detail` is asked for only where the story is wanted. */
  note({ label, nowMs }: Doer, what: string, detail?: () => string): void {
    const atMs = nowMs - this.#startMs;
    this.#hash = Math.imul(this.#hash ^ atMs, 0x01000193);
    this.mix(label);
    this.mix(what);
    this.met.set(what, (this.met.get(what) ?? 0) + 1);
    this.story?.push(
      `${(atMs / 1000).toFixed(3).padStart(9)}  ${label.padEnd(6)} ${what} ${detail?.() ?? ""}`.trimEnd(),
    );
  }

  /** Takes a text into the hash. */
  mix(text: string): void {
    let hash = this.#hash;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    this.#hash = hash;
  }

  /** A rule was broken. */
  violate(doer: Doer, rule: string): void {
    this.violations.push(rule);
    this.note(doer, `VIOLATION ${rule}`);
  }

  /** The SummaryStore took a commit. */
  committed(doer: Doer, change: SummaryChange): void {
    for (const progress of change.progress) {
      const { pipeline, nextOffset, idleWatermarkMs, rebuildOffset, generation, incarnation } = progress;
      const lane = laneOf(pipeline, change);
      const before = this.#progress.get(lane);
      this.#progress.set(lane, progress);
      if (idleWatermarkMs !== null) {
        const { eventTimeMsMax } = progress;
        const at = { pipeline, partition: change.partition, offset: nextOffset };
        this.grants.push({ ...at, generation, watermarkMs: idleWatermarkMs, eventTimeMsMax, grantedAtMs: doer.nowMs });
      }
      const place = `${incarnation}/${change.partition}`;
      this.counted.set(place, Math.max(this.counted.get(place) ?? 0, nextOffset));
      if (before !== undefined) this.#checkAdvance(doer, { lane, before, after: progress });
      const floor = this.#floors.get(change.partition) ?? 0;
      if (rebuildOffset < floor && generation === 0) {
        this.violate(doer, `${lane} needs offset ${rebuildOffset}, retention may delete up to ${floor}`);
      }
    }
    for (const { spec, rows } of change.rows) {
      const seen = new Set<string>();
      for (const { values, revision } of rows) {
        const key = JSON.stringify(values.slice(0, spec.key.length));
        if (seen.has(key)) this.violate(doer, `two rows of one key in one commit of ${spec.table}: ${key}`);
        seen.add(key);
        if (spec.table === "anomalies") continue;
        const id = paneIdOf(spec.owner, values[0] as string, formatTime(values[1] as number));
        this.unpublished.set(id, { revision, label: doer.label });
      }
    }
  }

  /** The WindowStore took a commit. */
  windowsCommitted(doer: Doer, pipeline: string, partition: number, change: WindowChange): void {
    const { nextOffset, generation } = change;
    const progress = this.#progress.get(laneOf(pipeline, { partition }));
    const known = progress?.nextOffset ?? 0;
    // One of another generation is not believed.
    if (nextOffset <= known || generation !== (progress?.generation ?? generation)) return;
    this.violate(
      doer,
      `WindowStore of ${pipeline}/${partition} is at ${nextOffset}, ahead of the SummaryStore's ${known}`,
    );
  }

  /** Retention may delete what is below. */
  floorSet(doer: Doer, { partition, offset }: TopicPartition & { offset: number }, pipelines: readonly string[]): void {
    const rows = pipelines.map((name) => this.#progress.get(laneOf(name, { partition })));
    const needed = Math.min(...rows.map((row) => row?.rebuildOffset ?? 0));
    // A pipeline that starts anew needs what those before it did not.
    const isFirst = rows.every((row) => (row?.generation ?? 0) === 0);
    if (offset > needed && isFirst) {
      this.violate(doer, `retention floor ${offset} of partition ${partition} passes ${needed}`);
    }
    this.#floors.set(partition, offset);
  }

  /** Lowest offset that retention has to keep. */
  floor(partition: number): number {
    return this.#floors.get(partition) ?? 0;
  }

  /** An update was published under an id. */
  published(doer: Doer, id: readonly [ms: number, n: number], update: LiveUpdate): void {
    const [ms, n] = this.#lastId;
    if (id[0] < ms || (id[0] === ms && id[1] <= n)) this.violate(doer, `live id ${id.join("-")} after ${ms}-${n}`);
    this.#lastId = id;
    const pane = paneIdOf(update.channel, update.key, update.window_start);
    const held = this.shown.get(pane);
    if (held === undefined || !isEarlier(update, held) || !this.#comparesRevision) this.shown.set(pane, update);
    if ((this.unpublished.get(pane)?.revision ?? Infinity) <= update.revision) this.unpublished.delete(pane);
  }

  #checkAdvance(doer: Doer, { lane, before, after }: { lane: string; before: Progress; after: Progress }): void {
    if (after.generation < before.generation) {
      this.violate(doer, `generation of ${lane} goes back from ${before.generation} to ${after.generation}`);
    }
    if (after.generation !== before.generation) return;
    if (after.nextOffset < before.nextOffset) {
      this.violate(doer, `progress of ${lane} goes back from ${before.nextOffset} to ${after.nextOffset}`);
    }
    if ((after.watermarkMs ?? -Infinity) < (before.watermarkMs ?? -Infinity)) {
      this.violate(doer, `watermark of ${lane} goes back from ${before.watermarkMs} to ${after.watermarkMs}`);
    }
  }
}
