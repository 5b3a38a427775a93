import type { ComponentChildren, RefObject } from "preact";

/** What a chart's frame needs. */
export interface ChartFrameProps {
  readonly canvas: RefObject<HTMLCanvasElement>;
  /** What kind of chart it is; its values stand in the caption. */
  readonly label: string;
  /** Said in place of an empty chart; null where there is something to draw. */
  readonly message: string | null;
  /** The latest values, as text. */
  readonly caption: ComponentChildren;
}

/** A canvas of fixed height with its text alternative. */
export function ChartFrame({ canvas, label, message, caption }: ChartFrameProps) {
  return (
    <figure class={message === null ? "chart" : "chart is-empty"}>
      <div class="chart-host">
        <canvas ref={canvas} role="img" aria-label={label} />
      </div>
      {message !== null && <p class="chart-message">{message}</p>}
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
