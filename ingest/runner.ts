/**
 * The runner, one for all sources at work: takes a batch, lets it through the door, makes it safe, asks for the next. It
 * pulls, so that a full log slows down whatever can wait; what cannot is queued by the source and spooled by the sender.
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";
import type { EventLog } from "../core/ports.ts";
import { newSourceStatus, type SourceState, type SourceStatus } from "../core/status.ts";
import { Door, Outbox } from "./door.ts";
import { SourceMonitor } from "./monitor.ts";
import { Sender } from "./sender.ts";
import { Spool } from "./spool.ts";
import type { Source, SourceContext } from "./source.ts";

/** What a runner is given of a source's context; the rest is its own. */
export type RunnerContext = Omit<SourceContext, "monitor" | "loadPosition">;

/** How a source is run. */
export interface RunnerOptions {
  readonly context: RunnerContext;
  readonly log: Pick<EventLog, "append" | "loadPosition">;
  /** Folder for what comes while the log is away; without it the source waits, and what it cannot queue is dropped. */
  readonly spoolFolder?: string;
}

/** A source at work. */
export class SourceRunner {
  readonly #source: Source;
  readonly #options: RunnerOptions;
  readonly #outbox = new Outbox();
  readonly #door: Door;
  readonly #monitor = new SourceMonitor();
  #spool: Spool | null = null;
  #end: "ended" | "failed" | null = null;
  #lastEventMs: number | null = null;
  #failure: string | null = null;

  constructor(source: Source, options: RunnerOptions) {
    this.#source = source;
    this.#options = options;
    // One sending order per process start, for what has none of its own: a stream of the outside cannot be read again.
    const { clock, random } = options.context;
    const start = `${clock.nowMs().toString(36)}-${Math.floor(random.next() * 36 ** 6).toString(36)}`;
    this.#door = new Door(this.#outbox, { origin: source.name, instance: `${source.name}:${start}`, runId: null });
  }

  /** Runs until the stream ends or the signal aborts. Rejects when the source or the spool's disk fails. */
  async run(): Promise<void> {
    const { open, name } = this.#source;
    if (open === undefined) throw new TypeError(`Cannot run source ${name}: it reads recorded input only`);
    try {
      await using spool = await this.#openSpool();
      this.#spool = spool;
      const { context, log } = this.#options;
      const sender = new Sender({ ...context, source: name, log, spool, monitor: this.#monitor });
      try {
        sender.start();
        await this.#pump(open, sender);
      } finally {
        await sender.finish();
      }
      this.#end = "ended";
    } catch (error) {
      this.#end = "failed";
      this.#failure = error instanceof UserError ? `${error.message}: ${error.fix}` : messageOf(error);
      throw error;
    }
  }

  /** What it is doing. */
  status(): SourceStatus {
    const monitor = this.#monitor;
    return {
      ...newSourceStatus(this.#source.name),
      state: this.#state(),
      read: this.#door.counts.read,
      dead: this.#door.counts.dead,
      lastEventMs: this.#lastEventMs,
      failure: this.#failure ?? storing(monitor) ?? monitor.trouble ?? monitor.note,
      reconnects: monitor.reconnects,
      queueFrames: monitor.queueFrames,
      queueDropped: monitor.queueDropped,
      spoolRecords: this.#spool?.records ?? 0,
      spoolBytes: this.#spool?.bytes ?? 0,
      spoolDropped: monitor.spoolDropped,
      spoolFailures: monitor.spoolFailures,
      missed: monitor.missed,
    };
  }

  async #pump(open: NonNullable<Source["open"]>, sender: Sender): Promise<void> {
    const { context } = this.#options;
    const monitor = this.#monitor;
    const stream = open({ ...context, monitor, loadPosition: (id) => sender.loadPosition(id) });
    for await (const batch of stream) {
      const { decoded, positions = [] } = "decoded" in batch ? batch : { decoded: batch };
      const nowMs = context.clock.nowMs();
      for (const each of decoded) this.#door.admit(each, { nowMs });
      const lets = this.#outbox.pending > 0;
      if (lets || positions.length > 0) await sender.send({ writes: this.#outbox.take(), ...withSome(positions) });
      if (lets) this.#lastEventMs = nowMs;
      this.#wasHeard(nowMs);
      // A source that waits is not asked for more; one that queues hands over the rest of its queue by itself.
      if (context.signal.aborted && this.#source.repeatable) break;
    }
  }

  #wasHeard(nowMs: number): void {
    if (this.#monitor.link === null) this.#monitor.heardMs = nowMs;
  }

  async #openSpool(): Promise<Spool | null> {
    const { context: { config, random }, spoolFolder } = this.#options;
    if (spoolFolder === undefined || this.#source.repeatable) return null;
    return await Spool.open({ folder: spoolFolder, bytesMax: config.spoolBytesMax, random });
  }

  #state(): SourceState {
    const { link, heardMs } = this.#monitor;
    if (this.#end !== null) return this.#end;
    if (link !== null && link !== "live") return link;
    if (heardMs === null) return link ?? "connecting";
    const { quietMsMax = Infinity } = this.#source;
    return this.#options.context.clock.nowMs() - heardMs > quietMsMax ? "stale" : "live";
  }
}

/** What keeps events from where they belong, log and disk each for itself; null = nothing. */
const storing = ({ logTrouble, spoolTrouble }: SourceMonitor): string | null =>
  [logTrouble, spoolTrouble].filter((trouble) => trouble !== null).join("; ") || null;

const withSome = <T>(positions: readonly T[]) => (positions.length > 0 ? { positions } : {});
