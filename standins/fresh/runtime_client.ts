/// <reference lib="dom" />
import type { ComponentChildren } from "preact";
import { assetUrl } from "./asset_url.ts";

// Read at load, not at boot: islands may call asset() while their module is evaluated.
const boot = document.querySelector<HTMLScriptElement>("script[data-build-id]");

/** True in a browser, false on the server. */
export const IS_BROWSER: boolean = true;

/** The same URL that the server's asset() made for this page. */
export function asset(path: string): string {
  return assetUrl(path, boot?.dataset.buildId ?? "", boot?.dataset.basePath ?? "");
}

/** The server has filled the head; as in Fresh it is not dynamic. */
export function Head(_props: { children?: ComponentChildren }): null {
  return null;
}
