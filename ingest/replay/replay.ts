/**
 * Replay: sends recorded files through a source's decoder and the door, merged by event time, paced or at full speed,
 * and resumes exactly after a kill.
 * @module
 */
import type { Clock, Random } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import {
  type CheckedEvent,
  checkEvent,
  type EventBase,
  type EventContract,
  isFault,
} from "../../core/events/contract.ts";
import type { EventLog } from "../../core/ports.ts";
import { countKind, Door, type DoorCounts, noDoorCounts, Outbox } from "../door.ts";
import { fingerprintOf } from "../recorded/fingerprint.ts";
import type { Source } from "../source.ts";
import { loadPosition, positionId, type ReplayPosition, savedPosition, startPosition } from "./position.ts";
import { isNewestFirst, openStream, type RecordedStream, type SendingOrder } from "./recorded_stream.ts";

/** What to replay, and how. */
export interface ReplayOptions {
  readonly files: readonly string[];
  readonly source: Source;
  /** Event time per wall time: 1 = as it happened, 60 = an hour a minute. */
  readonly speed: number | "max";
  /** `time` merges by event time and sorts files that begin with their newest event; `file` takes each as it stands. */
  readonly order: "time" | "file";
  /** Send finished files once more, as events of their own. */
  readonly again: boolean;
  /** Move event times so that the first one is now. */
  readonly shiftToNow: boolean;
  readonly log: Pick<EventLog, "append" | "loadPosition">;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Whether every pipeline of the topic would find the event late. */
  isLate(contract: EventContract, checked: CheckedEvent<EventBase>): boolean;
}

/** Door counts over all files of a run. */
export interface ReplayCounts extends DoorCounts {
  /** Lines that earlier, finished runs had sent. */
  readonly skipped: number;
}

interface ReplayFile {
  readonly path: string;
  readonly id: string;
  readonly order: SendingOrder;
  readonly start: ReplayPosition;
}

interface SendingFile {
  readonly file: ReplayFile;
  readonly stream: RecordedStream;
  readonly door: Door;
  lines: number;
}

/** Records that one append holds at most. */
const APPEND_RECORDS_MAX = 5_000;

/** A replay that is ready to be fed. */
export class Replay {
  /** The run whose outcomes are counted. */
  readonly runId: string;
  readonly #options: ReplayOptions;
  readonly #files: readonly ReplayFile[];
  readonly #outbox = new Outbox();
  #sending: SendingFile[] = [];
  #appending: Promise<void> = Promise.resolve();
  #paceStart: { wallMs: number; eventMs: number } | null = null;

  private constructor(options: ReplayOptions, runId: string, files: readonly ReplayFile[]) {
    this.#options = options;
    this.runId = runId;
    this.#files = files;
  }

  /**
   * Looks at the files and at what was sent of them.
   *
   * @throws {UserError} when a file cannot be read, or when every event left to send would be late.
   */
  static async open(options: ReplayOptions): Promise<Replay> {
    const { source, log, clock, random } = options;
    const seen = new Set<string>();
    const found: { path: string; id: string; order: SendingOrder; position: ReplayPosition | null }[] = [];
    for (const path of options.files) {
      const order: SendingOrder = options.order === "time" && await isNewestFirst(path, source) ? "sorted" : "file";
      const id = positionId({ fingerprint: await fingerprintOf(path), source: source.name, order });
      if (seen.has(id)) continue;
      seen.add(id);
      found.push({ path, id, order, position: await loadPosition(log, id) });
    }
    const unfinished = found.find(({ position }) => position !== null && !position.finished)?.position;
    const runId = unfinished?.runId ??
      `${clock.nowMs().toString(36)}-${Math.floor(random.next() * 36 ** 6).toString(36)}`;
    const { again } = options;
    const files = found.map(({ path, id, order, position }): ReplayFile => {
      return { path, id, order, start: startPosition(position, { runId, again, shiftMs: 0 }) };
    });
    const replay = new Replay(options, runId, await withShift(options, files));
    await replay.#refuseIfAllLate();
    return replay;
  }

  /** Whether earlier runs had sent everything. */
  get nothingNew(): boolean {
    return this.#files.every(({ start }) => start.finished);
  }

  /** Counts at the door so far. */
  counts(): ReplayCounts {
    const total = { ...noDoorCounts(), skipped: 0 };
    for (const file of this.#files) {
      const { start } = file;
      const counts = this.#sending.find((sending) => sending.file === file)?.door.counts ?? start.door;
      total.read += counts.read;
      total.dead += counts.dead;
      total.ignored += counts.ignored;
      total.skipped += start.skipped;
      for (const [kind, lines] of Object.entries(counts.ignoredKinds)) countKind(total.ignoredKinds, kind, lines);
    }
    return total;
  }

  /** Sends what is left. Resolves when all of it is durable in the log, or when the signal aborts. */
  async feed(): Promise<void> {
    this.#sending = [];
    for (const file of this.#files) if (!file.start.finished) this.#sending.push(await this.#openFile(file));
    const open = new Set(this.#sending.filter(({ stream }) => stream.head !== null));
    while (open.size > 0 && !this.#options.signal.aborted) {
      const turn = pick([...open]);
      if (!(await this.#sendTurn(turn))) {
        await this.#flush();
        if (!(await turn.sending.stream.fill())) open.delete(turn.sending);
      }
    }
    await this.#flush();
    await this.#appending;
    for (const { stream } of this.#sending) await stream.close();
  }

  /** Notes that the run has ended, so that the next one starts anew. */
  async finish(): Promise<void> {
    const positions = this.#sending.map((sending) => savedPosition(sending.file.id, positionOf(sending, true)));
    if (positions.length > 0) await this.#options.log.append({ writes: [], positions });
  }

  async #openFile(file: ReplayFile): Promise<SendingFile> {
    const { id, order, start } = file;
    const recallLines = Math.min(start.lines, start.recallLines ?? 0);
    const startAfter = start.lines - recallLines;
    const stream = await openStream(file.path, this.#options.source, { order, startAfter });
    const stamp = { origin: stream.name, instance: `${id}:${start.pass}`, runId: this.runId };
    // The saved counts belong to the saved position: the door counts on from a copy.
    const counts = { ...start.door, ignoredKinds: { ...start.door.ignoredKinds } };
    const door = new Door(this.#outbox, stamp, { nextSeq: start.nextSeq, counts, shiftMs: start.shiftMs });
    for (let line = 0; line < recallLines && stream.head !== null; line++) {
      door.recall(stream.head.decoded, { nowMs: this.#options.clock.nowMs() });
      if (!stream.next()) await stream.fill();
    }
    return { file, stream, door, lines: start.lines };
  }

  /** Sends lines of one file while it is its turn; false when the portion at hand is used up. */
  async #sendTurn({ sending, untilMs, winsTies }: Turn): Promise<boolean> {
    const { stream, door } = sending;
    const { clock, speed, signal } = this.#options;
    const merges = untilMs < Infinity;
    const isOver = (timeMs: number) => timeMs > untilMs || (timeMs === untilMs && !winsTies);
    for (;;) {
      const { head } = stream;
      if (head === null || signal.aborted || (merges && isOver(stream.timeMs()))) return true;
      if (speed !== "max") {
        const waitMs = this.#untilDue(stream.timeMs(), speed);
        if (waitMs > 0) await this.#rest(waitMs);
        if (signal.aborted) return true;
      }
      door.admit(head.decoded, { nowMs: clock.nowMs(), raw: head.raw, line: head.line });
      sending.lines++;
      if (this.#outbox.pending >= APPEND_RECORDS_MAX) await this.#flush();
      if (!stream.next()) return false;
    }
  }

  /** Milliseconds until a line of this event time is to be sent. */
  #untilDue(eventMs: number, speed: number): number {
    if (!Number.isFinite(eventMs)) return 0;
    const nowMs = this.#options.clock.nowMs();
    this.#paceStart ??= { wallMs: nowMs, eventMs };
    return this.#paceStart.wallMs + (eventMs - this.#paceStart.eventMs) / speed - nowMs;
  }

  async #rest(durationMs: number): Promise<void> {
    await this.#flush();
    await this.#options.clock.sleep(durationMs, this.#options.signal);
  }

  /** Starts to append what has gathered once the append before it is durable: the next lines are read meanwhile. */
  async #flush(): Promise<void> {
    await this.#appending;
    const positions = this.#sending.map((sending) => savedPosition(sending.file.id, positionOf(sending, false)));
    this.#appending = this.#options.log.append({ writes: this.#outbox.take(), positions });
    // Whoever flushes next sees the failure; until then it must not end the process.
    this.#appending.catch(() => {});
  }

  /** A replay into windows that have all passed would write nothing but late records: better said before. */
  async #refuseIfAllLate(): Promise<void> {
    const { source, clock, isLate } = this.#options;
    // A run that was begun is ended as it would have been undisturbed, also where only its late lines are left.
    if (this.#files.some(({ start }) => start.lines > 0 && !start.finished)) return;
    let late = 0;
    for (const { path, order, start } of this.#files) {
      if (start.finished) continue;
      const stream = await openStream(path, source, { order, startAfter: start.lines });
      try {
        for (let more = stream.head !== null; more; more = stream.next() || await stream.fill()) {
          const decoded = stream.head?.decoded;
          if (decoded?.kind !== "events") continue;
          for (const { contract, value } of decoded.events) {
            const checked = checkEvent(contract, { value, appendTimeMs: clock.nowMs() });
            if (isFault(checked)) continue;
            const eventTimeMs = checked.eventTimeMs + start.shiftMs;
            if (!isLate(contract, { ...checked, eventTimeMs })) return;
            late++;
          }
        }
      } finally {
        await stream.close();
      }
    }
    if (late === 0) return;
    throw new UserError("usage", {
      cause:
        `Cannot replay: all ${late} events left to send are older than what was processed before and would be late`,
      fix: "use another --data-dir, or move them in time with --shift-to-now",
    });
  }
}

function positionOf({ file, door, lines }: SendingFile, finished: boolean): ReplayPosition {
  // Copied: the door counts on while the position is being written.
  const counts = { ...door.counts, ignoredKinds: { ...door.counts.ignoredKinds } };
  const { nextSeq, recallLines } = door;
  return { ...file.start, lines, nextSeq, door: counts, recallLines, finished };
}

/** Whose lines are sent, and until when: the time of the next file's line, up to or including it. */
interface Turn {
  readonly sending: SendingFile;
  readonly untilMs: number;
  readonly winsTies: boolean;
}

/**
 * The file whose line at hand is the earliest; of equal times the file named first. The choice depends on the lines at
 * hand alone, so that a run that goes on after a kill keeps the order of an undisturbed one.
 */
function pick(open: readonly SendingFile[]): Turn {
  if (open.length === 1) return { sending: open[0]!, untilMs: Infinity, winsTies: true };
  const byTime = open.map((sending, place) => ({ sending, place, timeMs: sending.stream.timeMs() }));
  byTime.sort((a, b) => a.timeMs - b.timeMs || a.place - b.place);
  const [first, second] = [byTime[0]!, byTime[1]!];
  return { sending: first.sending, untilMs: second.timeMs, winsTies: first.place < second.place };
}

/** Decides once per pass how far event times are moved; a file that was begun keeps its own. */
async function withShift(options: ReplayOptions, files: readonly ReplayFile[]): Promise<readonly ReplayFile[]> {
  const fresh = files.filter(({ start }) => start.lines === 0 && !start.finished);
  if (!options.shiftToNow || fresh.length === 0) return files;
  let firstMs = Infinity;
  for (const { path, order } of fresh) {
    const stream = await openStream(path, options.source, { order, startAfter: 0 });
    try {
      for (let more = stream.head !== null; more; more = stream.next() || await stream.fill()) {
        if (stream.head?.decoded.kind !== "events") continue;
        firstMs = Math.min(firstMs, stream.timeMs());
        break;
      }
    } finally {
      await stream.close();
    }
  }
  if (!Number.isFinite(firstMs)) return files;
  const shiftMs = options.clock.nowMs() - firstMs;
  return files.map((file) => (fresh.includes(file) ? { ...file, start: { ...file.start, shiftMs } } : file));
}
