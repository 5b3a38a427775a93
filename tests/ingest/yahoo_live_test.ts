/**
 * The live source against a chart API on loopback: the real runner, the real library, the faults of the real host.
 */
import assert from "node:assert/strict";
import type { DeadLetter } from "../../core/events/derived.ts";
import { days, hours } from "../../core/time.ts";
import { yahooSource } from "../../ingest/sources/yahoo.ts";
import { type YahooBarEvent } from "../../ingest/sources/yahoo_bars.ts";
import { type YahooLiveOptions, yahooLiveOptions } from "../../ingest/sources/yahoo_live.ts";
import { chartJson, type FakeBar, type FakeChart, FakeYahoo } from "../support/fake_yahoo.ts";
import { emptyLog, type LiveRun, type LiveRunOptions, withRun } from "../support/live_run.ts";
import { sharedDataTest, sharedPath } from "./shared_data.ts";

/** Bounds that a test can wait for. */
const quick: YahooLiveOptions = {
  ...yahooLiveOptions,
  answerMsMax: 300,
  burst: 50,
  circuit: { failuresMax: 3, openMs: 200, openMsMax: 400 },
  backOff: { firstMs: 10, maxMs: 40 },
  limited: { firstMs: 100, maxMs: 400 },
  closedPollMs: 50,
};

const DAY_SEC = 86_400;
const nowSec = Math.floor(Date.now() / 1_000);
const todaySec = nowSec - nowSec % DAY_SEC;
/** A session around now, so that the market is open, and has been every day. */
const session = [nowSec - 3_600, nowSec + 3_600] as const;
const zoned = { session, timeZone: "UTC" } as const;

const daily = (count: number, price = (i: number) => 100 + i): FakeBar[] =>
  Array.from({ length: count }, (_, i) => {
    const value = price(i);
    return [todaySec - (count - i) * DAY_SEC - 3_600, value, value + 1, value - 1, value + 0.5, 1_000 + i];
  });
const firstMinuteSec = nowSec - nowSec % 60 - 1_800;
const minutes = (count: number, price = (i: number) => 100 + i / 10): FakeBar[] =>
  Array.from({ length: count }, (_, i) => {
    const value = price(i);
    return [firstMinuteSec + i * 60, value, value + 0.1, value - 0.1, value, 10 + i];
  });

const barsIn = (run: LiveRun, interval: string) =>
  run.values("market.bars").filter((bar) => bar.interval === interval) as unknown as YahooBarEvent[];
const starts = (found: readonly YahooBarEvent[]) => found.map(({ timestamp }) => Date.parse(timestamp) / 1_000);

interface Case {
  readonly server: FakeYahoo;
  readonly run: LiveRun;
}

/** Runs the source on a server; the charts of ACME are there unless they are taken away. */
async function withYahoo(
  body: (found: Case) => Promise<void>,
  { charts = {}, options = quick, ...more }: Partial<LiveRunOptions> & {
    readonly charts?: Record<string, FakeChart>;
    readonly options?: YahooLiveOptions;
    readonly before?: (server: FakeYahoo) => void;
  } = {},
): Promise<void> {
  await using server = new FakeYahoo();
  const all = { "ACME 1d": { bars: daily(20), ...zoned }, "ACME 1m": { bars: minutes(5), ...zoned }, ...charts };
  for (const [key, chart] of Object.entries(all)) server.charts.set(key, chart);
  more.before?.(server);
  const env = { YAHOO_SYMBOLS: "ACME", ...server.environment, ...more.env };
  await withRun(yahooSource(options), { ...more, env }, (run) => body({ server, run }));
}

const dead = (run: LiveRun) => run.values("dead") as unknown as DeadLetter[];

Deno.test("history comes once and minutes are polled: each bar once, new ones as they come, in order", () =>
  withYahoo(async ({ server, run }) => {
    await run.until(() => barsIn(run, "1d").length === 20 && barsIn(run, "1m").length === 5, "all bars");
    server.charts.set("ACME 1m", { bars: minutes(8), ...zoned });
    await run.until(() => barsIn(run, "1m").length === 8, "the new minutes");
    const polls = server.callsFor("ACME", "1m").length;
    await run.until(() => server.callsFor("ACME", "1m").length > polls + 3, "more polls");
    assert.deepEqual(starts(barsIn(run, "1m")), minutes(8).map(([startSec]) => startSec));
    assert.deepEqual(starts(barsIn(run, "1d")), daily(20).map(([startSec]) => startSec));
    assert.equal(server.callsFor("ACME", "1d").length, 1, "the day's bar is asked for after the close");
    const [call] = server.asked;
    assert.match(call!.userAgent, /yahoo-finance2/);
    assert.equal(call!.events, "div|split");
    assert.ok(Math.abs(call!.fromSec * 1_000 - (Date.now() - days(365))) < hours(1));
    const status = run.status();
    assert.deepEqual([status.state, status.failure, status.dead], ["live", null, 0]);
    assert.equal(new Set(run.records("market.bars").map(({ instance, seq }) => `${instance} ${seq}`)).size, 28);
  }));

Deno.test("a bar that has changed is sent once more with a revision, one that has not ended is not sent", () => {
  const runningSec = nowSec - nowSec % 60;
  const running: FakeBar = [runningSec, 1, 1, 1, 1, 1];
  return withYahoo(async ({ server, run }) => {
    await run.until(() => barsIn(run, "1m").length === 5, "the finished minutes");
    const changed = minutes(5);
    changed[3] = [changed[3]![0], 200, 201, 199, 200.5, 99];
    server.charts.set("ACME 1m", { bars: [...changed, running], ...zoned });
    await run.until(() => barsIn(run, "1m").length === 6, "the changed minute");
    const [first, again] = barsIn(run, "1m").filter(({ timestamp }) =>
      Date.parse(timestamp) / 1_000 === changed[3]![0]
    );
    assert.equal(again!.event_id, first!.event_id);
    assert.deepEqual([first!.revision, again!.revision, again!.close, again!.volume], [undefined, 5, "200.5", "99"]);
    assert.ok(!starts(barsIn(run, "1m")).includes(runningSec));
  }, { charts: { "ACME 1m": { bars: [...minutes(5), running], ...zoned } } });
});

Deno.test("a restart goes on where the last process stood and asks for no more than it needs", async () => {
  const log = await emptyLog();
  const first = { "ACME 1d": { bars: daily(20).slice(0, 18), ...zoned } };
  const both = (run: LiveRun, counts: readonly [number, number]) =>
    run.until(() => barsIn(run, "1d").length === counts[0] && barsIn(run, "1m").length === counts[1], counts.join());
  await withYahoo(({ run }) => both(run, [18, 5]), { log, charts: first });
  const second = { "ACME 1m": { bars: minutes(7), ...zoned } };
  await withYahoo(async ({ server, run }) => {
    await both(run, [20, 7]);
    const polls = server.callsFor("ACME", "1m").length;
    await run.until(() => server.callsFor("ACME", "1m").length > polls + 1, "more polls");
    assert.deepEqual(starts(barsIn(run, "1d")), daily(20).map(([startSec]) => startSec));
    assert.equal(server.callsFor("ACME", "1d")[0]!.fromSec, daily(20)[8]![0], "from the last ten bars on");
    const places = run.records("market.bars").filter(({ instance }) => instance === "yahoo:ACME:1d");
    assert.deepEqual(places.map(({ seq }) => seq), Array.from({ length: 20 }, (_, i) => i));
  }, { log, seed: 2, charts: second });
});

Deno.test("429 is obeyed: nothing is asked before Retry-After, then all goes on", () =>
  withYahoo(async ({ server, run }) => {
    await run.until(() => run.status().state === "rate-limited", "the limit");
    assert.match(run.status().failure ?? "", /Yahoo asks to wait: 429/);
    await run.until(() => barsIn(run, "1d").length === 20, "all bars");
    const [first, second] = server.asked;
    assert.ok(second!.atMs - first!.atMs >= 950, `${second!.atMs - first!.atMs} ms`);
    await run.until(() => run.status().state === "live" && run.status().failure === null, "life again");
  }, {
    before: (server) =>
      void server.odd.push({ status: 429, headers: { "retry-after": "1" }, body: "Too Many Requests" }),
  }));

Deno.test("a limit that does not say how long it lasts is waited for longer each time", () =>
  withYahoo(async ({ server, run }) => {
    await run.until(() => barsIn(run, "1d").length === 20, "all bars");
    const gaps = server.asked.slice(1, 4).map(({ atMs }, i) => atMs - server.asked[i]!.atMs);
    assert.ok(gaps[0]! >= 45 && gaps[1]! >= 95 && gaps[2]! >= 195, gaps.join());
  }, { before: (server) => void server.odd.push(...[1, 2, 3].map(() => ({ status: 429 }))) }));

Deno.test("a host that fails again and again is left alone for a while, and one call decides whether it is back", () =>
  withYahoo(async ({ server, run }) => {
    await run.until(() => barsIn(run, "1d").length === 20 && barsIn(run, "1m").length === 5, "all bars", 20_000);
    const atMs = server.asked.map((call) => call.atMs);
    const [opened, halfOpen] = [atMs[3]! - atMs[2]!, atMs[4]! - atMs[3]!];
    assert.ok(opened >= 195, `open for ${opened} ms after three failures`);
    assert.ok(halfOpen >= 395, `then for ${halfOpen} ms after a fourth`);
    await run.until(() => run.status().failure === null, "no trouble left");
  }, { before: (server) => void server.odd.push(...[1, 2, 3, 4].map(() => ({ status: 500, body: "oops" }))) }));

Deno.test("slow, cut and nonsensical answers are asked for again; what is no chart is dead with its reason", () =>
  withYahoo(async ({ run }) => {
    await run.until(() => barsIn(run, "1d").length === 20 && barsIn(run, "1m").length === 5, "all bars", 20_000);
    assert.deepEqual(dead(run).map(({ topic, reason, origin }) => [topic, reason, origin]), [
      ["market.bars", "not_json", "yahoo"],
      ["market.bars", "not_json", "yahoo"],
      ["market.bars", "schema", "yahoo"],
      ["market.bars", "error_frame", "yahoo"],
    ]);
    assert.equal(run.status().state, "live");
  }, {
    options: { ...quick, circuit: { ...quick.circuit, failuresMax: 100 } },
    before: (server) =>
      void server.odd.push(
        "hang",
        "cut",
        { status: 200, body: "<html>hello</html>" },
        { status: 503, headers: { "retry-after": "0" } },
        { status: 200, body: '{"chart":{"result":[{"meta":{}}],"error":null}}' },
        { status: 200, body: '{"chart":{"result":null,"error":{"code":"Internal","description":"oops"}}}' },
        {
          status: 422,
          body: '{"chart":{"result":null,"error":{"code":"Unprocessable","description":"too far back"}}}',
        },
      ),
  }));

Deno.test("a symbol that Yahoo does not know is named in the status, and the others are not held up", () =>
  withYahoo(async ({ server, run }) => {
    await run.until(() => barsIn(run, "1m").length === 5 && barsIn(run, "1d").length === 20, "the bars of ACME");
    await run.until(() => server.callsFor("ACME", "1m").length > 3, "polls");
    assert.equal(run.status().failure, "Yahoo does not know ^NOPE");
    assert.equal(run.status().state, "live");
    assert.equal(server.callsFor("^NOPE").length, 2, "asked once an interval, not at each poll");
  }, { env: { YAHOO_SYMBOLS: "^NOPE,ACME" } }));

Deno.test("after a split the whole history is sent again in the shares of now, each bar under its id", async () => {
  const log = await emptyLog();
  const before = daily(30, () => 400).slice(0, 29);
  await withYahoo(({ run }) => run.until(() => barsIn(run, "1d").length === 29, "the history"), {
    log,
    charts: { "ACME 1d": { bars: before, ...zoned } },
  });
  const splitSec = daily(30)[29]![0];
  const splits = [{ date: splitSec, numerator: 4, denominator: 1 }];
  await withYahoo(async ({ server, run }) => {
    await run.until(() => barsIn(run, "1d").length === 59, "the history once more");
    const found = barsIn(run, "1d");
    assert.deepEqual(starts(found.slice(29)), daily(30).map(([startSec]) => startSec));
    assert.ok(found.slice(29, 58).every(({ revision, close }) => revision! >= 29 && close === "100.5"));
    const { split, cleaned, revision } = found[58]!;
    assert.deepEqual([split, cleaned, revision], ["4:1", undefined, undefined]);
    assert.ok(found.every(({ cleaned }) => cleaned === undefined));
    assert.equal(server.callsFor("ACME", "1d").length, 2, "the last bars, then the whole");
  }, { log, seed: 2, charts: { "ACME 1d": { bars: daily(30, () => 100), splits, ...zoned } } });
  await withYahoo(async ({ server, run }) => {
    await run.until(() => server.callsFor("ACME", "1m").length > 2, "polls");
    assert.equal(server.callsFor("ACME", "1d").length, 1);
    assert.equal(barsIn(run, "1d").length, 59, "the split is known by now");
  }, { log, seed: 3, charts: { "ACME 1d": { bars: daily(30, () => 100), splits, ...zoned } } });
});

Deno.test("bars in the wrong unit are sent right, also where a poll brings nothing but wrong ones", () => {
  const pence = (bars: FakeBar[], from: number): FakeBar[] =>
    bars.map((bar, i) => i < from ? bar : [bar[0], bar[1]! / 100, bar[2]! / 100, bar[3]! / 100, bar[4]! / 100, 0]);
  return withYahoo(async ({ server, run }) => {
    await run.until(() => barsIn(run, "1m").length === 5, "the first minutes");
    server.charts.set("ACME 1m", { bars: pence(minutes(20), 5).slice(10), ...zoned });
    await run.until(() => barsIn(run, "1m").length === 15, "the wrong ones");
    const found = barsIn(run, "1m");
    assert.ok(found.every(({ close }) => Number(close) >= 100 && Number(close) < 102), JSON.stringify(found.at(-1)));
    assert.deepEqual(found.map(({ cleaned }) => cleaned?.rules.join() ?? ""), [
      ...Array(5).fill(""),
      ...Array(10).fill("hundredfold"),
    ]);
  });
});

Deno.test("a market that is closed is looked at rarely", () =>
  withYahoo(async ({ server, run }) => {
    await run.until(() => barsIn(run, "1m").length === 5 && barsIn(run, "1d").length === 20, "all bars");
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(server.callsFor("ACME", "1m").length, 1);
  }, {
    options: { ...quick, closedPollMs: 60_000 },
    charts: {
      "ACME 1m": { bars: minutes(5), session: [nowSec - 30_000, nowSec - 7_200], timeZone: "UTC" },
      "ACME 1d": { bars: daily(20), session: [nowSec - 30_000, nowSec - 7_200], timeZone: "UTC" },
    },
  }));

Deno.test("impossible bars are dead, and no bar brings the polling to a halt", () => {
  const bars = minutes(4);
  bars[1] = [bars[1]![0], 100, 101, 0, 100, 10];
  bars[2] = [bars[2]![0], 100, -5, 99, 100, 10];
  return withYahoo(async ({ run }) => {
    await run.until(() => run.status().read >= 24, "all rows");
    await run.until(() => dead(run).length >= 2, "the dead ones");
    assert.deepEqual(dead(run).slice(0, 2).map(({ reason }) => reason), ["quality:price_range", "schema"]);
    assert.equal(barsIn(run, "1m").length, 2);
  }, { charts: { "ACME 1m": { bars, ...zoned } } });
});

const RECORDED = "stocks/yahoo_v8_chart/historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.csv.json";

sharedDataTest(
  "a real response goes through the library and the same decoder: 252 bars with their split",
  [RECORDED],
  async () => {
    const { bodyJson } = JSON.parse(await Deno.readTextFile(sharedPath(RECORDED))).response;
    await withYahoo(async ({ run }) => {
      await run.until(() => barsIn(run, "1d").length === 252, "the real bars");
      const found = barsIn(run, "1d");
      assert.deepEqual(
        found.filter(({ split }) => split !== undefined).map(({ timestamp, split }) => [timestamp, split]),
        [
          ["2021-07-20T13:30:00.000Z", "4:1"],
        ],
      );
      assert.equal(found[0]!.close, "13.237");
      assert.ok(found.every(({ cleaned }) => cleaned === undefined));
    }, {
      env: { YAHOO_SYMBOLS: "NVDA" },
      before: (server) => {
        server.bodies.set("NVDA 1d", JSON.stringify(bodyJson));
        server.bodies.set("NVDA 1m", JSON.stringify(chartJson("NVDA", "1m", { bars: minutes(2), ...zoned })));
      },
    });
  },
);
