import type { PanelState, PanelStateName } from "../(_lib)/panel_state.ts";

/** Outline, so that no state is told by colour alone. */
const SHAPES: Readonly<Record<PanelStateName, string>> = {
  live: "M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z",
  quiet: "M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM6 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
  ended: "M2 2h8v8H2Z",
  paused: "M2.5 2h2.5v8H2.5ZM7 2h2.5v8H7Z",
  stale: "M6 1.2 11.2 10.6H.8Z",
  error: "M3 .8h6l2.2 2.2v6L9 11.2H3L.8 9V3Z",
  reconnecting: "M6 1.2 11.2 6 6 10.8.8 6Z",
  connecting: "M6 1.2 11.2 6 6 10.8.8 6ZM6 4 3.8 6 6 8l2.2-2Z",
  opening: "M6 1.2 11.2 6 6 10.8.8 6ZM6 4 3.8 6 6 8l2.2-2Z",
  warming: "M6 1.5a4.5 4.5 0 1 1 0 9ZM6 1.5v9a4.5 4.5 0 0 1 0-9Z",
  empty: "M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM6 3a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
};

/** The state of a panel or of the connection, with a shape and in words. */
export function StateMark({ state }: { readonly state: Pick<PanelState, "name" | "label"> }) {
  return (
    <span class={`state state-${state.name}`} data-state={state.name}>
      <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
        <path d={SHAPES[state.name]} fill-rule="evenodd" />
      </svg>
      <span>{state.label}</span>
    </span>
  );
}
