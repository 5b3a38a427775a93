import assert from "node:assert/strict";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { minutes, seconds } from "../../core/time.ts";
import { sliding, tumbling } from "../../core/window.ts";
import { zScore } from "../../processor/detectors/mod.ts";
import { count, distinct, errorOf, topK } from "../../processor/metrics/mod.ts";
import { pipeline, type PipelineDefinition } from "../../processor/pipeline.ts";
import { Engine } from "../support/engine_kit.ts";
import { MemoryLiveFeed } from "../support/memory_ports.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";

const good: PipelineDefinition<ChatEvent> = {
  name: "chat_by_five",
  contract: chatEvents,
  key: "stream_id",
  window: tumbling({ sizeMs: minutes(5) }),
  metrics: { messages: count(), users: distinct((event) => event.user_id) },
  table: "chat_rows",
};

const make = (change: Partial<PipelineDefinition<ChatEvent>> = {}) => pipeline({ ...good, ...change });

Deno.test("what a definition leaves out is completed: patience, owner, table", () => {
  const made = make({ constants: { interval: "5m" } });
  assert.equal(made.outOfOrdernessMs, seconds(2));
  assert.equal(made.allowedLatenessMs, minutes(2));
  assert.deepEqual(made.metricNames, ["messages", "users"]);
  assert.deepEqual(made.table, {
    table: "chat_rows",
    owner: "chat_by_five",
    key: [
      { name: "stream_id", type: "text" },
      { name: "interval", type: "text" },
      { name: "window_start", type: "timestamptz" },
    ],
    columns: [
      { name: "window_end", type: "timestamptz" },
      { name: "messages", type: "bigint" },
      { name: "users", type: "bigint" },
    ],
  });
  assert.equal(make({ family: "chats" }).table.owner, "chats");
});

const bad: readonly [what: string, change: Partial<PipelineDefinition<ChatEvent>>, words: RegExp][] = [
  ["a name with capitals", { name: "Chat" }, /"Chat" must be lower-case letters/],
  ["a name that begins with a digit", { name: "5m" }, /"5m" must be/],
  ["no name", { name: "" }, /"" must be/],
  ["a family with a dash", { family: "by-five" }, /"by-five" must be/],
  ["a metric of the name of another column", { metrics: { window_end: count() } }, /"window_end" is there already/],
  ["a metric named like bookkeeping", { metrics: { chat_revision: count() } }, /"chat_revision" ends like the/],
  ["a derived column of no metric", { metrics: { error: errorOf(count()) } }, /"error" is derived of a metric that is/],
  ["a metric that is no column name", { metrics: { "n; drop": count() } }, /"n; drop" must be/],
  ["a constant that is no column name", { constants: { "a b": "x" } }, /"a b" must be/],
  [
    "a key that does not partition the topic",
    { key: "user_id" },
    /"user_id" does not hold "stream_id".*key it by that field, or set rekey: true$/,
  ],
  [
    "a key that is no column name",
    { key: "User-Id" as "user_id", rekey: true },
    /"User-Id" names a column and a topic/,
  ],
  [
    "a detector of no metric of its own",
    { detect: [zScore("viewers", { threshold: 3 })] },
    /z_score\(viewers\) looks at "viewers"/,
  ],
  [
    "two detectors of one name",
    { detect: [zScore("messages", { threshold: 3 }), zScore("messages", { threshold: 4 })] },
    /two detectors have the same name/,
  ],
];

Deno.test("with rekey: true any field is a key: read by a topic and windows of its own", () => {
  const made = make({ key: "user_id", rekey: true });
  assert.deepEqual([made.topic, made.windowsName, made.rekeyed], [
    "internal.rekey.events.chat.user_id",
    "chat_by_five@user_id",
    true,
  ]);
  assert.equal(made.table.key[0]?.name, "user_id");
  const plain = make();
  assert.deepEqual([plain.topic, plain.windowsName, plain.rekeyed], ["events.chat", "chat_by_five", false]);
});

Deno.test("a definition that cannot work is refused with the pipeline's name, the fault and the fix", () => {
  for (const [what, change, words] of bad) {
    const name = change.name ?? good.name;
    assert.throws(() => make(change), (error: Error) => {
      assert.ok(error instanceof TypeError, what);
      assert.ok(error.message.startsWith(`Cannot make pipeline "${name}": `), error.message);
      assert.match(error.message, words);
      return true;
    }, what);
  }
});

Deno.test("whatever decides a row's value changes the definition, and nothing else does", () => {
  const { definition } = make();
  const changing: Partial<PipelineDefinition<ChatEvent>>[] = [
    { window: tumbling({ sizeMs: minutes(1) }) },
    { window: sliding({ sizeMs: minutes(5), slideMs: minutes(1) }) },
    { outOfOrdernessMs: 1 },
    { allowedLatenessMs: 1 },
    { metrics: { messages: count() } },
    { metrics: { messages: count(), users: count() } },
    { metrics: { messages: count(), chatters: distinct((event) => event.user_id) } },
    { metrics: { messages: count(), users: { ...distinct<ChatEvent>((event) => event.user_id), version: 2 } } },
    { metrics: { ...good.metrics, top: topK((event) => event.emotes, 5, { as: "emote" }) } },
  ];
  for (const change of changing) assert.notEqual(make(change).definition, definition, JSON.stringify(change));
  const keeping: Partial<PipelineDefinition<ChatEvent>>[] = [
    { name: "other" },
    { detect: [zScore("messages", { threshold: 3 })] },
    { family: "chats" },
  ];
  for (const change of keeping) assert.equal(make(change).definition, definition, JSON.stringify(change));
  const five = make({ metrics: { top: topK((event) => event.emotes, 5, { as: "emote" }) } });
  const six = make({ metrics: { top: topK((event) => event.emotes, 6, { as: "emote" }) } });
  assert.notEqual(five.definition, six.definition, "a metric's parameters count");
});

Deno.test("a derived column shows beside its metric in rows and live updates, and detectors cannot look at it", async () => {
  const chatters = distinct<ChatEvent>((event) => event.user_id, { exactMax: 2 });
  const metrics = { users: chatters, users_error: errorOf(chatters) };
  const made = make({ name: "counting", table: "counting_rows", metrics, window: tumbling({ sizeMs: minutes(1) }) });
  assert.deepEqual(made.metricNames, ["users"]);
  assert.deepEqual(made.table.columns.slice(1), [
    { name: "users", type: "bigint" },
    { name: "users_error", type: "double precision" },
  ]);
  const engine = await Engine.open();
  await engine.send({ at: 1, user: "a" }, { at: 2, user: "b" }, { at: 100, user: "a" }, { at: 101, user: "b" });
  await engine.send({ at: 102, user: "c" });
  const liveFeed = new MemoryLiveFeed();
  await engine.process([made], { drains: true, liveFeed });
  const { rows } = await engine.ports.summaryStore.query({ table: "counting_rows" });
  assert.deepEqual(rows.map((row) => row.slice(3)), [[2, null], [3, 1.04 / 128]]);
  const [live] = liveFeed.published.filter(({ window_start }) => window_start.includes("12:00"));
  assert.deepEqual([live!.values.users, live!.values.users_error], [2, null]);
  assert.throws(() => make({ metrics, detect: [zScore("users_error", { threshold: 3 })] }), /none of its metrics/);
});

Deno.test("the pipelines that run have names of their own, and those of one table fill different rows", () => {
  const names = pipelines.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  const places = pipelines.map(({ table, constants }) => JSON.stringify([table.table, table.owner, constants]));
  assert.equal(new Set(places).size, places.length);
});
