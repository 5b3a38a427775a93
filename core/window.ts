/**
 * Window arithmetic: which slice an event touches, which windows a slice belongs to, and what a watermark closes.
 *
 * A window is `[start, end)` with start a multiple of the slide. A slice is the partial aggregate of `[s, s + sliceMs)`
 * with sliceMs = gcd(size, slide), so that each window is a whole number of slices and each event touches exactly one.
 *
 * ```
 * size 60, slide 20 (slice 20)   time ──▶
 *   slices      |  0 | 20 | 40 | 60 | 80 |
 *   window  0   |■■■■■■■■■■■■■■|                  end  60
 *   window 20        |■■■■■■■■■■■■■■|             end  80   first window of slice 60: start 20
 *   window 60                  |■■■■■■■■■■■■■■|   end 120   last window of slice 60:  start 60
 * ```
 * Session windows have no slices: {@link session}.
 *
 * All times are whole milliseconds since 1970 UTC and may be negative.
 * @module
 */

/** Windows of a fixed size at a fixed slide; tumbling where they are equal. */
export interface SlidingSpec {
  /** Tells the kinds of windows apart. */
  readonly kind: "sliding";
  /** Width of a window. */
  readonly sizeMs: number;
  /** Distance between the starts of neighbouring windows, at most the size. */
  readonly slideMs: number;
  /** Width of a slice: gcd(sizeMs, slideMs). */
  readonly sliceMs: number;
}

/** Windows that last as long as events follow each other closely: one ends a gap after its last event. */
export interface SessionSpec {
  /** Tells the kinds of windows apart. */
  readonly kind: "session";
  /** An event at t opens [t, t + gapMs) and merges with what that overlaps. */
  readonly gapMs: number;
}

/** How a pipeline cuts time. */
export type WindowSpec = SlidingSpec | SessionSpec;

/** The most slices that a window may consist of. */
export const SLICES_PER_WINDOW_MAX = 1_000;

/**
 * Windows that overlap: one starts every `slideMs`.
 *
 * @throws {RangeError} unless both are whole positive milliseconds, slide ≤ size, and size/gcd ≤ 1,000; the message
 * names the nearest good slide.
 */
export function sliding({ sizeMs, slideMs }: { sizeMs: number; slideMs: number }): SlidingSpec {
  for (const [name, value] of Object.entries({ sizeMs, slideMs })) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      throw new RangeError(`Cannot make windows: ${name} is ${value}, expected a whole number of milliseconds above 0`);
    }
  }
  if (slideMs > sizeMs) {
    throw new RangeError(
      `Cannot make windows: slideMs ${slideMs} is beyond sizeMs ${sizeMs}, so events between windows would be lost; ` +
        `use a slide of ${sizeMs} or less`,
    );
  }
  const sliceMs = gcd(sizeMs, slideMs);
  if (sizeMs / sliceMs > SLICES_PER_WINDOW_MAX) {
    throw new RangeError(
      `Cannot make windows: ${sizeMs} ms sliding by ${slideMs} ms needs ${sizeMs / sliceMs} slices a window, ` +
        `at most ${SLICES_PER_WINDOW_MAX}; the nearest good slide is ${nearestGoodSlide(sizeMs, slideMs)} ms`,
    );
  }
  return { kind: "sliding", sizeMs, slideMs, sliceMs };
}

/** Windows that follow each other without overlap. */
export const tumbling = ({ sizeMs }: { sizeMs: number }): SlidingSpec => sliding({ sizeMs, slideMs: sizeMs });

/**
 * Windows of activity: events less than a gap apart are one session, `[first event, last event + gap)`.
 *
 * ```
 * gap 5   events  ▲  ▲ ▲          ▲
 *         sessions|■■■■■■■■■■|    |■■■■■|      time ──▶
 * ```
 * @throws {RangeError} unless the gap is a whole positive number of milliseconds.
 */
export function session({ gapMs }: { gapMs: number }): SessionSpec {
  if (!Number.isSafeInteger(gapMs) || gapMs <= 0) {
    throw new RangeError(
      `Cannot make sessions: gapMs is ${gapMs}; give the silence that ends one as a whole number of milliseconds above 0`,
    );
  }
  return { kind: "session", gapMs };
}

/** Start of the slice that an event time falls into. */
export const sliceStart = (spec: SlidingSpec, eventTimeMs: number): number =>
  Math.floor(eventTimeMs / spec.sliceMs) * spec.sliceMs;

/** End of the earliest window that holds the slice. */
export const firstWindowEnd = (spec: SlidingSpec, sliceStartMs: number): number =>
  Math.ceil((sliceStartMs + spec.sliceMs - spec.sizeMs) / spec.slideMs) * spec.slideMs + spec.sizeMs;

/** End of the latest window that holds the slice: floor(sliceStart / slide) · slide + size. */
export const lastWindowEnd = (spec: SlidingSpec, sliceStartMs: number): number =>
  Math.floor(sliceStartMs / spec.slideMs) * spec.slideMs + spec.sizeMs;

/** The first window end that lies after `timeMs`. */
export const nextWindowEnd = (spec: SlidingSpec, timeMs: number): number =>
  (Math.floor((timeMs - spec.sizeMs) / spec.slideMs) + 1) * spec.slideMs + spec.sizeMs;

/** Whether a watermark has passed everything that the slice could still change: its last window is missed. */
export const isSliceExpired = (
  spec: SlidingSpec,
  { sliceStartMs, watermarkMs, allowedLatenessMs }: {
    sliceStartMs: number;
    watermarkMs: number;
    allowedLatenessMs: number;
  },
): boolean => lastWindowEnd(spec, sliceStartMs) + allowedLatenessMs <= watermarkMs;

function gcd(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

function nearestGoodSlide(sizeMs: number, slideMs: number): number {
  for (let distance = 1; distance <= sizeMs; distance++) {
    for (const slide of [slideMs - distance, slideMs + distance]) {
      if (slide > 0 && slide <= sizeMs && sizeMs / gcd(sizeMs, slide) <= SLICES_PER_WINDOW_MAX) return slide;
    }
  }
  return sizeMs;
}
