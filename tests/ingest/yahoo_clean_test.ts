/**
 * Cleaning: what the bars around an error prove is put right, and nothing else is touched.
 */
import assert from "node:assert/strict";
import { type Bar, cleanBars, type CleanOptions } from "../../ingest/sources/yahoo_clean.ts";
import { priceText, shifted } from "../../ingest/sources/yahoo_decimal.ts";
import { barsOf, type YahooBarEvent } from "../../ingest/sources/yahoo_bars.ts";
import { type Chart, ChartFault, readChart } from "../../ingest/sources/yahoo_chart.ts";
import { chartJson, type FakeBar } from "../support/fake_yahoo.ts";
import { sharedDataTest, sharedLines } from "./shared_data.ts";

const DAY_SEC = 86_400;
const nothing: CleanOptions = { splits: [], reference: null };

/** A bar of one price a day, or of open, high, low and close. */
function bar(day: number, prices: string | readonly [string, string, string, string], volume = "100"): Bar {
  const [open, high, low, close] = typeof prices === "string" ? [prices, prices, prices, prices] : prices;
  return { startSec: day * DAY_SEC, open, high, low, close, volume, adjClose: null, cleaned: null };
}

const closes = (bars: readonly Bar[]) => bars.map(({ close }) => close);
const rulesOf = (bars: readonly Bar[]) => bars.map(({ cleaned }) => cleaned?.rules.join("+") ?? "");

Deno.test("a run of bars in the wrong unit is put right to the digit, up or down, and keeps what had come", () => {
  const days = ["14.5", "14.6", "0.1465", "0.147", "14.8"].map((price, i) => bar(i, price));
  const found = cleanBars(days, nothing);
  assert.deepEqual(closes(found), ["14.5", "14.6", "14.65", "14.7", "14.8"]);
  assert.deepEqual(rulesOf(found), ["", "", "hundredfold", "hundredfold", ""]);
  assert.deepEqual(found[2]!.cleaned, {
    open: "0.1465",
    high: "0.1465",
    low: "0.1465",
    close: "0.1465",
    rules: ["hundredfold"],
  });
  assert.deepEqual(closes(cleanBars(["1.5", "151", "1.52"].map((price, i) => bar(i, price)), nothing)), [
    "1.5",
    "1.51",
    "1.52",
  ]);
});

Deno.test("the bars in which shares changed hands tell the right unit, even where they are the fewer", () => {
  const traded = (i: number) => (i === 1 ? "7" : "0");
  const days = ["0.14", "14.1", "0.142", "0.143", "0.144"].map((price, i) => bar(i, price, traded(i)));
  assert.deepEqual(closes(cleanBars(days, nothing)), ["14", "14.1", "14.2", "14.3", "14.4"]);
});

Deno.test("where the evidence is even nothing is changed; what was sent before decides where it is known", () => {
  const days = [bar(10, "14.1"), bar(11, "0.142")];
  assert.deepEqual(closes(cleanBars(days, nothing)), ["14.1", "0.142"]);
  const reference = { startSec: 9 * DAY_SEC, close: 0.14 };
  assert.deepEqual(closes(cleanBars(days, { splits: [], reference })), ["0.141", "0.142"]);
  const alone = [bar(10, "0.141")];
  assert.deepEqual(closes(cleanBars(alone, { splits: [], reference: { startSec: 0, close: 14 } })), ["14.1"]);
  assert.deepEqual(closes(cleanBars(alone, nothing)), ["0.141"]);
});

Deno.test("a split that Yahoo has not taken out is no error, and a reference is read in the shares of now", () => {
  const splits = [{ dateSec: 2 * DAY_SEC, numerator: 1, denominator: 100 }];
  const days = ["1", "1.1", "105", "106"].map((price, i) => bar(i, price));
  assert.deepEqual(rulesOf(cleanBars(days, { splits, reference: null })), ["", "", "", ""]);
  const after = [bar(2, "1.05"), bar(3, "1.06")];
  const options = { splits: [{ dateSec: 2 * DAY_SEC, numerator: 100, denominator: 1 }] };
  const reference = { startSec: DAY_SEC, close: 104 };
  assert.deepEqual(rulesOf(cleanBars(after, { ...options, reference })), ["", ""]);
  assert.deepEqual(rulesOf(cleanBars(after, { splits: [], reference })), ["hundredfold", "hundredfold"]);
});

Deno.test("wild days that are no change of unit stay: a crash, a tenfold rise, a price at the edge", () => {
  for (const prices of [["100", "20", "2", "1.4"], ["1", "10", "100"], ["1", "74", "74"], ["1", "134", "134"]]) {
    assert.deepEqual(closes(cleanBars(prices.map((price, i) => bar(i, price)), nothing)), prices, prices.join());
  }
});

Deno.test("one price of a bar that is 100 times the others, or a hundredth, is put right", () => {
  const [high, low, both] = cleanBars([
    bar(0, ["10", "1100", "9.5", "10.5"]),
    bar(1, ["10", "11", "0.095", "10.5"]),
    bar(2, ["10", "1100", "0.095", "10.5"]),
  ], nothing);
  assert.deepEqual([high!.high, high!.cleaned], ["11", { high: "1100", rules: ["hundredfold_field"] }]);
  assert.deepEqual([low!.low, low!.cleaned], ["9.5", { low: "0.095", rules: ["hundredfold_field"] }]);
  assert.deepEqual(both!.cleaned?.rules, ["wick", "wick"], "of two wrong ones nobody knows what they were");
});

Deno.test("a wick far beyond the neighbourhood is cut to the bar's body; a day that only moves a lot is not", () => {
  const around = (odd: Bar) => [bar(0, "10"), bar(1, "10.2"), odd, bar(3, "10.1"), bar(4, "10")];
  const cut = cleanBars(around(bar(2, ["10", "60", "1", "10.5"])), nothing)[2]!;
  assert.deepEqual([cut.high, cut.low, cut.open, cut.close], ["10.5", "10", "10", "10.5"]);
  assert.deepEqual(cut.cleaned, { high: "60", low: "1", rules: ["wick", "wick"] });
  assert.equal(cleanBars(around(bar(2, ["10", "50", "2.1", "10.5"])), nothing)[2]!.cleaned, null);
  assert.equal(cleanBars([bar(2, ["10", "60", "1", "10.5"])], nothing)[0]!.cleaned, null, "nothing to compare with");
});

Deno.test("prices of 0 and negative ones are left for the door to refuse", () => {
  const found = cleanBars([bar(0, "10"), bar(1, ["10", "10", "0", "10"]), bar(2, "0"), bar(3, "10")], nothing);
  assert.deepEqual(rulesOf(found), ["", "", "", ""]);
});

Deno.test("a price is the shortest decimal that Yahoo's number stands for", () => {
  const cases: readonly [number, string][] = [
    [14.550000190734863, "14.55"],
    [0.14550000429153442, "0.1455"],
    [236.00999450683594, "236.01"],
    [7254.33056640625, "7254.3306"],
    [131, "131"],
    [25.75, "25.75"],
    [0.205, "0.205"],
    [1e-7, "0.0000001"],
    [1.2345678e-8, "0.00000001"],
    [100, "100"],
    [1_234_567.875, "1234567.9"],
    [0, "0"],
    [Math.fround(33.33), "33.33"],
    [33.33, "33.33"],
  ];
  for (const [price, text] of cases) assert.equal(priceText(price), text);
  assert.deepEqual([shifted("0.1455", 2), shifted("14.55", -2), shifted("100", -2), shifted("5", 2)], [
    "14.55",
    "0.1455",
    "1",
    "500",
  ]);
});

const AET = ["stocks/yfinance_AET-L-1d-100x-error.csv", "stocks/yfinance_AET-L-1d-100x-error-fixed.csv"] as const;

/** Rows of a table of yfinance, oldest first: start and the numbers of its columns. */
async function tableBars(file: string): Promise<FakeBar[]> {
  const [, ...rows] = (await sharedLines(file)).filter((line) => line.trim() !== "");
  return rows.map((row): FakeBar => {
    const [date, open, high, low, close, , volume] = row.split(",");
    const number = (text: string | undefined) => Number(text);
    return [Date.parse(date!) / 1_000, number(open), number(high), number(low), number(close), number(volume)];
  }).reverse();
}

const eventsOf = (bars: readonly FakeBar[]): readonly YahooBarEvent[] => {
  const chart = readChart(JSON.stringify(chartJson("AET.L", "1d", { bars, timeZone: "Europe/London" })));
  assert.ok(!(chart instanceof ChartFault));
  return barsOf(chart as Chart)!.bars;
};

sharedDataTest(
  "of the real 100× error exactly the rows are changed that its correction changes, and to its values",
  AET,
  async () => {
    const [wrong, right] = [await tableBars(AET[0]), await tableBars(AET[1])];
    const found = eventsOf(wrong);
    assert.equal(found.length, 23);
    const corrected = wrong.map((row, i) => Math.abs(row[4]! / right[i]![4]! - 1) > 0.5);
    assert.equal(corrected.filter(Boolean).length, 14);
    found.forEach((event, i) => {
      assert.equal(event.cleaned !== undefined, corrected[i], event.timestamp);
      const [, open, high, low, close] = right[i]!;
      for (const [text, value] of [[event.open, open], [event.high, high], [event.low, low], [event.close, close]]) {
        assert.ok(Math.abs(Number(text) / Number(value) - 1) < 1e-6, `${event.timestamp} ${text} ${value}`);
      }
    });
    assert.deepEqual(new Set(found.map(({ close }) => close)), new Set(["14.55"]));
    assert.ok(eventsOf(right).every(({ cleaned }) => cleaned === undefined), "the correction itself is clean");
  },
);
