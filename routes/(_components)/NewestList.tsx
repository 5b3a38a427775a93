import type { ComponentChild } from "preact";
import { Panel, type PanelProps } from "./Panel.tsx";

/** A panel of what is rare. */
export interface NewestListProps extends Omit<PanelProps, "children"> {
  /** What a screen reader is told of what came. */
  readonly told: string;
  /** What stands there while there is nothing. */
  readonly empty: string;
  readonly children: readonly ComponentChild[];
}

/** The newest of something first, or why there is none. */
export function NewestList({ told, empty, children, ...panel }: NewestListProps) {
  return (
    <Panel {...panel}>
      <p class="visually-hidden" role="status">{told}</p>
      {children.length === 0
        ? (
          <p class="empty">
            {panel.state.name === "opening" ? "The stores are opening: this takes a few seconds." : empty}
          </p>
        )
        : <ol class="newest" tabIndex={0} aria-label={`${panel.title}, newest first`}>{children}</ol>}
    </Panel>
  );
}
