/**
 * Replay: sends recorded files through a source's decoder and the door, merged by event time, paced or at full speed,
 * and resumes exactly after a kill.
 * @module
 */
import type { Clock, Random } from "../../core/clock.ts";
import { type CheckedEvent, type EventBase, type EventContract, FUTURE_MS_MAX } from "../../core/events/contract.ts";
import type { EventLog } from "../../core/ports.ts";
import { countKind, Door, type DoorCounts, noDoorCounts, Outbox } from "../door.ts";
import { type Shard, wholeShard } from "../sharding.ts";
import type { Decoded } from "../source.ts";
import { refuseIfAllLate, withShift } from "./before_sending.ts";
import { takeAll, type TakeLine, takePart } from "./data_set_shard.ts";
import { requirePrices, withPriceSpike } from "./fake_anomaly.ts";
import { loadPosition, positionId, type ReplayPosition, savedPosition, startPosition } from "./position.ts";
import { type ReadingOptions, type RecordedInput, recordedInput } from "./recorded_input.ts";
import { openStream, orderByTime, type RecordedStream, type SendingOrder } from "./recorded_stream.ts";

/** `max`; event time per wall time: 1 = as it happened, 60 = an hour a minute; or so long from record to record. */
export type ReplaySpeed = number | "max" | { readonly recordEveryMs: number };

/** What to replay, and how. */
export interface ReplayOptions extends ReadingOptions {
  readonly files: readonly string[];
  readonly speed: ReplaySpeed;
  /** `time` merges by event time and sorts files that are in another order; `file` takes each as it stands. */
  readonly order: "time" | "file";
  /** Send finished files once more, as events of their own. */
  readonly again: boolean;
  /** Move event times so that the first one is now. */
  readonly shiftToNow: boolean;
  /** This is one of many passes: each comes after the one before it in event time. */
  readonly loop?: boolean;
  /** Which part of the files is sent; all of them unless told otherwise. */
  readonly shard?: Shard;
  /** Every so many events one gets five times its price and a label; none without it. */
  readonly anomalyEveryRecords?: number | null;
  readonly log: Pick<EventLog, "append" | "loadPosition">;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Whether every pipeline of the topic would find the event late. */
  isLate(contract: EventContract, checked: CheckedEvent<EventBase>): boolean;
}

/** Door counts over all files of a run. */
export interface ReplayCounts extends DoorCounts {
  /** Lines that earlier, finished runs had sent, and those of files that the call names twice. */
  readonly skipped: number;
}

/** A file with where its sending starts. */
export interface ReplayFile {
  readonly input: RecordedInput;
  readonly id: string;
  readonly order: SendingOrder;
  readonly start: ReplayPosition;
  /** Files of the same call that hold the same events, and so are not sent. */
  readonly doubles: readonly string[];
  /** How far the event times of the pass before were moved. */
  readonly lastShiftMs: number;
}

/** A file with what is known of it before the run is. */
interface FoundFile {
  readonly input: RecordedInput;
  readonly order: SendingOrder;
  readonly position: ReplayPosition | null;
  readonly doubles: string[];
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
  readonly #take: TakeLine;
  #sending: SendingFile[] = [];
  #appending: Promise<void> = Promise.resolve();
  #paceStart: { wallMs: number; eventMs: number } | null = null;
  /** Records sent since the pace began. */
  #paced = 0;

  private constructor(options: ReplayOptions, { runId, files, take }: {
    runId: string;
    files: readonly ReplayFile[];
    take: TakeLine;
  }) {
    this.#options = options;
    this.runId = runId;
    this.#files = files;
    this.#take = take;
  }

  /** What people should know of how the files are read. */
  get notes(): readonly string[] {
    return this.#files.flatMap(({ input, doubles }) => [
      ...(input.note === null ? [] : [input.note]),
      ...doubles.map((path) => `${path} holds the same events as ${input.path} of this call: its lines are skipped`),
    ]);
  }

  /**
   * Looks at the files and at what was sent of them.
   *
   * @throws {UserError} when a file cannot be read, or when every event left to send would be late.
   */
  static async open(options: ReplayOptions): Promise<Replay> {
    const { log, clock, random, again, shard = wholeShard } = options;
    if (options.anomalyEveryRecords) requirePrices(options.source);
    const found = new Map<string, FoundFile>();
    for (const path of options.files) {
      const input = await recordedInput(path, options);
      const { name, fingerprint } = input;
      const order: SendingOrder = options.order === "time" ? await orderByTime(input, clock.nowMs()) : "file";
      const id = positionId({ ...options, name, fingerprint, source: input.source.name, order, shard });
      const same = found.get(id);
      if (same !== undefined) same.doubles.push(path);
      else found.set(id, { input, order, position: await loadPosition(log, id), doubles: [] });
    }
    const positions = [...found.values()].map(({ position }) => position);
    const unfinished = positions.find((position) => position !== null && !position.finished);
    const runId = unfinished?.runId ??
      `${clock.nowMs().toString(36)}-${Math.floor(random.next() * 36 ** 6).toString(36)}`;
    const files = [...found].map(([id, { input, order, position, doubles }]): ReplayFile => {
      const start = startPosition(position, { runId, again, shiftMs: 0 });
      return { input, id, order, start, doubles, lastShiftMs: position?.shiftMs ?? 0 };
    });
    const shifted = await withShift(options, files);
    await refuseIfAllLate(options, shifted);
    const take = files.every(({ start }) => start.finished)
      ? takeAll
      : await takePart(files.map(({ input }) => input), shard);
    return new Replay(options, { runId, files: shifted, take });
  }

  /** Whether earlier runs had sent everything. */
  get nothingNew(): boolean {
    return this.#files.every(({ start }) => start.finished);
  }

  /** Counts at the door so far. */
  counts(): ReplayCounts {
    const total = { ...noDoorCounts(), skipped: 0 };
    for (const file of this.#files) {
      const { start, doubles } = file;
      const sending = this.#sending.find((sending) => sending.file === file);
      const counts = sending?.door.counts ?? start.door;
      total.read += counts.read;
      total.dead += counts.dead;
      total.ignored += counts.ignored;
      // A double has as many lines as the file that is sent.
      total.skipped += start.skipped + doubles.length * (sending?.lines ?? start.lines);
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
      const turn = this.#pick([...open]);
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
    const { input, id, order, start } = file;
    const { lines, nextSeq, recall = { lines: 0, nextSeq } } = start;
    const stream = await openStream(input, { order, startAfter: lines - recall.lines });
    const stamp = { origin: input.name, instance: `${id}:${start.pass}`, runId: this.runId };
    // The saved counts belong to the saved position: the door counts on from a copy.
    const counts = { ...start.door, ignoredKinds: { ...start.door.ignoredKinds } };
    const door = new Door(this.#outbox, stamp, { nextSeq: recall.nextSeq, counts, shiftMs: start.shiftMs });
    for (let line = 0; line < recall.lines && stream.head !== null; line++) {
      door.recall(this.#withAnomaly(this.#take(stream.head), door), { nowMs: this.#options.clock.nowMs() });
      if (!stream.next()) await stream.fill();
    }
    door.nextSeq = nextSeq;
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
      if (head === null || signal.aborted || (merges && isOver(this.#timeMs(sending)))) return true;
      const decoded = this.#take(head);
      if (speed !== "max") {
        const waitMs = this.#untilDue(this.#timeMs(sending), decoded, speed);
        if (waitMs > 0) await this.#rest(waitMs);
        if (signal.aborted) return true;
      }
      door.admit(this.#withAnomaly(decoded, door), { nowMs: clock.nowMs(), raw: head.raw, line: head.line });
      sending.lines++;
      if (this.#outbox.pending >= APPEND_RECORDS_MAX) await this.#flush();
      if (!stream.next()) return false;
    }
  }

  /**
   * The file whose line at hand is the earliest; of equal times the file named first. The choice depends on the lines at
   * hand, so that a run that goes on after a kill keeps the order of an undisturbed one; on the clock only where a line
   * claims to be of the future.
   */
  #pick(open: readonly SendingFile[]): Turn {
    if (open.length === 1) return { sending: open[0]!, untilMs: Infinity, winsTies: true };
    const byTime = open.map((sending, place) => ({ sending, place, timeMs: this.#timeMs(sending) }));
    byTime.sort((a, b) => a.timeMs - b.timeMs || a.place - b.place);
    const [first, second] = [byTime[0]!, byTime[1]!];
    return { sending: first.sending, untilMs: second.timeMs, winsTies: first.place < second.place };
  }

  /** When the line at hand is due in event time. What the door will refuse as of the future holds nothing back. */
  #timeMs({ file, stream }: SendingFile): number {
    const { clock, speed } = this.#options;
    const { shiftMs } = file.start;
    const latestMs = clock.nowMs() + FUTURE_MS_MAX;
    if (typeof speed !== "number") return stream.timeMs(latestMs - shiftMs);
    // At its pace a line of times that were moved comes to the door only when it is due, after a long gap as well: there
    // the clock was wrong if it was ahead of now when it was recorded. Of a recording from the future nobody knows.
    return stream.timeMs(shiftMs < 0 ? Infinity : latestMs);
  }

  /** Every so many events one is made an anomaly, counted in sending order, so that a resumed run makes the same. */
  #withAnomaly(decoded: Decoded, { nextSeq }: Door): Decoded {
    const { anomalyEveryRecords } = this.#options;
    return anomalyEveryRecords && (nextSeq + 1) % anomalyEveryRecords === 0 ? withPriceSpike(decoded) : decoded;
  }

  /** Milliseconds until a line of this event time is to be sent. */
  #untilDue(eventMs: number, { kind }: Decoded, speed: Exclude<ReplaySpeed, "max">): number {
    if (!Number.isFinite(eventMs)) return 0;
    const nowMs = this.#options.clock.nowMs();
    this.#paceStart ??= { wallMs: nowMs, eventMs };
    const { wallMs } = this.#paceStart;
    if (typeof speed === "number") return wallMs + (eventMs - this.#paceStart.eventMs) / speed - nowMs;
    return kind === "events" ? wallMs + this.#paced++ * speed.recordEveryMs - nowMs : 0;
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
}

function positionOf({ file, door, lines }: SendingFile, finished: boolean): ReplayPosition {
  // Copied: the door counts on while the position is being written.
  const counts = { ...door.counts, ignoredKinds: { ...door.counts.ignoredKinds } };
  const { nextSeq, recallPoint: recall } = door;
  return { ...file.start, lines, nextSeq, door: counts, recall, finished };
}

/** Whose lines are sent, and until when: the time of the next file's line, up to or including it. */
interface Turn {
  readonly sending: SendingFile;
  readonly untilMs: number;
  readonly winsTies: boolean;
}
