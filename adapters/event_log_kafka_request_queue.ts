/**
 * kafkajs's queue of requests, mended in two places: its idle timer, and how long it waits for a broker that hangs.
 * @module
 */
import RequestQueue from "kafkajs/src/network/requestQueue/index.js";

/**
 * How long a request may go without an answer where the broker has nothing to wait for. kafkajs waits for each as long as
 * for the longest, so that a broker that takes connections and answers nothing costs half a minute each time.
 */
const promptMsMax: ReadonlyMap<string, number> = new Map([
  ["ApiVersions", 5_000],
  ["GroupCoordinator", 5_000],
  ["Heartbeat", 5_000],
  ["LeaveGroup", 5_000],
  // Answers that may be long.
  ["Metadata", 10_000],
  ["ListOffsets", 10_000],
]);

/** A request as far as it is looked at. */
interface QueuedRequest {
  requestTimeout: number;
}

/** The part of the queue that is mended. */
interface Queue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
  createSocketRequest(pushed: { readonly entry: { readonly apiName: string } }): QueuedRequest;
}

let isMended = false;

/** Mends it; to be called again does no harm. */
export function mendRequestQueue(): void {
  if (isMended) return;
  isMended = true;
  const queue: Queue = RequestQueue.prototype;
  stopIdleTimers(queue);
  hurryPromptRequests(queue);
}

/**
 * kafkajs looks for waiting requests by a timer that it sets anew each time, to a time in the past where nothing waits:
 * that wakes the process every millisecond, and the runtime warns of the negative time. Nothing has to be looked for
 * where nothing waits, and a request that comes to wait sets the timer by itself.
 */
function stopIdleTimers(queue: Queue): void {
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function (this: Queue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}

function hurryPromptRequests(queue: Queue): void {
  const create = queue.createSocketRequest;
  queue.createSocketRequest = function (this: Queue, pushed) {
    const request = create.call(this, pushed);
    request.requestTimeout = Math.min(request.requestTimeout, promptMsMax.get(pushed.entry.apiName) ?? Infinity);
    return request;
  };
}
