/**
 * Connections kept against a server on loopback that refuses, cuts, or sends away whoever comes.
 */
import assert from "node:assert/strict";
import { seededRandom, systemClock } from "../../../core/clock.ts";
import { keepConnected, type KeepTimes } from "../../../ingest/connect/keep_connected.ts";
import { SourceMonitor } from "../../../ingest/monitor.ts";
import { quickTimes } from "../../support/live_run.ts";
import { until } from "../../support/until.ts";

type Behaviour = (socket: WebSocket) => void;

/** A server that notes when it is called; `behave` null refuses. */
class Server implements AsyncDisposable {
  readonly callsMs: number[] = [];
  readonly open = new Set<WebSocket>();
  behave: Behaviour | null = null;
  readonly #server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    this.callsMs.push(Date.now());
    if (this.behave === null) return new Response("busy", { status: 503 });
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => {
      this.open.add(socket);
      this.behave?.(socket);
    };
    socket.onclose = () => void this.open.delete(socket);
    return response;
  });

  get url(): string {
    return `ws://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Milliseconds between one call and the next. */
  get waitsMs(): number[] {
    return this.callsMs.slice(1).map((ms, i) => ms - this.callsMs[i]!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.open) socket.close();
    await this.#server.shutdown();
  }
}

async function keeping(
  times: Partial<KeepTimes>,
  body: (server: Server, kept: { monitor: SourceMonitor; frames: string[] }) => Promise<void>,
  behave: Behaviour | null = null,
): Promise<void> {
  await using server = new Server();
  server.behave = behave;
  const stop = new AbortController();
  const kept = { monitor: new SourceMonitor(), frames: [] as string[] };
  const keep = keepConnected({
    url: server.url,
    open: (url) => new WebSocket(url),
    clock: systemClock,
    random: seededRandom(1),
    signal: stop.signal,
    monitor: kept.monitor,
    times: { ...quickTimes, ...times },
    probe: "are you there?",
    onOpen: (socket) => socket.markReady(),
    onFrame: (text, socket) => {
      kept.frames.push(text);
      if (text === "go away soon") socket.retire();
    },
  });
  try {
    await body(server, kept);
  } finally {
    stop.abort();
    await keep;
  }
}

Deno.test("waits grow from try to try up to their bound, and begin anew after a connection that was good", () =>
  keeping({ backOff: { firstMs: 10, maxMs: 200 }, goodMs: 60 }, async (server, { monitor }) => {
    await until(() => server.callsMs.length >= 9, "nine calls");
    const waits = server.waitsMs;
    assert.ok(waits.slice(5).every((ms) => ms >= 90), `the last ones are near the bound: ${waits.join()}`);
    assert.ok(waits[0]! < waits[6]!, waits.join());
    assert.deepEqual([monitor.link, monitor.reconnects], ["connecting", 0]);
    server.behave = () => {};
    await until(() => monitor.link === "live", "a connection");
    assert.equal(monitor.trouble, null);
    await systemClock.sleep(120);
    const calls = server.callsMs.length;
    const cutMs = Date.now();
    for (const socket of server.open) socket.close();
    await until(() => server.callsMs.length > calls, "another call");
    assert.ok(server.callsMs.at(-1)! - cutMs < 80, `${server.callsMs.at(-1)! - cutMs} ms until the next try`);
  }));

Deno.test("a server that sends everyone away at once is not stormed", () =>
  keeping({ backOff: { firstMs: 40, maxMs: 400 }, goodMs: 10_000 }, async (server) => {
    await systemClock.sleep(1_000);
    assert.ok(server.callsMs.length >= 3 && server.callsMs.length <= 14, `${server.callsMs.length} calls in a second`);
  }, (socket) => socket.send("go away soon")));

Deno.test("two connections overlap at most, and the end closes them all", async () => {
  let openMax = 0;
  let left: Server | null = null;
  await keeping({ ageMsMax: 60, backOff: { firstMs: 1, maxMs: 2 } }, async (server, { monitor }) => {
    left = server;
    const timer = setInterval(() => (openMax = Math.max(openMax, server.open.size)), 1);
    await until(() => monitor.reconnects >= 5, "five successors");
    clearInterval(timer);
    assert.equal(monitor.link, "live");
  }, () => {});
  assert.ok(openMax <= 3, `${openMax} at once: two, and one that the server still closes`);
  assert.equal(left!.open.size, 0);
});

Deno.test("frames are read as text, binary ones too", () =>
  keeping({}, async (_, { frames }) => {
    await until(() => frames.length === 2, "two frames");
    assert.deepEqual(frames, ["text", "grün"]);
  }, (socket) => {
    socket.send("text");
    socket.send(new TextEncoder().encode("grün"));
  }));
