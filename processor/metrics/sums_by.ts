import { addScaled, formatScaled, unitsOf } from "../../core/decimal.ts";
import type { EventBase } from "../../core/events/contract.ts";
import { compareCodePoints } from "../../core/text.ts";
import { type Metric, metric } from "./metric.ts";
import { type DecimalValue, decodeUnits, encodeUnits, type ScaleOptions, type Units } from "./scaled.ts";

/** What is summed up, and by what it is told apart. */
export interface SumsByOptions<E> extends ScaleOptions {
  /** Names of the parts of a group with what they are: `{ type: (e) => e.type }`. */
  readonly by: Readonly<Record<string, (event: E) => string>>;
  /** What is summed up; an event without it is left out. */
  readonly amount: (event: E) => DecimalValue;
  /** Groups that are kept: the first ones in the order of code points. Default 100. */
  readonly groupsMax?: number;
}

interface Group {
  readonly names: readonly string[];
  count: number;
  units: Units;
}

/** State: groups in order; what falls to those beyond `groupsMax` is missing. */
type Groups = Group[];

/**
 * Number of events and sum of a decimal for each group: `[{"type":"bits","currency":"BITS","count":2,"amount":"300"}]`, in
 * the order of code points. Exact for the groups that are kept; which these are follows from the set of events alone.
 *
 * @throws {RangeError} when `groupsMax` is not from 1 to 1,000.
 *
 * @example
 * ```ts
 * import type { TransactionEvent } from "../../core/events/transactions.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const paid = ["4.99", "5"].map((amount) => ({ amount, currency: "USD" }) as TransactionEvent);
 * const sums = sumsBy<TransactionEvent>({ by: { currency: (event) => event.currency }, amount: (event) => event.amount, scale: 2 });
 * const shown = JSON.stringify(valueOver(sums, paid));
 * if (shown !== '[{"currency":"USD","count":2,"amount":"9.99"}]') throw new Error(shown);
 * ```
 */
export function sumsBy<E extends EventBase>({ by, amount, scale, groupsMax = 100 }: SumsByOptions<E>): Metric<E> {
  if (!(groupsMax >= 1 && groupsMax <= 1_000)) {
    throw new RangeError(`Cannot sum up ${groupsMax} groups: groupsMax must be from 1 to 1,000`);
  }
  const parts = Object.entries(by);
  const take = (groups: Groups, { names, count, units }: Readonly<Group>) => {
    let place = groups.length;
    while (place > 0 && compareNames(groups[place - 1]!.names, names) > 0) place--;
    const known = place > 0 ? groups[place - 1]! : undefined;
    if (known !== undefined && compareNames(known.names, names) === 0) {
      known.count += count;
      known.units = addScaled(known.units, units);
      return;
    }
    if (place === groupsMax) return;
    groups.splice(place, 0, { names, count, units });
    if (groups.length > groupsMax) groups.pop();
  };
  return metric<E, Groups>({
    kind: `sums_by(${parts.map(([name]) => name).join()},${scale},${groupsMax})`,
    version: 1,
    column: "json",
    zero: () => [],
    add: (state, event) => {
      const value = amount(event);
      if (value === undefined || value === null) return;
      take(state, { names: parts.map(([, of]) => of(event)), count: 1, units: unitsOf(value, scale) });
    },
    merge: (into, from) => from.forEach((group) => take(into, group)),
    result: (state) =>
      state.map(({ names, count, units }) => ({
        ...Object.fromEntries(parts.map(([name], i) => [name, names[i]!])),
        count,
        amount: formatScaled(units, scale),
      })),
    encode: (state) => state.map(({ names, count, units }) => [names, count, encodeUnits(units)]),
    decode: (json) =>
      (json as [string[], number, unknown][]).map(([names, count, units]) => (
        { names, count, units: decodeUnits(units) ?? 0 }
      )),
  });
}

function compareNames(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareCodePoints(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}
