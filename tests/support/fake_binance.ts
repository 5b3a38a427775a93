/**
 * Binance's market-data host on loopback: combined streams over a websocket and the trades of its REST API, with the
 * faults of the real one at hand.
 * @module
 */
import { until } from "./until.ts";

/** A trade as the stream sends it. */
export interface FakeTrade {
  readonly symbol: string;
  readonly id: number;
  /** Epoch ms. */
  readonly timeMs: number;
  readonly price?: string;
}

/** How REST answers. */
export type RestMode = "there" | "blocked" | "wants a key" | "broken" | "behind";

/** The frame of a trade. */
export function tradeFrame({ symbol, id, timeMs, price = "100.10000000" }: FakeTrade): string {
  const data = { e: "trade", E: timeMs + 1, s: symbol, t: id, p: price, q: "0.50000000", T: timeMs, m: id % 2 === 0 };
  return JSON.stringify({ stream: `${symbol.toLowerCase()}@trade`, data: { ...data, M: true } });
}

/** The server. */
export class FakeBinance implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #sockets = new Set<WebSocket>();
  /** Payloads by symbol, in order of ids. */
  readonly #history = new Map<string, Record<string, unknown>[]>();
  /** Streams that the last connection asked for. */
  streams = "";
  connections = 0;
  /** Whether new connections are refused. */
  refuses = false;
  rest: RestMode = "there";
  /** Paths that REST was asked for. */
  readonly asked: string[] = [];
  /** Messages that clients have sent. */
  readonly heard: string[] = [];
  /** Whether it answers what clients send. */
  answers = true;

  constructor() {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => this.#serve(request),
    );
  }

  /** Variables that lead a source here. */
  get environment(): Record<string, string> {
    const { port } = this.#server.addr;
    return { BINANCE_STREAM_URL: `ws://127.0.0.1:${port}`, BINANCE_REST_URL: `http://127.0.0.1:${port}` };
  }

  /** Clients that are connected. */
  get clients(): number {
    return this.#sockets.size;
  }

  /** Sends frames to whoever is connected; trades among them can be asked for from then on. */
  send(frames: readonly string[]): void {
    for (const frame of frames) {
      this.#remember(frame);
      for (const socket of this.#sockets) if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    }
  }

  /** Trades happen that no stream tells of. */
  lose(frames: readonly string[]): void {
    for (const frame of frames) this.#remember(frame);
  }

  /** Tells of things that have happened before: a repeat, a trade out of order, rubbish. */
  repeat(frames: readonly string[]): void {
    for (const frame of frames) for (const socket of this.#sockets) socket.send(frame);
  }

  /** Ends every connection. */
  cut(code = 1001): void {
    for (const socket of this.#sockets) socket.close(code, "cut");
    this.#sockets.clear();
  }

  /** Says that it is about to shut down; the connections stay until {@link cut}. */
  announceShutdown(): void {
    this.repeat([JSON.stringify({ stream: "", data: { e: "serverShutdown", E: 1_700_000_000_000 } })]);
  }

  /** Resolves when so many connections were made. */
  connected(connections: number): Promise<void> {
    return until(() => this.connections >= connections, `${connections} connections to the fake Binance`);
  }

  /** Resolves when what was sent is on its way. */
  async sent(): Promise<void> {
    await until(() => [...this.#sockets].every(({ bufferedAmount }) => bufferedAmount === 0), "frames to be sent");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await this.#server.shutdown();
  }

  #remember(frame: string): void {
    const { data } = JSON.parse(frame);
    if (data?.e !== "trade") return;
    const trades = this.#history.get(data.s) ?? [];
    this.#history.set(data.s, trades);
    if (trades.length === 0 || data.t > (trades.at(-1)!.t as number)) trades.push(data);
  }

  #serve(request: Request): Response | Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/stream") return this.#upgrade(request, url);
    this.asked.push(url.pathname + url.search);
    return this.#answer(url);
  }

  #upgrade(request: Request, url: URL): Response {
    if (this.refuses) return new Response("busy", { status: 503 });
    this.streams = url.searchParams.get("streams") ?? "";
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => {
      this.#sockets.add(socket);
      this.connections++;
    };
    socket.onclose = () => void this.#sockets.delete(socket);
    socket.onmessage = ({ data }) => {
      this.heard.push(data);
      const { id } = JSON.parse(data);
      if (this.answers) socket.send(JSON.stringify({ result: this.streams.split("/"), id }));
    };
    return response;
  }

  #answer(url: URL): Response {
    const { rest } = this;
    if (rest === "blocked") return new Response("{}", { status: 429, headers: { "retry-after": "0.2" } });
    if (rest === "broken") return new Response("Internal error", { status: 500 });
    const isOld = url.pathname === "/api/v3/historicalTrades";
    if (isOld && rest === "wants a key") {
      return Response.json({ code: -2014, msg: "API-key format invalid." }, { status: 401 });
    }
    const all = this.#history.get(url.searchParams.get("symbol") ?? "") ?? [];
    const limit = Number(url.searchParams.get("limit") ?? 500);
    const fromId = url.searchParams.get("fromId");
    const known = rest === "behind" ? [] : all;
    const chosen = isOld && fromId !== null
      ? known.filter(({ t }) => (t as number) >= Number(fromId)).slice(0, limit)
      : known.slice(-limit);
    return Response.json(chosen.map(({ t, p, q, T, m }) => ({
      id: t,
      price: p,
      qty: q,
      quoteQty: "1.0",
      time: T,
      isBuyerMaker: m,
      isBestMatch: true,
    })));
  }
}
