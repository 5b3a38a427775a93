/**
 * Hours of a market, from the regular session that Yahoo names with each chart. A session is known for one day; on
 * other days it is taken to begin at the same time of day there, whatever summer time does to it in UTC.
 * @module
 */
import { days } from "../../core/time.ts";
import type { Session } from "./yahoo_chart.ts";

/** Days that are looked ahead for the next session. */
const DAYS_AHEAD = 7;

/** Whether the market is in its regular session: that of the day, or one of the day before that goes on after midnight. */
export function isOpen(session: Session, nowMs: number): boolean {
  return [nowMs, nowMs - days(1)].some((dayMs) => {
    const candidate = sessionOn(session, dayMs);
    return nowMs >= candidate.startMs && nowMs < candidate.endMs && (isEveryDay(session) || !isWeekend(candidate));
  });
}

/**
 * When the next session begins after `nowMs`. Holidays are not known, nor countries that rest on other days: whoever
 * waits for it looks in between.
 */
export function nextOpenMs(session: Session, nowMs: number): number {
  if (session.startMs > nowMs) return session.startMs;
  for (let day = 0; day <= DAYS_AHEAD; day++) {
    const candidate = sessionOn(session, nowMs + days(day));
    if (candidate.startMs > nowMs && (isEveryDay(session) || !isWeekend(candidate))) return candidate.startMs;
  }
  return nowMs + days(1);
}

/** When the session of that day has ended, the last one before `nowMs` or the running one. */
export function closeMs(session: Session, nowMs: number): number {
  const today = sessionOn(session, nowMs);
  return today.startMs <= nowMs ? today.endMs : sessionOn(session, nowMs - days(1)).endMs;
}

/** Currencies are traded around the clock; those that rest at the weekend only answer with old bars then. */
const isEveryDay = ({ startMs, endMs }: Session): boolean => endMs - startMs > days(1) * 0.9;

function isWeekend({ startMs, timeZone }: Session): boolean {
  const weekday = new Date(startMs + offsetMs(timeZone, startMs)).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** The session moved to the local day of a time. */
function sessionOn(session: Session, timeMs: number): Session {
  const { timeZone } = session;
  const localMs = (ms: number) => ms + offsetMs(timeZone, ms);
  const dayOf = (ms: number) => Math.floor(localMs(ms) / days(1));
  const moved = (ms: number) => {
    const wantedMs = localMs(ms) + (dayOf(timeMs) - dayOf(session.startMs)) * days(1);
    // The offset at the wanted time decides; it is asked for twice, since the first answer is for a time next to it.
    const nearMs = wantedMs - offsetMs(timeZone, wantedMs);
    return wantedMs - offsetMs(timeZone, nearMs);
  };
  return { startMs: moved(session.startMs), endMs: moved(session.endMs), timeZone };
}

/** How far the local time of a zone is ahead of UTC; 0 for a zone that this machine does not know. */
function offsetMs(timeZone: string, timeMs: number): number {
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }).formatToParts(timeMs);
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
    const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
    return local - Math.floor(timeMs / 1_000) * 1_000;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
