/**
 * Asks Yahoo for charts by way of yahoo-finance2, which knows its addresses, parameters and cookies. The text of the
 * answer is taken as it came, so that live and recorded charts pass the same decoder.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors.ts";

/** What to ask for. */
export interface ChartQuery {
  readonly symbol: string;
  /** `1m`, `1d`, … */
  readonly interval: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Why there is no chart. */
export type RefusalKind = "rate-limited" | "unknown-symbol" | "failed";

/** Yahoo does not give a chart. */
export class YahooRefusal extends Error {
  override readonly name = "YahooRefusal";

  /** @param retryAfterMs how long it wants to be left alone, where it says so. */
  constructor(readonly kind: RefusalKind, message: string, readonly retryAfterMs: number | null = null) {
    super(message);
  }
}

/** What a client works with. */
export interface ClientOptions {
  /** Host of the API. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long an answer may take. */
  readonly answerMsMax: number;
}

/** Longest answer that is read: three times twenty years of daily bars. */
const ANSWER_BYTES_MAX = 16 * 1_048_576;

/** The part of yahoo-finance2 that is used. */
interface ChartModule {
  chart(
    symbol: string,
    query: Readonly<Record<string, unknown>>,
    options: Readonly<Record<string, unknown>>,
  ): Promise<unknown>;
}

const silent = () => {};

/** A client. */
export class YahooClient {
  readonly #options: ClientOptions;
  readonly #module: ChartModule;
  #answer: string | null = null;

  private constructor(options: ClientOptions, load: (fetchChart: typeof fetch) => ChartModule) {
    this.#options = options;
    this.#module = load((input, init) => this.#fetch(input, init));
  }

  /** Loads the library, which takes 0.1 s and 22 MB: only who reads Yahoo live pays for it. */
  static async open(options: ClientOptions): Promise<YahooClient> {
    const [{ default: createYahooFinance }, { default: chart }] = await Promise.all([
      import("yahoo-finance2/createYahooFinance"),
      import("yahoo-finance2/modules/chart"),
    ]);
    const YahooFinance = createYahooFinance({ modules: { chart } });
    return new YahooClient(options, (fetchChart) =>
      new YahooFinance({
        fetch: fetchChart,
        // It says nothing by itself, and asks nobody for newer versions of itself.
        logger: { info: silent, warn: silent, error: silent, debug: silent, dir: silent },
        validation: { logErrors: false, logOptionsErrors: false },
        suppressNotices: ["yahooSurvey"],
        versionCheck: false,
        queue: { concurrency: 1 },
      }) as unknown as ChartModule);
  }

  /** The JSON text of a chart. Rejects with a {@link YahooRefusal}. One call at a time. */
  async chartText({ symbol, interval, fromMs, toMs }: ChartQuery): Promise<string> {
    this.#answer = null;
    const query = {
      period1: new Date(fromMs),
      period2: new Date(Math.max(toMs, fromMs + 1_000)),
      interval,
      includePrePost: false,
      events: "div|split",
      return: "object",
    };
    try {
      await this.#module.chart(symbol, query, { validateResult: false });
    } catch (error) {
      if (error instanceof YahooRefusal) throw error;
      // The library stumbles over an answer that is no chart: what came says more than how it stumbled.
      if (this.#answer === null) throw new YahooRefusal("failed", messageOf(error));
    }
    if (this.#answer === null) throw new YahooRefusal("failed", "the library did not ask for the chart");
    return this.#answer;
  }

  async #fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const { url, clock, signal, answerMsMax } = this.#options;
    const asked = new URL(input instanceof Request ? input.url : input);
    const over = new AbortController();
    const slow = new AbortController();
    clock.sleep(answerMsMax, AbortSignal.any([signal, over.signal])).then(() => {
      if (!over.signal.aborted) slow.abort();
    });
    try {
      const limited = { ...init, signal: AbortSignal.any([signal, slow.signal]) };
      const response = await this.#options.fetch(`${url}${asked.pathname}${asked.search}`, limited);
      const text = await textOf(response);
      if (!response.ok) throw refusalOf(response, text, clock.nowMs());
      this.#answer = text;
      return new Response(text, { headers: response.headers });
    } catch (error) {
      if (error instanceof YahooRefusal) throw error;
      const reason = slow.signal.aborted && !signal.aborted ? `no answer within ${answerMsMax} ms` : messageOf(error);
      throw new YahooRefusal("failed", reason);
    } finally {
      over.abort();
    }
  }
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new YahooRefusal("failed", `an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refusalOf({ status, headers }: Response, text: string, nowMs: number): YahooRefusal {
  const description = /"description"\s*:\s*"((?:[^"\\]|\\.){1,200})"/.exec(text)?.[1];
  const message = `${status}${description === undefined ? "" : ` ${description}`}`;
  if (status === 429) return new YahooRefusal("rate-limited", message, retryAfterMs(headers, nowMs));
  if (status === 404) return new YahooRefusal("unknown-symbol", message);
  return new YahooRefusal("failed", message, status === 503 ? retryAfterMs(headers, nowMs) : null);
}

/** `Retry-After` in seconds or as a date; null where it says nothing. */
function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const dateMs = Date.parse(text);
  return Number.isFinite(dateMs) ? Math.max(0, dateMs - nowMs) : null;
}
