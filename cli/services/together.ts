/**
 * Parts of a process that live and end together.
 * @module
 */

/** A controller that aborts with the signal. */
export function linkedTo(signal: AbortSignal): AbortController {
  const stop = new AbortController();
  if (signal.aborted) stop.abort();
  else signal.addEventListener("abort", () => stop.abort(), { once: true });
  return stop;
}

/**
 * Waits for parts that run until `stop` aborts. One that fails makes it abort; all have ended when this does, so that the
 * stores behind them can be closed.
 *
 * @throws what the first part failed with.
 */
export async function runTogether(parts: readonly Promise<void>[], stop: AbortController): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(parts.map((part) =>
    part.catch((error) => {
      failures.push(error);
      stop.abort();
    })
  ));
  if (failures.length > 0) throw failures[0];
}
