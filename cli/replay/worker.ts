/**
 * The replay worker: reads, decodes and checks recorded input beside the main thread, which processes it.
 * @module
 */
import { systemClock } from "../../core/clock.ts";
import type { AppendBatch } from "../../core/ports.ts";
import { Replay } from "../../ingest/replay/replay.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { latenessJudge } from "../../processor/lateness.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { errorOf, failureOf } from "../failure.ts";
import { packAppend, type ReplayRequest, type ToMain, type ToWorker } from "./protocol.ts";

/** The worker's own global, of which only messages are used. */
interface WorkerScope {
  postMessage(message: ToMain, moved?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

const stop = new AbortController();
const calls = new Map<number, PromiseWithResolvers<unknown>>();
let lastCall = 0;
let replay: Replay | undefined;

function call(message: (call: number) => [ToMain, Transferable[]?]): Promise<unknown> {
  const answer = Promise.withResolvers<unknown>();
  calls.set(++lastCall, answer);
  scope.postMessage(...message(lastCall));
  return answer.promise;
}

/** The main thread's log, as far as a replay needs it. */
const log = {
  async append(append: AppendBatch): Promise<void> {
    const { batch, moved } = packAppend(append);
    await call((id) => [{ kind: "append", call: id, batch, counts: opened().counts() }, moved]);
  },
  loadPosition: (id: string): Promise<unknown> => call((number) => [{ kind: "loadPosition", call: number, id }]),
};

function opened(): Replay {
  if (replay === undefined) throw new Error("Cannot replay: the replay is not open");
  return replay;
}

async function open({ sourceName, topics, progress, ...how }: ReplayRequest): Promise<void> {
  replay = await Replay.open({
    ...how,
    log,
    source: sourceByName(sourceName),
    clock: systemClock,
    random: { next: () => Math.random() },
    signal: stop.signal,
    isLate: latenessJudge({ pipelines, topics, progress }),
  });
  const { runId, nothingNew, notes } = replay;
  scope.postMessage({ kind: "opened", runId, nothingNew, notes, counts: replay.counts() });
}

async function act(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case "open":
      return await open(message.request);
    case "feed":
      await opened().feed();
      return scope.postMessage({ kind: "fed", counts: opened().counts() });
    case "finish":
      await opened().finish();
      return scope.postMessage({ kind: "finished", counts: opened().counts() });
    case "abort":
      return stop.abort();
    case "done":
      calls.get(message.call)?.resolve(message.result);
      break;
    case "refused":
      calls.get(message.call)?.reject(errorOf(message.failure));
      break;
  }
  calls.delete(message.call);
}

scope.onmessage = ({ data }) => {
  act(data).catch((error) => scope.postMessage({ kind: "failed", failure: failureOf(error) }));
};
