/**
 * The bounded queue between what pushes and who takes at its own pace.
 * @module
 */

/** Bounds of a queue; whichever is reached first counts. */
export interface QueueBounds {
  readonly framesMax: number;
  /** UTF-16 units of all frames together. */
  readonly unitsMax: number;
}

/** What a socket source may hold in memory, and may lose when its process is killed. */
export const QUEUE_BOUNDS: QueueBounds = { framesMax: 10_000, unitsMax: 16 * 1_048_576 };

/** Frames taken at a time at most. */
const BATCH_FRAMES_MAX = 1_000;

/** Where a queue tells its size. */
export interface QueueGauge {
  queueFrames: number;
  queueDropped: number;
}

/**
 * First in, first out. A frame that finds it full is dropped and counted: the newest goes, so that what was taken in
 * first stays whole and in order.
 */
export class FrameQueue<T> {
  readonly #bounds: QueueBounds;
  readonly #gauge: QueueGauge;
  readonly #unitsOf: (frame: T) => number;
  #frames: T[] = [];
  #units = 0;
  #closed = false;
  #wake: () => void = () => {};

  constructor(
    gauge: QueueGauge,
    { bounds = QUEUE_BOUNDS, unitsOf }: { readonly bounds?: QueueBounds; readonly unitsOf: (frame: T) => number },
  ) {
    this.#gauge = gauge;
    this.#bounds = bounds;
    this.#unitsOf = unitsOf;
  }

  /** Takes a frame in, or drops it; whether it was taken. */
  push(frame: T): boolean {
    const units = this.#unitsOf(frame);
    const { framesMax, unitsMax } = this.#bounds;
    // A frame that is beyond the bound by itself gets into an empty queue: it is for the decoder to bury it.
    const isFull = this.#frames.length >= framesMax || (this.#units + units > unitsMax && this.#frames.length > 0);
    if (isFull || this.#closed) {
      this.#gauge.queueDropped++;
      return false;
    }
    this.#add(frame, units);
    return true;
  }

  /** Takes a frame in beyond the bounds: for an answer that was asked for, one at a time. */
  pushAlways(frame: T): void {
    this.#add(frame, this.#unitsOf(frame));
  }

  /** Nothing comes any more: {@link batches} ends after what is there. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Frames in order, as many as have gathered, until the queue is closed or the signal aborts: the rest comes first. */
  async *batches(signal: AbortSignal): AsyncGenerator<T[]> {
    const wake = () => this.#wake();
    signal.addEventListener("abort", wake);
    try {
      for (;;) {
        while (this.#frames.length > 0) yield this.#take();
        if (this.#closed || signal.aborted) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  #add(frame: T, units: number): void {
    this.#frames.push(frame);
    this.#units += units;
    this.#gauge.queueFrames = this.#frames.length;
    this.#wake();
  }

  #take(): T[] {
    const taken = this.#frames.length <= BATCH_FRAMES_MAX ? this.#frames : this.#frames.slice(0, BATCH_FRAMES_MAX);
    this.#frames = this.#frames.slice(taken.length);
    for (const frame of taken) this.#units -= this.#unitsOf(frame);
    this.#gauge.queueFrames = this.#frames.length;
    return taken;
  }
}
