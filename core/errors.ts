/**
 * Failures that a user can cause: one line of cause, one line of fix, an exit code.
 * @module
 */

/** Exit codes of the command line. */
export const exitCodes = {
  /** Something of ours went wrong. */
  internal: 1,
  /** The words of the call, a variable or an input are off. */
  usage: 2,
  /** The DATA_DIR belongs to another process. */
  owned: 3,
  /** A port, a folder or a service cannot be had. */
  unavailable: 4,
  /** Stopped by Ctrl-C (128 + SIGINT). */
  interrupted: 130,
  /** Whoever read the output has read enough (128 + SIGPIPE). */
  outputClosed: 141,
} as const;

/** A kind of failure that callers tell apart. */
export type UserErrorCode = "usage" | "owned" | "unavailable";

/** A failure that the user can mend: `message` is the cause, `fix` says what to do. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** What kind of failure it is; decides the exit code. */
  readonly code: UserErrorCode;
  /** One line that says what to do about it. */
  readonly fix: string;

  constructor(code: UserErrorCode, text: { cause: string; fix: string }, options?: ErrorOptions) {
    super(text.cause, options);
    this.code = code;
    this.fix = text.fix;
  }

  /** The exit code of a command that failed with this. */
  get exitCode(): number {
    return exitCodes[this.code];
  }
}

/** Nobody reads the output any more, as after `… | head -1`: what writes it ends, and says nothing. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

/** An owner with a higher epoch has taken the partition over; the receiver of this stops, its work is void. */
export class FencedError extends Error {
  override readonly name = "FencedError";
}

/** Whether a failure comes from a disk without room, in the words of the system, of Postgres or of SQLite. */
export const isDiskFull = (error: unknown): boolean =>
  /ENOSPC|EDQUOT|no space left on device|quota exceeded|disk is full/i.test(messageOf(error));

/** What to do about it. */
export const FREE_SPACE = "free space on that disk";

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
