import assert from "node:assert/strict";
import fc from "fast-check";
import { barEvents } from "../../core/events/bars.ts";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import type { Decoded } from "../../ingest/source.ts";
import { yahooDecoder } from "../../ingest/sources/yahoo.ts";
import type { YahooBarEvent } from "../../ingest/sources/yahoo_bars.ts";
import { recordedInput } from "../../ingest/replay/recorded_input.ts";
import { openStream } from "../../ingest/replay/recorded_stream.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { chartJson, type FakeBar, type FakeChart } from "../support/fake_yahoo.ts";
import { sharedDataTest, sharedPath } from "./shared_data.ts";

const START_SEC = Date.UTC(2024, 5, 3, 13, 30) / 1_000;
const DAY_SEC = 86_400;

const decode = (text: string): Decoded => yahooDecoder()(text);
const bars = (count: number, stepSec: number, startSec = START_SEC): FakeBar[] =>
  Array.from({ length: count }, (_, i) => [startSec + i * stepSec, 10 + i, 12 + i, 9 + i, 11 + i, 1_000 + i]);
const text = (interval: string, chart: FakeChart, symbol = "ACME") =>
  JSON.stringify(chartJson(symbol, interval, chart));
/** A document as recorded: with the request, the answer's headers and its body. */
const recorded = (body: unknown, date: string, more: Record<string, unknown> = { bodyJson: body }) =>
  JSON.stringify({ request: { url: "…" }, response: { ok: true, status: 200, headers: { date }, ...more } }, null, 2);

function events(document: string): YahooBarEvent[] {
  const decoded = decode(document);
  assert.equal(decoded.kind, "events", document.slice(0, 200));
  return decoded.kind === "events" ? decoded.events.map(({ value }) => value as YahooBarEvent) : [];
}

Deno.test("a chart becomes bars with stable ids, decimal texts, and its split and dividend on their day", () => {
  const chart: FakeChart = {
    bars: bars(3, DAY_SEC),
    splits: [{ date: START_SEC + DAY_SEC, numerator: 4, denominator: 1 }],
    dividends: [{ date: START_SEC + 2 * DAY_SEC + 60, amount: 0.205 }],
  };
  const found = events(text("1d", chart));
  assert.deepEqual(found[0], {
    event_id: `yahoo:ACME:1d:${START_SEC}`,
    timestamp: "2024-06-03T13:30:00.000Z",
    source: "yahoo",
    symbol: "ACME",
    interval: "1d",
    open: "10",
    high: "12",
    low: "9",
    close: "11",
    volume: "1000",
    adj_close: "11",
    currency: "USD",
    exchange: "NMS",
  });
  assert.deepEqual(found.map(({ split, dividend }) => [split, dividend]), [
    [undefined, undefined],
    ["4:1", undefined],
    [undefined, "0.205"],
  ]);
});

Deno.test("rows without prices are left out, rows come in order of time and each once", () => {
  const [a, b, c] = bars(3, 60) as [FakeBar, FakeBar, FakeBar];
  const hole: FakeBar = [START_SEC + 180, null, null, null, null, null];
  const noVolume: FakeBar = [START_SEC + 240, 1, 1, 1, 1, null];
  const found = events(text("1m", { bars: [c, a, hole, b, b, noVolume] }));
  assert.deepEqual(found.map(({ timestamp, volume }) => [timestamp.slice(14, 16), volume]), [
    ["30", "1000"],
    ["31", "1001"],
    ["32", "1002"],
    ["34", "0"],
  ]);
});

Deno.test("a recorded document is judged by the time of its answer: what has not ended is no bar yet", () => {
  const at = (second: number) => new Date((START_SEC + second) * 1_000).toUTCString();
  const minutes = (second: number, more: FakeChart = { bars: bars(3, 60) }) =>
    events(recorded(chartJson("ACME", "1m", more), at(second))).length;
  assert.deepEqual([minutes(120), minutes(179), minutes(180), minutes(600)], [2, 2, 3, 3]);
  const running = { bars: [...bars(2, 60), [START_SEC + 141, 1, 1, 1, 1, 0] as FakeBar] };
  assert.equal(minutes(900, running), 2, "out of step: the running minute begins at its last trade");
  const session = [START_SEC, START_SEC + 23_400] as const;
  const today = {
    bars: [[START_SEC - DAY_SEC, 1, 1, 1, 1, 1], [START_SEC + 9_000, 2, 2, 2, 2, 2]] as FakeBar[],
    session,
  };
  const day = (second: number) => events(recorded(chartJson("ACME", "1d", today), at(second)));
  assert.equal(day(9_000).length, 1);
  assert.deepEqual(day(23_400).map(({ event_id }) => event_id), [
    `yahoo:ACME:1d:${START_SEC - DAY_SEC}`,
    `yahoo:ACME:1d:${START_SEC}`,
  ], "the day's bar stands at the start of its session");
});

Deno.test("intervals are named as events name them; one without a fixed length yields no event", () => {
  const names = (interval: string) => events(text(interval, { bars: bars(1, 60) }))[0]!.interval;
  assert.deepEqual(["1m", "60m", "1h", "1d", "5d", "1wk"].map(names), ["1m", "1h", "1h", "1d", "5d", "1w"]);
  assert.equal(decode(text("1mo", { bars: bars(1, 60) })).kind, "ignored");
});

Deno.test("a document comes bare or with its request, its body as JSON or as text", () => {
  const body = chartJson("ACME", "1d", { bars: bars(2, DAY_SEC) });
  const date = "Thu, 20 Feb 2025 11:47:42 GMT";
  const expected = events(JSON.stringify(body));
  for (
    const document of [
      JSON.stringify(body, null, 2),
      recorded(body, date),
      recorded(body, date, { body: JSON.stringify(body) }),
      recorded(body, "no date"),
    ]
  ) {
    assert.deepEqual(events(document), expected);
  }
});

Deno.test("what is no chart is dead with its reason and path, a chart without bars is ignored", () => {
  const good = chartJson("ACME", "1d", { bars: bars(1, 60) }) as { chart: { result: Record<string, unknown>[] } };
  const changed = (change: Record<string, unknown>) =>
    JSON.stringify({ chart: { result: [{ ...good.chart.result[0], ...change }], error: null } });
  const error = { chart: { result: null, error: { code: "Not Found", description: "No data found" } } };
  const cases: readonly [document: string, reason: string, path: string][] = [
    ["<html>", "not_json", ""],
    ["{", "not_json", ""],
    ["null", "schema", "chart.result"],
    ["{}", "schema", "chart.result"],
    ['{"chart":{"result":[]}}', "schema", "chart.result"],
    [recorded({}, "x"), "schema", "response.bodyJson.chart.result"],
    [recorded({}, "x", { body: "{" }), "schema", "response.body.chart.result"],
    [JSON.stringify(error), "error_frame", "chart.error"],
    [recorded(error, "x"), "error_frame", "response.bodyJson.chart.error"],
    [changed({ meta: {} }), "schema", "chart.result.0.meta.symbol"],
    [changed({ timestamp: ["now"] }), "schema", "chart.result.0.timestamp.0"],
    [changed({ timestamp: [1e15] }), "schema", "chart.result.0.timestamp.0"],
    [changed({ indicators: { quote: [{ open: ["1"] }] } }), "schema", "chart.result.0.indicators.quote.0.open.0"],
    [" ".repeat(2_000_000) + "{", "too_large", ""],
  ];
  for (const [document, reason, path] of cases) {
    const decoded = decode(document);
    assert.ok(decoded.kind === "dead", document.slice(0, 100));
    assert.deepEqual([decoded.fault.reason, decoded.fault.path], [reason, path], document.slice(0, 100));
  }
  assert.deepEqual(decode(text("1m", { bars: [] })), { kind: "ignored", ignoredKind: "no bars" });
  assert.deepEqual(decode(" "), { kind: "ignored", ignoredKind: "blank" });
});

Deno.test("the decoder throws for no text, and every bar of numbers in their range fits its contract", () => {
  fc.assert(fc.property(fc.json(), (json) => {
    decode(json);
    decode(`{"chart":{"result":[${json}]}}`);
    decode(`{"response":${json}}`);
  }));
  const price = fc.double({ min: 1e-6, max: 1e9, noNaN: true }).chain((value) =>
    fc.constantFrom(value, Math.fround(value))
  );
  fc.assert(fc.property(fc.array(fc.tuple(price, price, price, price), { minLength: 1, maxLength: 8 }), (rows) => {
    const fakes = rows.map(([a, b, c, d], i): FakeBar => [START_SEC + i * DAY_SEC, a, b, c, d, i]);
    for (const event of events(text("1d", { bars: fakes }))) {
      const checked = checkEvent(barEvents, { value: event, appendTimeMs: Date.UTC(2025, 0, 1) });
      assert.ok(!isFault(checked), JSON.stringify([event, checked]));
    }
  }));
});

const FOLDER = "stocks/yahoo_v8_chart/";
const RECORDED: readonly [file: string, bars: number][] = [
  ["chart-0P000071W8.TO-2020-01-01-to-2020-01-03.json", 1],
  ["chart-AAPL-2020-08-31-to-2020-11-07.json", 49],
  ["chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m.json", 0],
  ["chart-BTC-USD-2020-01-01-to-2020-01-03.json", 3],
  ["chart-EPAC-2020-01-01-to-2020-01-03.json", 1],
  ["historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.csv.json", 252],
  ["historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.csv.json", 252],
];

sharedDataTest(
  "the recorded responses decode as they lie there: every bar, split and dividend, none cleaned",
  RECORDED.map(([file]) => FOLDER + file),
  async () => {
    const actions: string[] = [];
    for (const [file, count] of RECORDED) {
      const input = await recordedInput(sharedPath(FOLDER + file), {
        source: sourceByName("yahoo"),
        mapping: null,
        encoding: null,
      });
      const stream = await openStream(input, { order: "file", startAfter: 0 });
      const { decoded, raw } = stream.head!;
      assert.ok(!stream.next() && !(await stream.fill()), "one document is one line");
      if (count === 0) {
        assert.equal(decoded.kind, "ignored");
        continue;
      }
      assert.ok(decoded.kind === "events", file);
      const found = decoded.events.map(({ value }) => value as YahooBarEvent);
      assert.equal(found.length, count, file);
      const { chart } = JSON.parse(raw).response.bodyJson;
      const [result] = chart.result;
      found.forEach((event, i) => {
        assert.equal(Date.parse(event.timestamp), result.timestamp[i] * 1_000);
        assert.equal(event.cleaned, undefined, event.event_id);
        for (const field of ["open", "high", "low", "close", "volume"] as const) {
          const number: number = result.indicators.quote[0][field][i];
          assert.ok(Math.abs(Number(event[field]) - number) <= 1e-6 * number, `${event.event_id} ${field}`);
          assert.ok(event[field].length <= 12, `${event.event_id} ${field} ${event[field]}: no dirt of floats`);
        }
        for (const name of ["split", "dividend"] as const) {
          if (event[name] !== undefined) actions.push(`${event.symbol} ${event.timestamp.slice(0, 10)} ${event[name]}`);
        }
      });
    }
    assert.deepEqual(actions, [
      "AAPL 2020-08-31 4:1",
      "AAPL 2020-11-06 0.205",
      "MSFT 2021-02-17 0.56",
      "MSFT 2021-05-19 0.56",
      "MSFT 2021-08-18 0.56",
      "MSFT 2021-11-17 0.62",
      "NVDA 2021-07-20 4:1",
    ]);
  },
);
