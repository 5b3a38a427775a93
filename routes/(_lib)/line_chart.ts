/**
 * A line chart over time on a canvas. chart.js is loaded when the first chart is opened, with the parts that are used.
 * @module
 */
import type { Chart, ChartConfiguration, ChartDataset, PointStyle, ScriptableLineSegmentContext } from "chart.js";
import { formatClock, formatDateTime, formatMinute } from "./format.ts";
import type { Point } from "./series.ts";

/** One line. */
export interface ChartLine {
  readonly key: string;
  /** Decides colour and shape, from 0. */
  readonly slot: number;
  readonly points: readonly Point[];
}

/** What a chart shows. */
export interface ChartView {
  readonly lines: readonly ChartLine[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Beyond it values still change: drawn dashed. */
  readonly completeMs: number;
  /** Neighbours further apart than this are not joined. */
  readonly gapMs: number;
}

/** How values look. */
export interface ChartOptions {
  readonly beginAtZero: boolean;
  readonly format: (value: number) => string;
  /** On the axis, where there is less room. */
  readonly formatTick: (value: number) => string;
}

/** Number of slots with a colour and a shape of their own. */
export const CHART_SLOTS = 5;

const SHAPES: readonly PointStyle[] = ["circle", "rect", "triangle", "rectRot", "cross"];
/** Shapes on a line, so that it can be told by more than its colour. */
const SHAPES_PER_LINE = 9;
const Y_AXIS_PX = 68;
const TICKS_MAX = 7;
const TICK_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400];

/** A chart that is open; it must be destroyed. */
export class LineChart {
  readonly #chart: Chart<"line", { x: number; y: number }[]>;
  readonly #canvas: HTMLCanvasElement;
  readonly #scheme = globalThis.matchMedia("(prefers-color-scheme: dark)");
  readonly #onScheme = () => this.#recolour();
  #view: ChartView | null = null;

  private constructor(chart: Chart<"line", { x: number; y: number }[]>, canvas: HTMLCanvasElement) {
    this.#chart = chart;
    this.#canvas = canvas;
    this.#scheme.addEventListener("change", this.#onScheme);
  }

  /** Loads chart.js and opens an empty chart; null where the canvas has left the page meanwhile. */
  static async open(canvas: HTMLCanvasElement, options: ChartOptions): Promise<LineChart | null> {
    const { Chart, LineController, LineElement, PointElement, LinearScale, Tooltip } = await import("chart.js");
    if (!canvas.isConnected) return null;
    Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip);
    const chart = new LineChart(new Chart(canvas, configOf(options)), canvas);
    chart.#recolour();
    return chart;
  }

  /** Shows other data; what is shown is noted on the canvas' host for tests and tools. */
  draw(view: ChartView): void {
    this.#view = view;
    const scales = this.#chart.options.scales!;
    Object.assign(scales["x"]!, { min: view.fromMs, max: view.toMs });
    const colours = this.#colours();
    this.#chart.data.datasets = view.lines.map((line) => datasetOf(line, view, colours));
    this.#chart.update("none");
    this.#note(view);
  }

  /** Frees the canvas. */
  destroy(): void {
    this.#scheme.removeEventListener("change", this.#onScheme);
    this.#chart.destroy();
  }

  #note({ lines }: ChartView): void {
    const host = this.#canvas.parentElement;
    if (host === null) return;
    let newest: Point | undefined;
    for (const { points } of lines) {
      const last = points.at(-1);
      if (last !== undefined && last[0] > (newest?.[0] ?? -Infinity)) newest = last;
    }
    host.dataset["points"] = String(lines.reduce((sum, { points }) => sum + points.length, 0));
    host.dataset["lastTime"] = newest === undefined ? "" : new Date(newest[0]).toISOString();
    host.dataset["lastValue"] = newest === undefined ? "" : String(newest[1]);
  }

  #colours(): readonly string[] {
    const style = getComputedStyle(this.#canvas);
    return SHAPES.map((_, slot) => style.getPropertyValue(`--series-${slot + 1}`).trim());
  }

  #recolour(): void {
    const style = getComputedStyle(this.#canvas);
    const variable = (name: string) => style.getPropertyValue(name).trim();
    const { scales, plugins } = this.#chart.options;
    const font = { family: style.fontFamily, size: 12 };
    for (const axis of ["x", "y"]) {
      const scale = scales?.[axis];
      if (scale?.ticks) Object.assign(scale.ticks, { color: variable("--text-muted"), font });
      if (scale?.grid) Object.assign(scale.grid, { color: variable("--grid") });
    }
    Object.assign(plugins!.tooltip!, {
      backgroundColor: variable("--tooltip"),
      titleColor: variable("--text"),
      bodyColor: variable("--text"),
      borderColor: variable("--border-strong"),
      titleFont: { ...font, weight: 600 },
      bodyFont: font,
    });
    if (this.#view !== null) this.draw(this.#view);
    else this.#chart.update("none");
  }
}

function datasetOf(
  { key, slot, points }: ChartLine,
  { fromMs, toMs, completeMs, gapMs }: ChartView,
  colours: readonly string[],
): ChartDataset<"line", { x: number; y: number }[]> {
  const colour = colours[slot % CHART_SLOTS] ?? "gray";
  const last = points.length - 1;
  const stepMs = timeStepMs(toMs - fromMs, SHAPES_PER_LINE);
  const stepOf = (index: number) => Math.floor((points[index]?.[0] ?? 0) / stepMs);
  return {
    label: key,
    data: points.map(([x, y]) => ({ x, y })),
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2,
    borderJoinStyle: "round",
    clip: 8, // the newest point stands on the edge
    spanGaps: gapMs,
    pointStyle: SHAPES[slot % CHART_SLOTS]!,
    // By time, not by index, or the shapes would dance with each new point.
    pointRadius: ({ dataIndex: i }) => i === last ? 4.5 : stepOf(i) !== stepOf(i - 1) ? 3 : 0,
    pointHoverRadius: 5,
    pointBorderWidth: 2,
    segment: {
      borderDash: ({ p1 }: ScriptableLineSegmentContext) => (p1.parsed.x ?? 0) > completeMs ? [3, 4] : undefined,
    },
  };
}

/** A whole step of time that divides a span into at most so many parts. */
function timeStepMs(spanMs: number, partsMax: number): number {
  return 1_000 * (TICK_STEPS_S.find((step) => spanMs / (step * 1_000) <= partsMax) ?? TICK_STEPS_S.at(-1)!);
}

function configOf(
  { beginAtZero, format, formatTick }: ChartOptions,
): ChartConfiguration<"line", { x: number; y: number }[]> {
  return {
    type: "line",
    data: { datasets: [] },
    options: {
      // Live data moves by itself: an animation would show values that never were.
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      resizeDelay: 100,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      layout: { padding: { top: 8, right: 10 } },
      scales: {
        x: {
          type: "linear",
          border: { display: false },
          grid: { display: false },
          ticks: { autoSkip: false, maxRotation: 0, callback: (value) => axisTime(Number(value)) },
          afterBuildTicks: (axis) => {
            axis.ticks = timeTicks(axis.min, axis.max, axis.width).map((value) => ({ value }));
          },
        },
        y: {
          type: "linear",
          beginAtZero,
          grace: beginAtZero ? "8%" : "12%",
          border: { display: false },
          grid: { drawTicks: false },
          ticks: { maxTicksLimit: 6, padding: 8, callback: (value) => formatTick(Number(value)) },
          afterFit: (axis) => {
            axis.width = Y_AXIS_PX; // numbers that grow by a digit must not move the plot
          },
        },
      },
      plugins: {
        tooltip: {
          borderWidth: 1,
          padding: 10,
          usePointStyle: true,
          callbacks: {
            title: ([item]) => `${formatDateTime(item?.parsed.x)} UTC`,
            label: ({ dataset, parsed }) => ` ${dataset.label}  ${parsed.y === null ? "—" : format(parsed.y)}`,
          },
        },
      },
    },
  };
}

/** Ticks at whole steps of time, as many as fit. */
export function timeTicks(fromMs: number, toMs: number, widthPx: number): number[] {
  const ticksMax = Math.max(2, Math.min(TICKS_MAX, Math.floor(widthPx / 80)));
  const stepMs = timeStepMs(toMs - fromMs, ticksMax);
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs && ticks.length < 50; at += stepMs) ticks.push(at);
  return ticks;
}

const axisTime = (timeMs: number): string => timeMs % 60_000 === 0 ? formatMinute(timeMs) : formatClock(timeMs);
