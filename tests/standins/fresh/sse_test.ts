import { deepEqual, equal, match } from "node:assert/strict";
import { App, csp } from "fresh";
import { ask, withBuild } from "./support.ts";

/** An endless stream of events, with what became of it. */
function eventStream() {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = () => controller.enqueue(new TextEncoder().encode(`data: ${"x".repeat(500)}\n\n`));
      send();
      timer = setInterval(send, 10);
    },
    cancel() {
      clearInterval(timer);
      resolve();
    },
  });
  return { cancelled, response: new Response(body, { headers: { "content-type": "text/event-stream" } }) };
}

Deno.test("SSE from a handler streams uncompressed, and cancel() runs when the client leaves", async () => {
  const { cancelled, response } = eventStream();
  const app = withBuild(new App().use(csp({ useNonce: true })).fsRoutes(), {
    "stream.ts": { handler: () => response },
  });
  const stop = new AbortController();
  const { promise: listening, resolve } = Promise.withResolvers<Deno.NetAddr>();
  const served = app.listen({ hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen: resolve });
  const { port } = await listening;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = "GET /stream HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip, br\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  let received = "";
  const buffer = new Uint8Array(4096);
  while (!received.includes("data: x")) {
    received += new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
  }
  match(received, /content-type: text\/event-stream/i);
  equal(/content-encoding/i.test(received), false);
  connection.close();
  await cancelled;
  stop.abort();
  await served;
});

Deno.test("HEAD of an endless stream ends it", async () => {
  const { cancelled, response } = eventStream();
  const app = withBuild(new App().fsRoutes(), { "stream.ts": { handler: { GET: () => response } } });
  const { status, text } = await ask(app, "/stream", { method: "HEAD" });
  deepEqual([status, text], [200, ""]);
  await cancelled;
});
