import type { ComponentChildren } from "preact";
import type { PanelState } from "../(_lib)/panel_state.ts";
import { StateMark } from "./StateMark.tsx";

/** What a panel is made of. */
export interface PanelProps {
  readonly id: string;
  readonly title: string;
  /** What exactly is shown: window, unit. */
  readonly note: string;
  readonly state: PanelState;
  readonly children: ComponentChildren;
}

/** A panel with its title and its state; what may be old is greyed. */
export function Panel({ id, title, note, state, children }: PanelProps) {
  return (
    <section class={`panel ${state.isOld ? "is-old" : ""}`} id={id} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <div>
          <h2 id={`${id}-title`}>{title}</h2>
          <p class="panel-note">{note}</p>
        </div>
        <StateMark state={state} />
      </header>
      <div class="panel-body">{children}</div>
    </section>
  );
}
