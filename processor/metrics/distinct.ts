import type { EventBase } from "../../core/events/contract.ts";
import { Estimate } from "./estimate.ts";
import { estimateDistinct, HLL_ERROR, noRegisters, noteText, uniteRegisters } from "./hyper_log_log.ts";
import { type Metric, metric } from "./metric.ts";
import type { RunningValue } from "./running.ts";

/** Up to where it is exact. */
export interface DistinctOptions {
  /** Different values of a slice, and of a window, up to which they are kept and counted. Default 16,384. */
  readonly exactMax?: number;
}

/** State: the values, or the sketch that they became. */
interface Seen {
  values: Set<string> | null;
  registers: Uint8Array<ArrayBuffer> | null;
}

/** As many values as the sketch has registers. */
const EXACT_MAX = 16_384;

/**
 * Number of different values of a text; events without one are left out. Exact up to `exactMax` different values in a
 * window; beyond it a HyperLogLog estimate (see hyper_log_log.ts) with a relative standard error of 0.81 %, which
 * {@link errorOf} makes visible as a column beside it. Depends on the set of values only, never on their order or on how
 * they were cut into slices.
 *
 * @example
 * ```ts
 * import type { ChatEvent } from "../../core/events/chat.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const events = ["ann", "bob", "ann"].map((user_id) => ({ user_id }) as ChatEvent);
 * if (valueOver(distinct((event) => event.user_id), events) !== 2) throw new Error("two people");
 * ```
 */
export function distinct<E extends EventBase>(
  of: (event: E) => string | undefined,
  { exactMax = EXACT_MAX }: DistinctOptions = {},
): Metric<E> {
  return metric<E, Seen>({
    kind: `distinct(${exactMax})`,
    version: 1,
    column: "bigint",
    zero: () => ({ values: new Set(), registers: null }),
    add: (state, event) => {
      const value = of(event);
      if (value === undefined) return;
      if (state.values === null) return noteText(state.registers!, value);
      state.values.add(value);
      if (state.values.size > exactMax) estimate(state);
    },
    merge: (into, from) => {
      if (from.values === null) {
        estimate(into);
        uniteRegisters(into.registers!, from.registers!);
      } else if (into.values === null) {
        for (const value of from.values) noteText(into.registers!, value);
      } else {
        for (const value of from.values) into.values.add(value);
        if (into.values.size > exactMax) estimate(into);
      }
    },
    result: ({ values, registers }) => values?.size ?? resultOf(registers!),
    encode: ({ values, registers }) => values === null ? registers!.toBase64() : [...values],
    decode: (json) =>
      typeof json === "string"
        ? { values: null, registers: Uint8Array.fromBase64(json) }
        : { values: new Set(json as string[]), registers: null },
    running: () => youngestByValue(of, exactMax),
  });
}

const resultOf = (registers: Uint8Array) => new Estimate(estimateDistinct(registers), HLL_ERROR);

/** Values become a sketch of them. */
function estimate(state: Seen): void {
  if (state.values === null) return;
  state.registers = noRegisters();
  for (const value of state.values) noteText(state.registers, value);
  state.values = null;
}

/**
 * The youngest slice of the window that holds each value, and the slices that are sketches: slices go out oldest first,
 * so a value goes with the slice that is noted. Of a slice that became a sketch since, the values may stand as well.
 */
function youngestByValue<E extends EventBase>(
  of: (event: E) => string | undefined,
  exactMax: number,
): RunningValue<Seen, E> {
  const youngest = new Map<string, number>();
  const sketches = new Set<Seen>();
  let youngestMs = -Infinity;
  const note = (value: string, startMs: number) => {
    const known = youngest.get(value);
    if (known === undefined || known < startMs) youngest.set(value, startMs);
  };
  const united = () => {
    const registers = noRegisters();
    for (const sketch of sketches) uniteRegisters(registers, sketch.registers!);
    for (const value of youngest.keys()) noteText(registers, value);
    return registers;
  };
  return {
    push: (state, startMs) => {
      const { values } = state;
      if (values === null) return void sketches.add(state);
      if (startMs < youngestMs) return values.forEach((value) => note(value, startMs));
      youngestMs = startMs;
      values.forEach((value) => youngest.set(value, startMs));
    },
    evict: (state, startMs) => {
      if (sketches.delete(state)) {
        youngest.forEach((noted, value) => noted === startMs && youngest.delete(value));
      } else state.values!.forEach((value) => youngest.get(value) === startMs && youngest.delete(value));
    },
    late: (state, event, startMs) => {
      const value = of(event);
      if (value === undefined || state.values === null) return;
      // The value that is about to come may make a sketch of it.
      if (state.values.size >= exactMax && !state.values.has(value)) sketches.add(state);
      else note(value, startMs);
    },
    result: () => sketches.size === 0 && youngest.size <= exactMax ? youngest.size : resultOf(united()),
  };
}
