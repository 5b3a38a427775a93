/**
 * What is decided before the first line is sent: how far event times are moved, and whether sending makes sense at all.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { checkEvent, FUTURE_MS_MAX, isFault } from "../../core/events/contract.ts";
import type { ReplayFile, ReplayOptions } from "./replay.ts";
import { openStream, visitLines } from "./recorded_stream.ts";

/** Between the last event of a pass and the first one of the next. */
const PASS_GAP_MS = 1_000;

/**
 * Decides once per pass how far event times are moved; a file that was begun keeps its own. With `shiftToNow` the first
 * event is now; a pass of `loop` comes after the pass before it.
 */
export async function withShift(
  options: ReplayOptions,
  files: readonly ReplayFile[],
): Promise<readonly ReplayFile[]> {
  const fresh = files.filter(({ start }) => start.lines === 0 && !start.finished);
  const again = options.loop === true && fresh.some(({ start }) => start.pass > 0);
  if ((!options.shiftToNow && !again) || fresh.length === 0) return files;
  // One wrong clock must not move all others; where all events are of the future, they are meant to be moved.
  let [firstMs, lastMs] = await timesOf(fresh, { needsLast: again, latestMs: options.clock.nowMs() + FUTURE_MS_MAX });
  if (firstMs === Infinity) [firstMs, lastMs] = await timesOf(fresh, { needsLast: again, latestMs: Infinity });
  if (firstMs === Infinity) return files;
  const nowShiftMs = options.shiftToNow ? options.clock.nowMs() - firstMs : -Infinity;
  const lastShiftMs = Math.max(...fresh.map(({ lastShiftMs }) => lastShiftMs));
  const nextShiftMs = again ? lastShiftMs + lastMs - firstMs + PASS_GAP_MS : -Infinity;
  const shiftMs = Math.max(nowShiftMs, nextShiftMs);
  return files.map((file) => (fresh.includes(file) ? { ...file, start: { ...file.start, shiftMs } } : file));
}

/**
 * First event time of files that is not after `latestMs`, and their last one where it is needed: it takes reading them to
 * their ends. Infinity where there is none.
 */
async function timesOf(
  files: readonly ReplayFile[],
  { needsLast, latestMs }: { needsLast: boolean; latestMs: number },
): Promise<[firstMs: number, lastMs: number]> {
  let [firstMs, lastMs] = [Infinity, -Infinity];
  for (const { input, order } of files) {
    if (needsLast) {
      await visitLines(input, (stream) => {
        if (stream.head?.decoded.kind !== "events") return true;
        const timeMs = stream.timeMs(latestMs);
        if (timeMs === -Infinity) return true;
        firstMs = Math.min(firstMs, timeMs);
        lastMs = Math.max(lastMs, timeMs);
        return true;
      });
      continue;
    }
    const stream = await openStream(input, { order, startAfter: 0 });
    try {
      for (let more = stream.head !== null; more; more = stream.next() || await stream.fill()) {
        if (stream.head?.decoded.kind !== "events") continue;
        const timeMs = stream.timeMs(latestMs);
        if (timeMs === -Infinity) continue;
        firstMs = Math.min(firstMs, timeMs);
        break;
      }
    } finally {
      await stream.close();
    }
  }
  return [firstMs, lastMs];
}

/**
 * Refuses a replay into windows that have all passed, which would write nothing but late records: better said before.
 *
 * @throws {UserError} when every event left to send would be late.
 */
export async function refuseIfAllLate(
  { clock, isLate }: ReplayOptions,
  files: readonly ReplayFile[],
): Promise<void> {
  // A run that was begun is ended as it would have been undisturbed, also where only its late lines are left.
  if (files.some(({ start }) => start.lines > 0 && !start.finished)) return;
  let late = 0;
  for (const { input, order, start } of files) {
    if (start.finished) continue;
    const stream = await openStream(input, { order, startAfter: start.lines });
    try {
      for (let more = stream.head !== null; more; more = stream.next() || await stream.fill()) {
        const decoded = stream.head?.decoded;
        if (decoded?.kind !== "events") continue;
        for (const { contract, value } of decoded.events) {
          // The door sees the moved time: what it will refuse as of the future is not what is worth sending.
          const checked = checkEvent(contract, { value, appendTimeMs: clock.nowMs() - start.shiftMs });
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
    cause: `Cannot replay: all ${late} events left to send are older than what was processed before and would be late`,
    fix: "use another --data-dir, or move them in time with --shift-to-now",
  });
}
