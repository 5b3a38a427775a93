/**
 * A detector: a value that falls to a fraction of that of the window before it.
 *
 *     deno run -A examples/sudden_drop.ts
 */
import { detector, lastOf, minutes, pipeline, tumbling, type ViewerEvent, viewerEvents } from "tidemark";

/** When a fall is a drop. */
export interface SuddenDropOptions {
  /** 0.5 = to less than half. */
  readonly below: number;
}

/** Value of a window as a fraction of the one before it: score = value / before. */
export const suddenDrop = (metric: string, { below }: SuddenDropOptions) =>
  detector<{ endMs: number; value: number }[], number>({
    on: "pane",
    name: `sudden_drop(${metric})`,
    metric,
    // A state that was kept by other ones is not read: the key begins anew.
    parameters: { below },
    zero: () => [],
    // A baseline skips windows that overlap the tested one; null = nothing to go by.
    baseline: (state, { windowStartMs }) => state.findLast(({ endMs }) => endMs <= windowStartMs)?.value ?? null,
    judge: (before, value) => ({
      anomalous: value < before * below,
      verdict: () => {
        const explanation = `${value} after ${before} is less than ${below * 100} % of it`;
        return { value, baseline: before, score: value / before, explanation };
      },
    }),
    remember(state, { windowEndMs: endMs, value }) {
      const held = state.find((sample) => sample.endMs === endMs);
      if (held !== undefined) held.value = value;
      else state.push({ endMs, value });
      if (state.length > 100) state.shift();
    },
  });

if (import.meta.main) {
  const watched = pipeline<ViewerEvent>({
    name: "watched",
    contract: viewerEvents,
    key: "stream_id",
    window: tumbling({ sizeMs: minutes(1) }),
    metrics: { viewers: lastOf((event) => String(event.viewer_count), { scale: 0 }) },
    detect: [suddenDrop("viewers", { below: 0.5 })],
    table: "watched",
  });
  const counted = (minute: number, viewer_count: number) => ({
    ...{ event_id: String(minute), source: "example", stream_id: "demo", viewer_count },
    timestamp: `2024-08-08T12:0${minute}:00Z`,
  });
  const events = [counted(0, 900), counted(1, 870), counted(2, 300), counted(3, 310), counted(4, 305)];
  import("tidemark/testing").then(({ showPipeline }) => showPipeline(watched, events));
}
