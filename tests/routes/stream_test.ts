import { deepEqual, equal, match, ok } from "node:assert/strict";
import { systemClock } from "../../core/clock.ts";
import { newSourceStatus } from "../../core/status.ts";
import { liveHubOf } from "../../routes/(_lib)/live_hub.ts";
import { StreamReader, updateOf } from "./stream_reader.ts";
import { anomalyRow, appOver, candleRow, chatRow, chatUpdate, withHub, withServices } from "./support.ts";

const url = (query = "") => `http://localhost/api/stream${query}`;

Deno.test("a stream begins with retry and a snapshot of rows and open windows, and goes on with updates", async () => {
  const tables = {
    chat_summary_minute: [chatRow(40, { endS: -10 }), chatRow(41, { endS: 0, revision: 5 })],
    market_candles: [candleRow("61837.63"), candleRow("61800", { interval: "1m" })],
    anomalies: [anomalyRow("a1")],
  };
  const open = [chatUpdate(42, { endS: 0, revision: 9 }), chatUpdate(3, { endS: 10 })];
  await withServices({ tables, open }, async (services) => {
    const answer = (await appOver(services)).handler();
    const res = await answer(new Request(url()));
    equal(res.status, 200);
    match(res.headers.get("content-type") ?? "", /^text\/event-stream/);
    equal(res.headers.get("cache-control"), "no-store, no-transform");
    const stream = new StreamReader(res.body!);
    deepEqual(await stream.next(), { name: "retry", id: null, data: 1000 });
    const snapshot = await stream.next();
    if (snapshot?.name !== "snapshot") throw new Error(`a snapshot was expected, not ${snapshot?.name}`);
    equal(snapshot.id, "0-0");
    equal(snapshot.data.last_id, "0-0");
    const seen = snapshot.data.updates.map(({ channel, key, revision, values }) =>
      [channel, key, revision, values["chat_count"] ?? values["close"] ?? null].join()
    );
    deepEqual(seen, [
      "chat,demo_stream,40,40",
      "anomalies,demo_stream,7,",
      "candles_1m,BTCUSDT,10000,61800",
      "chat,demo_stream,9,42", // the open window's revision is the higher one
      "chat,demo_stream,3,3",
      "candles_1s,BTCUSDT,10000,61837.63",
    ]);
    await services.feed.publish([chatUpdate(43)]);
    const update = await stream.take("update");
    equal(update.id, await services.feed.lastId());
    deepEqual(Object.keys(update.data), ["channel", "key", "window_start", "generation", "revision", "values"]);
    equal(update.data.values["chat_count"], 43);
    await stream.cancel();
    equal(liveHubOf(services).counters.clients, 0);
  });
});

Deno.test("values of a row in a snapshot have the form of an update's", async () => {
  await withServices({ tables: { chat_summary_minute: [chatRow(40)] } }, async (services) => {
    const res = await (await appOver(services)).handler()(new Request(url("?channels=chat")));
    const stream = new StreamReader(res.body!);
    const { data } = await stream.take("snapshot");
    deepEqual(data.updates, [{
      ...chatUpdate(40),
      values: { ...chatUpdate(40).values, top_emotes: [{ emote: "Kappa", count: 3 }] },
    }]);
    await stream.cancel();
  });
});

Deno.test("channels= lets through those channels only, in the snapshot too", async () => {
  const tables = { chat_summary_minute: [chatRow(40)], market_candles: [candleRow("1")] };
  await withServices({ tables }, async (services) => {
    const res = await (await appOver(services)).handler()(new Request(url("?channels=candles_1s")));
    const stream = new StreamReader(res.body!);
    const { data } = await stream.take("snapshot");
    deepEqual(data.updates.map(({ channel }) => channel), ["candles_1s"]);
    await services.feed.publish([chatUpdate(1), { ...chatUpdate(2), channel: "candles_1s" }]);
    const update = await stream.take("update");
    equal(update.data.channel, "candles_1s");
    await stream.cancel();
  });
});

Deno.test("channels that are no names are refused as JSON", async () => {
  await withServices({}, async (services) => {
    const res = await (await appOver(services)).handler()(new Request(url("?channels=chat,<script>")));
    equal(res.status, 400);
    equal((await res.json()).error.status, 400);
  });
});

for (const how of ["header", "query"]) {
  Deno.test(`Last-Event-ID in the ${how} resumes without snapshot and without gap`, async () => {
    await withServices({}, async (services) => {
      await services.feed.publish([chatUpdate(1)]);
      const seen = await services.feed.lastId();
      await services.feed.publish([chatUpdate(2), chatUpdate(3)]);
      const answer = (await appOver(services)).handler();
      const req = how === "header"
        ? new Request(url(), { headers: { "last-event-id": seen } })
        : new Request(url(`?last_event_id=${seen}`));
      const stream = new StreamReader((await answer(req)).body!);
      equal((await stream.next())?.name, "retry");
      equal((await stream.next())?.name, "status");
      deepEqual([updateOf(await stream.next()).revision, updateOf(await stream.next()).revision], [2, 3]);
      await services.feed.publish([chatUpdate(4)]);
      equal(updateOf(await stream.take("update", "snapshot", "gap")).revision, 4);
      await stream.cancel();
    });
  });
}

Deno.test("an unknown, an expired and a malformed id get gap, then a snapshot", async () => {
  await withServices({ historyUpdatesMax: 2 }, async (services) => {
    await services.feed.publish([chatUpdate(1)]);
    const expired = await services.feed.lastId();
    await services.feed.publish([chatUpdate(2), chatUpdate(3), chatUpdate(4)]);
    const answer = (await appOver(services)).handler();
    for (const id of [expired, "99999999999999-0", "1-1", "no id"]) {
      const res = await answer(new Request(url(), { headers: { "last-event-id": id } }));
      const stream = new StreamReader(res.body!);
      deepEqual([(await stream.next())?.name, (await stream.next())?.name], ["retry", "gap"]);
      equal((await stream.next())?.name, "snapshot");
      await stream.cancel();
    }
  });
});

Deno.test("heartbeats come as a comment and as an event without an id", async () => {
  await withHub({ hub: { heartbeatMs: 5 } }, async (hub) => {
    const stream = new StreamReader(hub.connect()!);
    await stream.take("comment");
    deepEqual(await stream.next(), { name: "heartbeat", id: null, data: {} });
    await stream.cancel();
  });
});

Deno.test("a status tells lag, the hour's anomalies and the sources, and again when it has changed", async () => {
  const sources = [
    { ...newSourceStatus("mock"), state: "live" as const, read: 1 },
  ];
  const tables = {
    anomalies: [anomalyRow("a1", { atS: -4_000 }), anomalyRow("a2", { atS: -60 }), anomalyRow("a3")],
  };
  const processor = { records: 5, lagRecords: 7, partitions: [], restarts: 0 };
  await withHub({ sources, tables, processor, hub: { statusMs: 5 } }, async (hub, services) => {
    const stream = new StreamReader(hub.connect()!);
    const status = { lag_records: 7, anomalies_1h: 2, sources: [{ source: "mock", state: "live" }] };
    deepEqual(await stream.take("status"), { name: "status", id: null, data: status });
    await services.feed.publish([{
      channel: "anomalies",
      key: "k",
      window_start: "2024-08-08T12:00:00.000Z",
      revision: 1,
      values: { anomaly_id: "a4", event_time: "2024-08-08T12:01:00.000Z", status: "active" },
    }]);
    let last = await stream.take("status");
    while (last.data.anomalies_1h === 2) last = await stream.take("status");
    equal(last.data.anomalies_1h, 3);
    await stream.cancel();
  });
});

Deno.test("each update is encoded once and the bytes are shared by all clients", async () => {
  await withHub({}, async (hub, services) => {
    const readers = [hub.connect()!.getReader(), hub.connect()!.getReader()];
    // The first chunks are each client's own: retry, snapshot, status.
    for (const reader of readers) for (let i = 0; i < 3; i++) await reader.read();
    await services.feed.publish([chatUpdate(1), chatUpdate(2)]);
    const [a, b] = await Promise.all(readers.map((reader) => reader.read()));
    equal(a?.value, b?.value);
    equal(new TextDecoder().decode(a?.value).match(/event: update/g)?.length, 2);
    for (const reader of readers) await reader.cancel();
  });
});

Deno.test("snapshots asked for at about the same time are read once", async () => {
  await withHub({ tables: { chat_summary_minute: [chatRow(1)] } }, async (hub, services) => {
    const before = services.store.queries;
    const streams = Array.from({ length: 20 }, () => new StreamReader(hub.connect()!));
    await streams[0]!.take("snapshot");
    const oneRead = services.store.queries - before;
    for (const stream of streams.slice(1)) await stream.take("snapshot");
    equal(services.store.queries - before, oneRead);
    for (const stream of streams) await stream.cancel();
  });
});

Deno.test("an update published while the snapshot is being read follows it", async () => {
  await withHub({}, async (hub, services) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    services.store.delay = promise;
    const stream = new StreamReader(hub.connect()!);
    await services.feed.publish([chatUpdate(5)]);
    await systemClock.sleep(10);
    resolve();
    equal((await stream.take("snapshot", "update")).name, "snapshot");
    equal(updateOf(await stream.take("snapshot", "update")).revision, 5);
    await stream.cancel();
  });
});

Deno.test("a client that falls behind loses its place, is counted, and gets gap and a fresh snapshot", async () => {
  const note = "x".repeat(2_000);
  await withHub({ hub: { behindBytesMax: 100_000, flushDelayMs: 0 } }, async (hub, services) => {
    const slow = new StreamReader(hub.connect()!);
    await slow.take("snapshot");
    const fast = new StreamReader(hub.connect()!);
    await fast.take("snapshot");
    for (let revision = 1; revision <= 200; revision++) {
      const update = chatUpdate(revision);
      await services.feed.publish([{ ...update, values: { ...update.values, note } }]);
      equal((await fast.take("update")).data.revision, revision); // nobody waits for the slow one
    }
    equal(hub.counters.behind, 1);
    let event = await slow.take("update", "gap", "snapshot");
    let taken = 0;
    for (; event.name === "update"; taken++) event = await slow.take("update", "gap", "snapshot");
    ok(taken > 0 && taken < 200, `${taken} updates before the gap`);
    equal(event.name, "gap");
    const snapshot = await slow.take("snapshot");
    equal(snapshot.id, await services.feed.lastId());
    await services.feed.publish([chatUpdate(201)]);
    equal((await slow.take("update")).data.revision, 201);
    await Promise.all([slow.cancel(), fast.cancel()]);
    equal(hub.counters.clients, 0);
  });
});

Deno.test("a client that takes nothing for too long is closed and counted", async () => {
  await withHub({ hub: { statusMs: 5, stallMaxMs: 20 } }, async (hub, services) => {
    const body = hub.connect()!;
    await systemClock.sleep(5);
    const update = chatUpdate(1);
    await services.feed.publish([{ ...update, values: { note: "x".repeat(70_000) } }]);
    while (hub.counters.stalled === 0) await systemClock.sleep(5);
    equal(hub.counters.clients, 0);
    await body.cancel().catch(() => {});
  });
});

Deno.test("a feed that was lost for its hub gives every client gap and a snapshot", async () => {
  await withHub({ historyUpdatesMax: 3, hub: { flushDelayMs: 0 } }, async (hub, services) => {
    const stream = new StreamReader(hub.connect()!);
    await stream.take("snapshot");
    // More than the feed's history in one go: its subscriber cannot have read them.
    await services.feed.publish(Array.from({ length: 10 }, (_, i) => chatUpdate(i)));
    deepEqual(await stream.take("gap"), { name: "gap", id: null, data: {} });
    await stream.take("snapshot");
    await stream.cancel();
  });
});

Deno.test("more clients than the bound are refused with 503 and Retry-After", async () => {
  await withHub({ hub: { clientsMax: 1 } }, async (hub) => {
    const body = hub.connect()!;
    equal(hub.connect(), null);
    equal(hub.counters.refused, 1);
    await body.cancel();
    const again = hub.connect();
    ok(again !== null);
    await again.cancel();
  });
});

Deno.test("a store that fails ends the stream, so that the client comes again", async () => {
  await withHub({}, async (hub, services) => {
    services.store.failure = new Error("the store is away");
    const stream = new StreamReader(hub.connect()!);
    equal((await stream.next())?.name, "retry");
    equal(await stream.next(), null);
    deepEqual([hub.counters.storeFailures, hub.counters.failure], [1, "the store is away"]);
    services.store.failure = null;
    const second = new StreamReader(hub.connect()!);
    await second.take("snapshot");
    await second.cancel();
  });
});

Deno.test("closing the hub ends its streams and lets nobody in", async () => {
  await withHub({}, async (hub) => {
    const stream = new StreamReader(hub.connect()!);
    await stream.take("snapshot");
    await hub[Symbol.asyncDispose]();
    equal((await stream.next())?.name, "status");
    equal(await stream.next(), null);
    equal(hub.connect(), null);
  });
});

Deno.test("a stream that is asked for while the stores open is refused with 503 and Retry-After: 1", async () => {
  const res = await (await appOver(undefined)).handler()(new Request(url()));
  deepEqual([res.status, res.headers.get("retry-after")], [503, "1"]);
  equal((await res.json()).error.status, 503);
});
