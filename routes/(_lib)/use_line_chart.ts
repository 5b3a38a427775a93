/**
 * A line chart as a hook: opened after the first render, redrawn with each new view, destroyed with its island.
 * @module
 */
import { type MutableRef, useEffect, useRef, useState } from "preact/hooks";
import { type ChartOptions, type ChartView, LineChart } from "./line_chart.ts";

/** A canvas to render, and why it cannot be drawn on. */
export interface LineChartHandle {
  readonly canvas: MutableRef<HTMLCanvasElement | null>;
  readonly failure: string | null;
}

/** Draws each view that differs from the one before. */
export function useLineChart(view: ChartView, options: ChartOptions): LineChartHandle {
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const chart = useRef<LineChart | null>(null);
  const latest = useRef(view);
  const [failure, setFailure] = useState<string | null>(null);
  latest.current = view;
  useEffect(() => {
    // An async effect cannot give its cleanup back in time: the flag stands for it until the chart is there.
    let unmounted = false;
    if (canvas.current !== null) {
      LineChart.open(canvas.current, options).then((opened) => {
        if (unmounted || opened === null) return opened?.destroy();
        chart.current = opened;
        opened.draw(latest.current);
      }, () => setFailure("The chart could not be loaded"));
    }
    return () => {
      unmounted = true;
      chart.current?.destroy();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    if (!document.hidden) chart.current?.draw(view);
  }, [view]);
  return { canvas, failure };
}
