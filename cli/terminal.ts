/**
 * What a command prints, and where: results on stdout, everything else on stderr.
 * @module
 */
import { exitCodes, FREE_SPACE, isDiskFull, messageOf, OutputClosedError, UserError } from "../core/errors.ts";

const encoder = new TextEncoder();

function write(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
}

/**
 * Writes a line of result.
 *
 * @throws {OutputClosedError} when nobody reads on; {UserError} when it cannot be written for another reason.
 */
export function print(line: string): void {
  try {
    write(Deno.stdout, line + "\n");
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw new OutputClosedError("Nobody reads the output");
    throw new UserError("unavailable", {
      cause: `Cannot write the output: ${messageOf(error)}`,
      fix: isDiskFull(error) ? `${FREE_SPACE}, or write to another` : "send it to a place that can be written",
    }, { cause: error });
  }
}

/** Writes a line for people; a command goes on where nobody listens any more, since its results do not hang on it. */
export function say(line: string): void {
  clearProgress();
  tell(line + "\n");
}

function tell(text: string): void {
  try {
    write(Deno.stderr, text);
  } catch {
    // There is no other place to tell that it could not be told.
  }
}

let progressShown = false;

/** Redraws the progress line on a terminal; elsewhere it writes nothing. */
export function showProgress(line: string): void {
  if (!isTerminal()) return;
  tell(`\r\x1b[K${line}`);
  progressShown = true;
}

/** Removes the progress line. */
export function clearProgress(): void {
  if (progressShown) tell("\r\x1b[K");
  progressShown = false;
}

/** Whether somebody watches stderr. */
export const isTerminal = (): boolean => Deno.stderr.isTerminal();

/** Tells of a failure: one line of cause, one of fix; a stack only when asked for. Returns the exit code. */
export function sayFailure(error: unknown, { debug }: { debug: boolean }): number {
  clearProgress();
  if (error instanceof OutputClosedError) return exitCodes.outputClosed;
  if (error instanceof UserError) {
    say(`error: ${error.message}`);
    say(`  fix: ${error.fix}`);
    if (debug && error.stack) say(error.stack);
    return error.exitCode;
  }
  say(`error: ${error instanceof Error ? error.message : String(error)}`);
  say(
    debug
      ? (error as Error).stack ?? ""
      : "  fix: this looks like a fault of Tidemark; --debug shows where it happened",
  );
  return 1;
}

/** A signal that follows the first so soon is the same key press: the terminal and the task runner both pass it on. */
const SAME_PRESS_MS = 500;

/** Aborts at the first Ctrl-C or SIGTERM; at the second the process ends at once. */
export function interruption(): AbortSignal & Disposable {
  const controller = new AbortController();
  let firstMs = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) firstMs = performance.now();
    else if (performance.now() - firstMs > SAME_PRESS_MS) Deno.exit(exitCodes.interrupted);
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  return Object.assign(controller.signal, {
    [Symbol.dispose]() {
      for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    },
  });
}
