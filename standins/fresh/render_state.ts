import type { ComponentChildren } from "preact";
import type { Island } from "./snapshot.ts";

/** What one rendering of one page collects. */
export interface RenderState {
  /** URL of the page, for links to itself. */
  readonly url: URL;
  /** Given to every script and style. */
  readonly nonce: string;
  /** Islands that exist, by component. */
  readonly known: ReadonlyMap<unknown, Island>;
  /** Islands on this page, in the order of first use. */
  readonly islands: Island[];
  /** Props of each use of an island. */
  readonly props: Record<string, unknown>[];
  /** Children of each <Head>. */
  readonly head: ComponentChildren[];
}

// Rendering to a string is synchronous, so that one variable serves concurrent requests.
let current: RenderState | null = null;

/** The rendering in progress, if any. */
export function currentRender(): RenderState | null {
  return current;
}

/** Runs a synchronous rendering with this state. */
export function withRender<T>(state: RenderState, render: () => T): T {
  const previous = current;
  current = state;
  try {
    return render();
  } finally {
    current = previous;
  }
}
