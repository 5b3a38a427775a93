/**
 * What the chart of messages shows.
 * @module
 */
import { CHART_SPAN_MS } from "./chart_spans.ts";
import type { ChartLine, ChartView } from "./line_chart.ts";
import type { SeriesTable } from "./series.ts";

/** A chart is never narrower: the first points are not blown up to the full width. */
const CHART_SPAN_MS_MIN = 2 * 60_000;

/** Streams by the number of their messages, the loudest first. */
export function rankStreams(table: SeriesTable): string[] {
  const { fillingMs } = table.frontier();
  const totals = table.keys().map((key) => {
    const points = table.points(key).filter(([endMs]) => endMs > fillingMs - CHART_SPAN_MS);
    return [key, points.reduce((sum, [, count]) => sum + count, 0), points.length] as const;
  });
  const present = totals.filter(([, , length]) => length > 0);
  return present.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key);
}

/** The lines of some series over the newest quarter of an hour, or over a longer span. */
export function chartViewOf(
  table: SeriesTable,
  keys: readonly (readonly [key: string, slot: number])[],
  { gapMs, spanMs = CHART_SPAN_MS }: { gapMs: number; spanMs?: number },
): ChartView {
  const { completeMs, fillingMs } = table.frontier();
  const toMs = Number.isFinite(fillingMs) ? fillingMs : 0;
  let oldestMs = toMs;
  const lines: ChartLine[] = keys.map(([key, slot]) => {
    const points = table.points(key).filter(([endMs]) => endMs >= toMs - spanMs);
    oldestMs = Math.min(oldestMs, points[0]?.[0] ?? toMs);
    return { key, slot, points };
  });
  return { lines, fromMs: Math.min(oldestMs, toMs - CHART_SPAN_MS_MIN), toMs, completeMs, gapMs };
}

/** The value of the newest complete window; null where that window has none. */
export function completeValue(table: SeriesTable, key: string): number | null {
  const { completeMs } = table.frontier();
  const point = table.points(key).findLast(([endMs]) => endMs <= completeMs);
  return point?.[0] === completeMs ? point[1] : null;
}
