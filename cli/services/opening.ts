/**
 * Opening what may take long, since it may be away: Ctrl-C ends the wait.
 * @module
 */

/** What was opened, or null where the signal aborts first: it is closed then when it is there. */
export async function unlessInterrupted<T extends AsyncDisposable>(
  opening: Promise<T>,
  signal: AbortSignal,
): Promise<T | null> {
  const interrupted = Promise.withResolvers<null>();
  const onAbort = () => interrupted.resolve(null);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const first = await Promise.race([opening, interrupted.promise]);
  signal.removeEventListener("abort", onAbort);
  if (first === null) opening.then((opened) => opened[Symbol.asyncDispose](), () => {});
  return first;
}

/** Resolves when the signal aborts. */
export const interruptionOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
