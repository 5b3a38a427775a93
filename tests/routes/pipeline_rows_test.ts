/**
 * What follows from a pipeline's line in the list: its rows under /api/v1, its tile on the overview, its channel.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { minutes } from "../../core/time.ts";
import { session, tumbling } from "../../core/window.ts";
import { count, distinct, topK } from "../../processor/metrics/mod.ts";
import { pipeline, type PipelineDefinition } from "../../processor/pipeline.ts";
import { infoOf } from "../../processor/pipeline_info.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { parseRowsRequest } from "../../routes/(_lib)/api_rows.ts";
import { TileShelf } from "../../routes/(_lib)/tile_shelf.ts";
import { overviewChannels } from "../../routes/(_lib)/recent.ts";
import type { Services } from "../../routes/(_lib)/state.ts";
import { appOver, candleRow, chatRow, memoryServices, withServices } from "./support.ts";

const infos = pipelines.map(infoOf);

async function ask(services: Services | undefined, path: string) {
  const app = await appOver(services);
  const res = await app.handler()(new Request(`http://localhost${path}`));
  return { status: res.status, json: await res.json() };
}

const tables = {
  chat_summary_minute: [-20, -10, 0].map((endS) => chatRow(100 - endS, { endS })),
  market_candles: [candleRow("1", { endS: -60 }), { ...candleRow("2"), interval: "1m" }, candleRow("3")],
};

Deno.test("/api/v1/<pipeline> gives its newest rows by name, ascending, and those of its constants only", async () => {
  await withServices({ tables, pipelines: infos }, async (services) => {
    const chat = await ask(services, "/api/v1/chat?limit=2");
    equal(chat.status, 200);
    deepEqual([chat.json.pipeline, chat.json.table], ["chat", "chat_summary_minute"]);
    deepEqual(chat.json.rows.map((row: Record<string, unknown>) => [row.window_start, row.chat_count]), [
      ["2024-08-08T11:58:50.000Z", 110],
      ["2024-08-08T11:59:00.000Z", 100],
    ]);
    const closes = async (path: string) =>
      (await ask(services, path)).json.rows.map((row: Record<string, unknown>) => row.close);
    deepEqual(await closes("/api/v1/candles_1m"), ["2"]);
    deepEqual(await closes("/api/v1/market_candles"), ["1", "2", "3"]);
    deepEqual(await closes("/api/v1/candles_1s?key=ETHUSDT"), []);
    deepEqual(await closes("/api/v1/candles_1s?to=2024-08-08T11:59:30Z"), ["1"]);
  });
});

Deno.test("a request that cannot be read is refused by name, and what is not there with what is", async () => {
  await withServices({ tables, pipelines: infos }, async (services) => {
    const missing = await ask(services, "/api/v1/nothing");
    equal(missing.status, 404);
    match(missing.json.error.message, /no pipeline, table or view "nothing"; there are chat, chat_sessions, /);
    const refused = await ask(services, "/api/v1/chat?limit=0");
    equal(refused.status, 400);
    match(refused.json.error.message, /^Cannot read chat: limit is "0", not a whole number from 1 to 10000$/);
  });
  equal((await ask(undefined, "/api/v1/chat")).status, 503);
});

Deno.test("key, from, to and limit are read, and anything else is told", () => {
  const parsed = (query: string) => parseRowsRequest(new URLSearchParams(query));
  deepEqual(parsed(""), { last: 100 });
  deepEqual(parsed("key=a%20b&from=1723118400000&to=2024-08-08T12:00:01Z&limit=10000"), {
    key: "a b",
    fromMs: 1_723_118_400_000,
    toMs: 1_723_118_401_000,
    last: 10_000,
  });
  const wrong: readonly [query: string, words: RegExp][] = [
    ["offset=1", /"offset" is not one of key, from, to, limit/],
    ["from=yesterday", /from is "yesterday", neither a time/],
    ["to=1e99", /to is "1e99"/],
    ["limit=10001", /limit is "10001"/],
    ["limit=-1", /limit is "-1"/],
    ["limit=1.5", /limit is "1.5"/],
    [`key=${"x".repeat(1_001)}`, /key is longer/],
    ["key=a%00b", /key holds U\+0000/],
  ];
  for (const [query, words] of wrong) match(String(parsed(query)), words);
});

const make = (change: Partial<PipelineDefinition<ChatEvent>> = {}) =>
  infoOf(pipeline<ChatEvent>({
    name: "busy_streams",
    contract: chatEvents,
    key: "stream_id",
    window: tumbling({ sizeMs: minutes(1) }),
    metrics: { top: topK((event) => event.emotes, 1, { as: "emote" }), messages: count(), people: distinct(() => "") },
    table: "busy_streams",
    ...change,
  }));

Deno.test("a pipeline without a chart has a tile: its first number under its name, or what it says", () => {
  deepEqual(make().tile, { title: "Busy streams", metric: "messages", over: "sum" });
  const tile = { title: "People", metric: "people", over: "max" } as const;
  deepEqual(make({ tile }).tile, tile);
  deepEqual(make({ tile: { over: "mean" } }).tile, { title: "Busy streams", metric: "messages", over: "mean" });
  equal(make({ tile: null }).tile, null);
  equal(make({ metrics: { top: topK((event) => event.emotes, 1, { as: "emote" }) } }).tile, null);
  const services = memoryServices({ pipelines: [...infos, make(), make({ name: "quiet", tile: null })] });
  const own = overviewChannels(services).filter((name) => !["chat", "candles_1s", "candles_1m"].includes(name));
  deepEqual(own, ["anomalies", "moments", "chat_sessions", "viewers", "transactions", "quality", "busy_streams"]);
});

Deno.test("a tile shows the newest complete window over all keys; that of sessions the newest of each key", () => {
  const shelf = new TileShelf();
  shelf.define([make(), make({ name: "visits", window: session({ gapMs: minutes(5) }), tile: { over: "max" } })]);
  const at = (minute: number) => `2024-08-08T12:${String(minute).padStart(2, "0")}:00.000Z`;
  const put = (channel: string, key: string, [start, end]: readonly [number, number], messages: unknown) =>
    shelf.apply({ channel, key, window_start: at(start), revision: 1, values: { window_end: at(end), messages } });
  deepEqual(shelf.shown().map(({ value }) => value), [null, null]);
  put("busy_streams", "a", [0, 1], 3);
  put("busy_streams", "b", [0, 1], "4.5");
  put("busy_streams", "a", [1, 2], 100);
  put("visits", "a", [0, 9], 7);
  put("visits", "a", [0, 12], 8);
  put("visits", "b", [3, 9], 5);
  equal(put("busy_streams", "a", [2, 3], null), false);
  equal(put("chat", "a", [2, 3], 1), false);
  deepEqual(shelf.shown(), [
    { name: "busy_streams", title: "Busy streams", value: 7.5, keys: 2, toMs: Date.parse(at(1)) },
    { name: "visits", title: "Visits", value: 8, keys: 2, toMs: null },
  ]);
  const copy = new TileShelf();
  copy.putSeeds(JSON.parse(JSON.stringify(shelf.toSeeds())));
  deepEqual(copy.shown(), shelf.shown());
  shelf.clear();
  deepEqual(shelf.shown().map(({ value }) => value), [null, null]);
});

Deno.test("the overview has the tile on the server, from the newest rows of the pipeline's table", async () => {
  const tile = { title: "By minute", metric: "chat_count", over: "sum" } as const;
  const own = { ...make({ name: "by_minute" }), table: "chat_summary_minute", tile };
  const rows = [-180, -60, 0].map((endS) => chatRow(100 - endS, { endS }));
  const charted = infos.filter(({ name }) => name === "chat");
  for (
    const [shown, words] of [[rows, "160 of 1, to 11:59:00 UTC"], [rows.slice(2), "100 of 1, to 12:00:00 UTC"]] as const
  ) {
    const services = { tables: { chat_summary_minute: [...shown] }, pipelines: [...charted, own] };
    await withServices(services, async (services) => {
      const app = await appOver(services);
      const html = await (await app.handler()(new Request("http://localhost/"))).text();
      const text = html.replace(/<script[^>]*>.*?<\/script>/gs, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
      match(text, new RegExp(`By minute ${words}`));
      ok(!text.includes("Messages in sessions"));
    });
  }
});

Deno.test("/metrics counts what enrichers could not score, by pipeline and partition", async () => {
  await withServices({ pipelines: infos }, async (services) => {
    const counts = { in: 9, accepted: 9, dead: 0, late: 0, late_partial: 0, duplicate: 0, windows: 2 };
    const row = { nextOffset: 9, watermarkMs: 0, eventTimeMsMax: 0, idleWatermarkMs: null, rebuildOffset: 0, seqs: [] };
    const log = { frozenEndMs: null, partialStartMs: null, witness: null, partitionCount: null };
    const progress = { ...row, ...log, topic: "events.chat", epoch: 1, incarnation: "", generation: 0, definition: "" };
    services.store.progressRows.push(
      { ...progress, pipeline: "chat", partition: 1, counts: { ...counts, unenriched: 4 } },
      { ...progress, pipeline: "chat_sessions", partition: 1, counts },
    );
    const app = await appOver(services);
    const text = await (await app.handler()(new Request("http://localhost/metrics"))).text();
    match(text, /^tidemark_pipeline_unenriched_total\{pipeline="chat",partition="1"\} 4$/m);
    match(text, /^tidemark_pipeline_unenriched_total\{pipeline="chat_sessions",partition="1"\} 0$/m);
    match(text, /^tidemark_pipeline_events_total\{pipeline="chat",partition="1",outcome="accepted"\} 9$/m);
  });
});
