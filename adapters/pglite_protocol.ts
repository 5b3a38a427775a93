/**
 * Messages between the store on the main thread and PGlite's worker.
 * @module
 */
import type { PgliteStep } from "./pglite_cluster.ts";
import type { SqlParam, SqlRow, SqlStep } from "./summary_store_session.ts";
import type { UserErrorCode } from "../core/errors.ts";

/** What the main thread asks. Answered in order. */
export type PgliteCall =
  | { readonly kind: "open"; readonly dataDir: string; readonly image: boolean }
  | { readonly kind: "query"; readonly text: string; readonly params: readonly SqlParam[] }
  | { readonly kind: "transaction"; readonly steps: readonly SqlStep[] }
  | { readonly kind: "close" };

/** A call with the number that its answer carries. */
export interface PgliteRequest {
  readonly id: number;
  readonly call: PgliteCall;
}

/** What a call gives: rows, rows of each step or null, or nothing. */
export type PgliteResult = SqlRow[] | SqlRow[][] | null;

/** An error in a form that a message can carry. */
export interface PgliteFailure {
  readonly message: string;
  /** SQLSTATE, where Postgres refused. */
  readonly sqlState?: string;
  readonly user?: { readonly code: UserErrorCode; readonly fix: string };
}

/** What the worker says. After `fatal` it answers nothing more. */
export type PgliteReply =
  | { readonly kind: "done"; readonly id: number; readonly result: PgliteResult }
  | { readonly kind: "failed"; readonly id: number; readonly failure: PgliteFailure }
  | { readonly kind: "step"; readonly step: PgliteStep }
  | { readonly kind: "fatal"; readonly failure: PgliteFailure };
