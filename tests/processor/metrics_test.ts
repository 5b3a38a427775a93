/**
 * What holds for every metric: however its events are cut into slices and merged, the value is that of a plain recount.
 */
import assert from "node:assert/strict";
import { DDSketch } from "@datadog/sketches-js";
import fc from "fast-check";
import type { EventBase } from "../../core/events/contract.ts";
import { hashText } from "../../core/hash.ts";
import {
  collect,
  count,
  distinct,
  firstOf,
  firstTextOf,
  lastOf,
  lastTextOf,
  maxOf,
  meanOf,
  type Metric,
  type MetricState,
  minOf,
  ohlcv,
  quantileOf,
  quantilesOf,
  ratioOf,
  sampleOf,
  share,
  signatureOf,
  stdDevOf,
  sumOf,
  sumsBy,
  tallyOf,
  topBy,
  topK,
  totalOf,
  varianceOf,
  vwapOf,
  weightedMeanOf,
} from "../../processor/metrics/mod.ts";

interface Sample extends EventBase {
  readonly timeMs: number;
  readonly order: number;
  readonly user: string;
  readonly words: readonly string[];
  readonly price: string;
  readonly size: string;
}

const SCALE = 3;

/** `12.5` as 12500n thousandths. */
function units(text: string): bigint {
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const magnitude = BigInt(whole + fraction.padEnd(SCALE, "0"));
  return text.startsWith("-") ? -magnitude : magnitude;
}

/** 12500n thousandths as `12.5`. */
function decimal(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(SCALE + 1, "0");
  const text = `${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`.replace(/\.?0+$/, "");
  return (value < 0n ? "-" : "") + text;
}

const sumUp = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);

/** n / d to the nearest whole number, halves to the even one; by trying what lies near. */
function nearest(n: bigint, d: bigint): bigint {
  const near = [n / d - 1n, n / d, n / d + 1n];
  const distance = (q: bigint) => (n - q * d) * (n - q * d);
  return near.reduce((best, q) => {
    const order = distance(q) - distance(best);
    return order < 0n || (order === 0n && q % 2n === 0n) ? q : best;
  });
}

function ranking(samples: readonly Sample[]): unknown {
  const counts = new Map<string, number>();
  for (const word of samples.flatMap(({ words }) => words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const points = (text: string) => Array.from(text, (c) => String(c.codePointAt(0)).padStart(8, "0")).join();
  const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (points(a) < points(b) ? -1 : 1));
  return ranked.slice(0, 2).map(([word, n]) => ({ word, count: n }));
}

const inTime = (samples: readonly Sample[]) => [...samples].sort((a, b) => a.timeMs - b.timeMs || a.order - b.order);
const ordered = (values: readonly bigint[]) => [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
const priceOf = (sample: Sample) => sample.price;
const exact = { scale: SCALE };
const tie = { tie: (sample: Sample) => sample.order, scale: SCALE };
const orNull = (text: string | undefined) => (text === undefined ? null : decimal(units(text)));

const inId = (samples: readonly Sample[]) => [...samples].sort((a, b) => a.timeMs - b.timeMs || a.order - b.order);
const candle = ohlcv<Sample>({ price: priceOf, size: (sample) => sample.size, ...tie });

function averagePrice(samples: readonly Sample[]): string | null {
  const weights = sumUp(samples.map(({ size }) => units(size)));
  if (weights === 0n) return null;
  return decimal(nearest(sumUp(samples.map(({ price, size }) => units(price) * units(size))), weights));
}

/** Variance as a fraction, by differences from the mean, all times n. */
function spreadOf(samples: readonly Sample[], less: bigint): { dividend: bigint; divisor: bigint } {
  const prices = samples.map(({ price }) => units(price));
  const n = BigInt(prices.length);
  const sum = sumUp(prices);
  return { dividend: sumUp(prices.map((price) => (n * price - sum) ** 2n)), divisor: n * n * (n - less) };
}

/** The whole number whose square is nearest, tried out bit by bit. */
function nearestRoot(n: bigint, d: bigint): bigint {
  let root = 0n;
  for (let bit = 1n << 70n; bit > 0n; bit >>= 1n) if ((root + bit) ** 2n * d <= n) root += bit;
  return (2n * root + 1n) ** 2n * d <= 4n * n ? root + 1n : root;
}

function millionths(value: bigint): string {
  const digits = String(value).padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, "");
}

/** The quantile that DDSketch must give: the middle of the bucket of the value at that rank, in relative terms. */
function bucketOf(samples: readonly Sample[], q: number): number | null {
  const values = samples.map(({ price }) => Number(price)).sort((a, b) => a - b);
  if (values.length === 0) return null;
  const exactly = values[Math.floor(q * (values.length - 1))]!;
  const found = new DDSketch({ relativeAccuracy: 0.01 });
  found.accept(exactly);
  const value = found.getValueAtQuantile(0);
  assert.ok(Math.abs(value - exactly) <= Math.abs(exactly) * 0.01 + 1e-12, `${value} for ${exactly}`);
  return value;
}

const byHash = (texts: readonly string[]) => [...texts].sort((a, b) => hashText(a, 0) - hashText(b, 0));

/** Each metric with its plain recount. */
const metrics: Readonly<Record<string, [Metric<Sample>, (samples: readonly Sample[]) => unknown]>> = {
  count: [count(), (samples) => samples.length],
  distinct: [distinct((sample) => sample.user), (samples) => new Set(samples.map(({ user }) => user)).size],
  totalOf: [totalOf((sample) => sample.words.length), (samples) => samples.flatMap(({ words }) => words).length],
  tallyOf: [tallyOf((sample) => Object.fromEntries(sample.words.map((word, i) => [word, i + 1]))), (samples) => {
    const places = samples.flatMap(({ words }) =>
      [...new Set(words)].map((word) => [word, words.lastIndexOf(word) + 1])
    );
    const names = [...new Set(places.map(([word]) => String(word)))].sort((a, b) =>
      a.codePointAt(0)! - b.codePointAt(0)!
    );
    const sums = names.map((name) => places.filter(([word]) => word === name).map(([, place]) => Number(place)));
    return Object.fromEntries(names.map((name, i) => [name, sums[i]!.reduce((a, b) => a + b, 0)]));
  }],
  topK: [topK((sample) => sample.words, 2, { as: "word" }), ranking],
  sumOf: [sumOf(priceOf, exact), (samples) => decimal(sumUp(samples.map(({ price }) => units(price))))],
  minOf: [minOf(priceOf, exact), (samples) => {
    const lowest = ordered(samples.map(({ price }) => units(price)))[0];
    return lowest === undefined ? null : decimal(lowest);
  }],
  maxOf: [maxOf(priceOf, exact), (samples) => {
    const highest = ordered(samples.map(({ price }) => units(price))).at(-1);
    return highest === undefined ? null : decimal(highest);
  }],
  meanOf: [meanOf(priceOf, exact), (samples) => {
    const prices = samples.map(({ price }) => units(price));
    return prices.length === 0 ? null : decimal(nearest(sumUp(prices), BigInt(prices.length)));
  }],
  firstOf: [firstOf(priceOf, tie), (samples) => orNull(inTime(samples)[0]?.price)],
  lastOf: [lastOf(priceOf, tie), (samples) => orNull(inTime(samples).at(-1)?.price)],
  weightedMeanOf: [weightedMeanOf({ value: priceOf, weight: (sample) => sample.size, ...exact }), averagePrice],
  vwapOf: [vwapOf({ price: priceOf, size: (sample) => sample.size, ...exact }), averagePrice],
  open: [candle.open, (samples) => orNull(inTime(samples)[0]?.price)],
  volume: [candle.volume, (samples) => decimal(sumUp(samples.map(({ size }) => units(size))))],
  firstTextOf: [firstTextOf((sample) => sample.user), (samples) => inId(samples)[0]?.user ?? null],
  lastTextOf: [lastTextOf((sample) => sample.user), (samples) => inId(samples).at(-1)?.user ?? null],
  share: [
    share((sample) => sample.user === "bob" ? undefined : sample.user === "ann", { digits: SCALE }),
    (samples) => {
      const judged = samples.filter(({ user }) => user !== "bob");
      const hits = judged.filter(({ user }) => user === "ann").length;
      return judged.length === 0 ? null : decimal(nearest(BigInt(hits) * 1000n, BigInt(judged.length)));
    },
  ],
  ratioOf: [
    ratioOf({ dividend: priceOf, divisor: (sample) => sample.size, scale: SCALE, digits: SCALE }),
    (samples) => {
      const divisor = sumUp(samples.map(({ size }) => units(size)));
      return divisor === 0n ? null : decimal(nearest(sumUp(samples.map(({ price }) => units(price))) * 1000n, divisor));
    },
  ],
  collect: [collect((sample) => sample.user, { max: 3 }), (samples) => ({
    texts: inId(samples).slice(0, 3).map(({ user }) => user),
    left_out: Math.max(0, samples.length - 3),
  })],
  varianceOf: [varianceOf(priceOf, { ...exact, digits: SCALE }), (samples) => {
    const { dividend, divisor } = spreadOf(samples, 1n);
    // Of thousandths squared: three digits stay.
    return divisor <= 0n ? null : decimal(nearest(dividend, divisor * 1000n));
  }],
  variancePopulation: [varianceOf(priceOf, { ...exact, digits: 6, over: "population" }), (samples) => {
    const { dividend, divisor } = spreadOf(samples, 0n);
    return divisor <= 0n ? null : millionths(nearest(dividend, divisor));
  }],
  stdDevOf: [stdDevOf(priceOf, { ...exact, digits: SCALE }), (samples) => {
    const { dividend, divisor } = spreadOf(samples, 1n);
    return divisor <= 0n ? null : decimal(nearestRoot(dividend, divisor));
  }],
  sampleOf: [
    sampleOf((sample) => sample.user, { max: 3 }),
    (samples) =>
      byHash(samples.map(({ event_id }) => event_id)).slice(0, 3).map((id) =>
        samples.find(({ event_id }) => event_id === id)!.user
      ),
  ],
  signatureOf: [
    signatureOf((sample) => sample.user, { max: 2 }),
    (samples) => byHash([...new Set(samples.map(({ user }) => user))]).slice(0, 2).map((user) => hashText(user, 0)),
  ],
  topBy: [
    topBy(2, { score: (sample) => sample.words.length, scoreMin: 1, text: (sample) => sample.user, as: "words" }),
    (samples) => {
      const users = ["ann", "bob", "\uffee", "😀"].map((user) => ({
        text: user,
        words: Math.max(0, ...samples.filter((sample) => sample.user === user).map(({ words }) => words.length)),
      }));
      // The users stand in the order of code points, and the sort is stable.
      return users.filter(({ words }) => words >= 1).sort((a, b) => b.words - a.words).slice(0, 2);
    },
  ],
  sumsBy: [
    sumsBy({
      by: { who: (sample) => sample.user, how: (sample) => sample.words[0] ?? "" },
      amount: (sample) => sample.price,
      ...exact,
      groupsMax: 3,
    }),
    (samples) =>
      ["ann", "bob", "\uffee", "😀"].flatMap((who) =>
        ["", "Kappa", "LUL", "z", "\uffee", "😀"].map((how) => ({
          who,
          how,
          own: samples.filter(({ user, words }) => user === who && (words[0] ?? "") === how),
        }))
      ).filter(({ own }) => own.length > 0).slice(0, 3).map(({ who, how, own }) => (
        { who, how, count: own.length, amount: decimal(sumUp(own.map(({ price }) => units(price)))) }
      )),
  ],
  quantileOf: [quantileOf((sample) => Number(sample.price), 0.5), (samples) => bucketOf(samples, 0.5)],
  quantilesOf: [
    quantilesOf((sample) => Number(sample.price), [0, 0.25, 1]),
    (samples) =>
      samples.length === 0
        ? null
        : { p0: bucketOf(samples, 0), p25: bucketOf(samples, 0.25), p100: bucketOf(samples, 1) },
  ],
};

/** Prices up to far beyond 2^53 thousandths, so that sums cross from numbers to bigints. */
const price = fc.tuple(fc.oneof(fc.bigInt(-20_000n, 20_000n), fc.bigInt(-(10n ** 17n), 10n ** 17n))).map(([value]) =>
  decimal(value)
);
const sample: fc.Arbitrary<Omit<Sample, "order">> = fc.record({
  event_id: fc.constant(""),
  timestamp: fc.constant(""),
  source: fc.constant(""),
  timeMs: fc.integer({ min: -3, max: 3 }),
  user: fc.constantFrom("ann", "bob", "😀", "\uffee"),
  words: fc.array(fc.constantFrom("Kappa", "LUL", "z", "😀", "\uffee"), { maxLength: 3 }),
  price,
  size: fc.bigInt(0n, 10n ** 12n).map(decimal),
});
/** Numbered, so that no two are equal in time and tie. */
const samples = fc.array(sample, { maxLength: 12 }).map((list) =>
  list.map((one, order): Sample => ({ ...one, order, event_id: String(order).padStart(3, "0") }))
);

function stateOf(metric: Metric<Sample>, list: readonly Sample[]): MetricState {
  const state = metric.zero();
  for (const one of list) metric.add(state, one, one.timeMs);
  return state;
}

function merged(metric: Metric<Sample>, ...states: readonly MetricState[]): MetricState {
  const into = metric.zero();
  for (const state of states) metric.merge(into, state);
  return into;
}

/** Cuts a list into parts by the numbers that go with its members. */
const cut = (list: readonly Sample[], parts: readonly number[], count: number): Sample[][] =>
  Array.from({ length: count }, (_, part) => list.filter((_, i) => (parts[i] ?? 0) % count === part));

const places = fc.array(fc.nat({ max: 5 }), { minLength: 12, maxLength: 12 });

for (const [name, [metric, recount]] of Object.entries(metrics)) {
  Deno.test(`${name}: the value of any events in any slices, merged in any order, is that of a recount`, () => {
    fc.assert(fc.property(samples, places, fc.integer({ min: 1, max: 6 }), (list, parts, slices) => {
      const states = cut(list, parts, slices).map((part) => stateOf(metric, part));
      assert.deepEqual(metric.result(merged(metric, ...states)), recount(list));
      assert.deepEqual(metric.result(merged(metric, ...states.reverse())), recount(list));
    }));
  });

  Deno.test(`${name}: merge is associative and commutative, zero is neutral, and what is merged stays as it is`, () => {
    fc.assert(fc.property(samples, places, (list, parts) => {
      const [a, b, c] = cut(list, parts, 3).map((part) => stateOf(metric, part)) as [
        MetricState,
        MetricState,
        MetricState,
      ];
      const before = JSON.stringify([a, b, c].map((state) => metric.encode(state)));
      const value = (...states: MetricState[]) => metric.result(merged(metric, ...states));
      assert.deepEqual(value(merged(metric, a, b), c), value(a, merged(metric, b, c)), "associative");
      assert.deepEqual(value(a, b), value(b, a), "commutative");
      assert.deepEqual(value(a, metric.zero()), metric.result(a), "zero on the right");
      assert.deepEqual(value(metric.zero(), a), metric.result(a), "zero on the left");
      assert.equal(JSON.stringify([a, b, c].map((state) => metric.encode(state))), before);
    }));
  });

  Deno.test(`${name}: a state that went through JSON has the same value and goes on alike`, () => {
    fc.assert(fc.property(samples, samples, (list, more) => {
      const state = stateOf(metric, list);
      const revived = metric.decode(JSON.parse(JSON.stringify(metric.encode(state))));
      assert.deepEqual(metric.result(revived), metric.result(state));
      for (const one of more) for (const each of [state, revived]) metric.add(each, one, one.timeMs);
      assert.deepEqual(metric.result(revived), metric.result(state));
    }));
  });
}

Deno.test("events of equal time and tie give the same first and last in any order", () => {
  const [first, last] = [metrics.firstOf![0], metrics.lastOf![0]];
  const one = (text: string): Sample => {
    const rest = { event_id: "", timestamp: "", source: "", timeMs: 1, order: 7, user: "", words: [], size: "1" };
    return { ...rest, price: text };
  };
  for (const metric of [first, last]) {
    assert.deepEqual(
      metric.result(stateOf(metric, [one("2"), one("10")])),
      metric.result(stateOf(metric, [one("10"), one("2")])),
    );
  }
});

Deno.test("a mean that lies half between two prices goes to the even one", () => {
  const [metric] = metrics.weightedMeanOf!;
  const at = (price: string) => ({ price, size: "1", timeMs: 0 }) as unknown as Sample;
  const cases = [["0.001", "0.002", "0.002"], ["0.002", "0.003", "0.002"], ["-0.001", "-0.002", "-0.002"]] as const;
  for (const [a, b, mean] of cases) assert.equal(metric.result(stateOf(metric, [at(a), at(b)])), mean);
});
