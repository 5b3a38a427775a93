/**
 * What a process and its processing threads tell each other.
 * @module
 */
import type { Config } from "../../core/config.ts";
import type { ProcessorStatus, StoreTrouble } from "../../core/status.ts";
import type { Failure } from "../failure.ts";

/** To a thread. */
export type ToThread =
  | { readonly kind: "run"; readonly config: Config }
  | { readonly kind: "stop" };

/** From a thread; the last message is `ended` or `failed`. */
export type ToMain =
  | { readonly kind: "note"; readonly note: string }
  | { readonly kind: "status" | "ended"; readonly status: ProcessorStatus; readonly troubles: readonly StoreTrouble[] }
  | { readonly kind: "failed"; readonly failure: Failure };
