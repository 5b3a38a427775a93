/**
 * Replays of small chat files into an embedded log of their own, without a processor.
 * @module
 */
import { openEmbeddedLog } from "../../adapters/event_log_embedded.ts";
import { type Clock, seededRandom } from "../../core/clock.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { qualityEvents } from "../../core/events/quality.ts";
import type { EventLog, LogRecord } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import { Replay, type ReplayCounts, type ReplayOptions } from "../../ingest/replay/replay.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { recordsOf } from "./read_topic.ts";
import { inTempFolder } from "./temp_folder.ts";

/** When the clock of a case starts, and the event time of second 0. */
export const CASE_START_MS = Date.UTC(2024, 0, 1, 12);

/** A line of a chat file: an event of this id, so many seconds after the start. */
export function chatLine(id: string, second: number): string {
  const timestamp = formatTime(CASE_START_MS + second * 1_000);
  const names = { stream_id: "demo", user_id: "u", username: "" };
  return JSON.stringify({ event_id: id, timestamp, source: "t", ...names, message: "", emotes: [] });
}

/** A clock whose sleeps pass at once; it notes them. */
export class JumpingClock implements Clock {
  readonly sleepsMs: number[] = [];
  #nowMs = CASE_START_MS + 3_600_000;

  nowMs(): number {
    return this.#nowMs;
  }

  sleep(durationMs: number): Promise<void> {
    this.sleepsMs.push(durationMs);
    this.passMs(durationMs);
    return Promise.resolve();
  }

  /** Moves the time on. */
  passMs(durationMs: number): void {
    this.#nowMs += durationMs;
  }
}

/** A folder with files, a log and a clock. */
export interface ReplayCase {
  readonly log: EventLog;
  readonly clock: JumpingClock;
  /** Writes a file of these lines; its path. */
  file(name: string, lines: readonly string[]): Promise<string>;
  /** Opens a replay of source `chat` at full speed unless told otherwise. */
  open(files: readonly string[], options?: Partial<ReplayOptions>): Promise<Replay>;
  /** Opens, feeds and finishes a replay. */
  run(files: readonly string[], options?: Partial<ReplayOptions>): Promise<ReplayCounts & { readonly runId: string }>;
  /** Records of topic `events.chat` in the log. */
  records(): Promise<LogRecord[]>;
  /** Their event ids. */
  ids(): Promise<string[]>;
}

/** Calls `body` with a case of its own. */
export function inReplayCase(body: (replayCase: ReplayCase) => Promise<void>): Promise<void> {
  return inTempFolder(async (folder) => {
    const clock = new JumpingClock();
    await using log = await openEmbeddedLog({
      path: `${folder}/log.db`,
      clock,
      retentionMs: Infinity,
      sizeBytesMax: Infinity,
    });
    const topics = [chatEvents.topic, "dead", qualityEvents.topic];
    await log.ensureTopics(topics.map((topic) => ({ topic, partitions: 1 })));
    const random = seededRandom(1);
    const open: ReplayCase["open"] = (files, options = {}) =>
      Replay.open({
        files,
        source: sourceByName("chat"),
        speed: "max",
        order: "time",
        again: false,
        shiftToNow: false,
        log,
        clock,
        random,
        signal: new AbortController().signal,
        isLate: () => false,
        ...options,
      });
    const records = () => recordsOf(log, chatEvents.topic);
    await body({
      log,
      clock,
      open,
      records,
      async file(name, lines) {
        await Deno.writeTextFile(`${folder}/${name}`, lines.map((line) => line + "\n").join(""));
        return `${folder}/${name}`;
      },
      async run(files, options) {
        const replay = await open(files, options);
        await replay.feed();
        await replay.finish();
        return { ...replay.counts(), runId: replay.runId };
      },
      ids: async () => (await records()).map(({ value }) => JSON.parse(value).event_id),
    });
  });
}
