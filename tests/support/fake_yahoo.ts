/**
 * Yahoo's chart API on loopback: charts of invented or recorded bars, with the faults of the real one at hand.
 * @module
 */

/** A bar as the server has it: start in epoch seconds, then open, high, low, close, volume. */
export type FakeBar = readonly [
  startSec: number,
  open: number | null,
  high: number | null,
  low: number | null,
  close: number | null,
  volume: number | null,
];

/** What a chart holds beside its bars. */
export interface FakeChart {
  readonly bars: readonly FakeBar[];
  readonly splits?: readonly { readonly date: number; readonly numerator: number; readonly denominator: number }[];
  readonly dividends?: readonly { readonly date: number; readonly amount: number }[];
  /** Start and end of the regular session, epoch seconds. */
  readonly session?: readonly [startSec: number, endSec: number];
  readonly timeZone?: string;
}

/** The answer's JSON. */
export function chartJson(symbol: string, interval: string, chart: FakeChart): unknown {
  const { bars, splits = [], dividends = [], session, timeZone = "America/New_York" } = chart;
  const column = (i: 1 | 2 | 3 | 4 | 5) => bars.map((bar) => bar[i]);
  const byDate = <T extends { readonly date: number }>(list: readonly T[]) =>
    Object.fromEntries(list.map((one) => [String(one.date), one]));
  const quote = { open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) };
  const result = {
    meta: {
      currency: "USD",
      symbol,
      exchangeName: "NMS",
      exchangeTimezoneName: timeZone,
      dataGranularity: interval,
      priceHint: 2,
      ...(session === undefined
        ? {}
        : { currentTradingPeriod: { regular: { start: session[0], end: session[1], timezone: "EST", gmtoffset: 0 } } }),
    },
    ...(bars.length === 0 ? {} : { timestamp: bars.map(([startSec]) => startSec) }),
    events: { splits: byDate(splits), dividends: byDate(dividends) },
    indicators: { quote: bars.length === 0 ? [{}] : [quote], adjclose: [{ adjclose: column(4) }] },
  };
  return { chart: { result: [result], error: null } };
}

/** An answer out of the ordinary: a status with headers and body, `hang` = none at all, `cut` = it ends in the middle. */
export type OddAnswer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | "hang"
  | "cut";

/** A call that came. */
export interface AskedChart {
  readonly symbol: string;
  readonly interval: string;
  readonly fromSec: number;
  readonly toSec: number;
  readonly atMs: number;
  readonly userAgent: string;
  readonly events: string;
}

/** The server. */
export class FakeYahoo implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #stop = new AbortController();
  readonly asked: AskedChart[] = [];
  /** By symbol and interval: `AAPL 1d`. The bars between the two periods of a call are given. */
  readonly charts = new Map<string, FakeChart>();
  /** Whole bodies by symbol and interval, given as they are. */
  readonly bodies = new Map<string, string>();
  /** Answers to the next calls, before any chart. */
  readonly odd: OddAnswer[] = [];

  constructor() {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => this.#answer(new URL(request.url), request.headers),
    );
  }

  /** Variables that lead a source here, in a hurry. */
  get environment(): Record<string, string> {
    const url = `http://127.0.0.1:${this.#server.addr.port}`;
    return { YAHOO_URL: url, YAHOO_POLL_SEC: "0.05", YAHOO_CALLS_PER_MIN: "6000" };
  }

  /** Calls for a symbol, and for one interval of it where it is named. */
  callsFor(symbol: string, interval?: string): readonly AskedChart[] {
    return this.asked.filter((call) => call.symbol === symbol && (interval ?? call.interval) === call.interval);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#server.shutdown();
  }

  async #answer({ pathname, searchParams }: URL, headers: Headers): Promise<Response> {
    const symbol = decodeURIComponent(/^\/v8\/finance\/chart\/([^/]+)$/.exec(pathname)?.[1] ?? "");
    const text = (name: string) => searchParams.get(name) ?? "";
    const interval = text("interval");
    const [fromSec, toSec] = [Number(text("period1")), Number(text("period2"))];
    const userAgent = headers.get("user-agent") ?? "";
    this.asked.push({ symbol, interval, fromSec, toSec, atMs: Date.now(), userAgent, events: text("events") });
    const odd = this.odd.shift();
    if (odd === "hang") {
      await new Promise<void>((resolve) => this.#stop.signal.addEventListener("abort", () => resolve()));
      return new Response(null, { status: 504 });
    }
    if (odd === "cut") return new Response('{"chart":{"result":[{"meta":{"symbol":"');
    if (odd !== undefined) return new Response(odd.body ?? "", { status: odd.status, headers: odd.headers ?? {} });
    const body = this.bodies.get(`${symbol} ${interval}`);
    if (body !== undefined) return new Response(body, { headers: { "content-type": "application/json" } });
    const chart = this.charts.get(`${symbol} ${interval}`);
    if (chart === undefined) {
      const error = { code: "Not Found", description: "No data found, symbol may be delisted" };
      return Response.json({ chart: { result: null, error } }, { status: 404 });
    }
    const inside = (sec: number) => sec >= fromSec && sec <= toSec;
    return Response.json(chartJson(symbol, interval, {
      ...chart,
      bars: chart.bars.filter(([startSec]) => inside(startSec)),
      splits: (chart.splits ?? []).filter(({ date }) => inside(date)),
      dividends: (chart.dividends ?? []).filter(({ date }) => inside(date)),
    }));
  }
}
