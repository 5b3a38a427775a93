/**
 * The names that components use on both sides; the bundler gives browsers `runtime_client.ts` instead.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { assetUrl } from "./asset_url.ts";
import { getBasePath, getBuildId } from "./build_id.ts";
import { currentRender } from "./render_state.ts";

/** True in a browser, false on the server. */
export const IS_BROWSER: boolean = false;

/** The URL of a file in static/ that a browser may keep for a year, as it changes with each build. */
export function asset(path: string): string {
  return assetUrl(path, getBuildId(), getBasePath());
}

/** Puts its children into the document's head; a title, or a meta of the same name, takes the place of `_app`'s. */
export function Head({ children }: { children?: ComponentChildren }): null {
  currentRender()?.head.push(children);
  return null;
}
