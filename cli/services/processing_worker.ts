/**
 * A processing thread: opens the stores for itself, takes partitions over, and tells how far it is.
 * @module
 */
import { openStores } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import type { Config } from "../../core/config.ts";
import { failureOf } from "../failure.ts";
import { processingOf } from "./processing.ts";
import type { ToMain, ToThread } from "./processing_protocol.ts";

/** The worker's own global, of which only messages are used. */
interface WorkerScope {
  postMessage(message: ToMain): void;
  onmessage: ((event: MessageEvent<ToThread>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

const STATUS_MS = 500;
const stop = new AbortController();

async function run(config: Config): Promise<void> {
  const onNote = (note: string) => scope.postMessage({ kind: "note", note });
  const logAwayMsMax = config.kafka?.deliveryTimeoutMs ?? 0;
  await using stores = await openStores(config, { clock: systemClock, onNote, logAwayMsMax });
  const processing = processingOf(stores, config, onNote);
  const tell = (kind: "status" | "ended") =>
    scope.postMessage({ kind, status: processing.status(), troubles: stores.troubles() });
  const telling = setInterval(() => tell("status"), STATUS_MS);
  try {
    await processing.run(stop.signal);
  } finally {
    clearInterval(telling);
  }
  tell("ended");
}

scope.onmessage = ({ data }) => {
  if (data.kind === "stop") return stop.abort();
  run(data.config).catch((error) => scope.postMessage({ kind: "failed", failure: failureOf(error) }));
};
