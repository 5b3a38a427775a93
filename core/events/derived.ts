/**
 * Values of the topics that Tidemark itself writes.
 * @module
 */
import type { EventBase } from "./contract.ts";

/** Topic `dead`: a line or record that could not be decoded or did not fit, kept with its reason. */
export interface DeadLetter extends EventBase {
  /** Topic that it was meant for or read from. */
  readonly topic: string;
  /** Where it was read from: null at the door, before it had an offset. */
  readonly partition: number | null;
  readonly offset: number | null;
  /** Where it came from at the door: `chat.jsonl.gz:17`; null for a record of a topic. */
  readonly origin: string | null;
  readonly reason: string;
  readonly path: string;
  readonly message: string;
  /** The raw text, cut at {@link RAW_LENGTH_MAX}. */
  readonly raw: string;
  /** Length of the whole raw text in UTF-16 units. */
  readonly raw_length: number;
}

/** Topic `late`: an accepted shape that came after its last window had closed. */
export interface LateEvent extends EventBase {
  readonly pipeline: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** How far the watermark was beyond the end of the last window that would have held it. */
  readonly late_by_ms: number;
  /** Starts of the windows that it missed, ISO 8601 UTC. */
  readonly missed_windows: readonly string[];
  /** Set where its windows could still change by time, but the log no longer holds what they are made of. */
  readonly reason?: "not_rebuildable";
  /** Null where it is nested too deeply, or longer than some 260,000 characters: topic, partition and offset tell where it is. */
  readonly event: unknown;
}

/** Topic `derived.anomalies` and table `anomalies`: a detector's verdict. */
export interface Anomaly extends EventBase {
  readonly pipeline: string;
  readonly detector: string;
  readonly metric: string;
  /** Key of the window or event: a stream, a symbol. */
  readonly key: string;
  readonly value: number;
  /** What was to be expected: the mean of the baseline, or a bound. */
  readonly baseline: number;
  /** How far out, in the detector's own measure: a z-score, a ratio. */
  readonly score: number;
  readonly window_start: string;
  readonly window_end: string;
  /** `retracted`: a correction took it back. */
  readonly status: "active" | "retracted";
  /** The next offset when the verdict was made. */
  readonly revision: number;
  /** One sentence for people. */
  readonly explanation: string;
}

/**
 * What a record of topic `derived.anomalies` or `derived.moments` says. Of several with one event_id that with the highest
 * (generation, revision) stands: the generation rises when a pipeline starts anew from the log's beginning.
 */
export type Derived<T extends Anomaly | Moment> = T & { readonly generation: number };

/**
 * Topic `derived.moments` and table `moments`: a stretch of time in which something happened; `timestamp` is the start.
 */
export interface Moment extends EventBase {
  readonly pipeline: string;
  readonly detector: string;
  /** `chat`, `viewers`, `raid`, `toxicity`, … */
  readonly kind: string;
  readonly metric: string;
  /** Key of its windows: a stream. */
  readonly key: string;
  /** Value of the strongest window. */
  readonly value: number;
  /** What was to be expected of it: the mean of the baseline, or a bound. */
  readonly baseline: number;
  /** How far out it was, in the detector's own measure: a z-score, a ratio. */
  readonly score: number;
  /** Value by baseline; null where nothing was to be expected. */
  readonly intensity: number | null;
  /** When it began. */
  readonly window_start: string;
  /** Middle of the strongest window. */
  readonly peak_at: string;
  /** When it ended, as far as is known. */
  readonly window_end: string;
  /** `retracted`: corrections took it back, or it became part of an earlier one. */
  readonly status: "active" | "retracted";
  /** The next offset when this was known. */
  readonly revision: number;
  /** One sentence for people. */
  readonly explanation: string;
  /** What happened in the strongest window: `{"top_emotes": […], "sample_messages": […]}`. */
  readonly happened: Readonly<Record<string, unknown>>;
}

/** How much of a dead letter's raw text is kept. */
export const RAW_LENGTH_MAX = 4_096;
