import { deepEqual, equal, match } from "node:assert/strict";
import type { LiveUpdate } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import { mergeMoments } from "../../routes/(_lib)/merged_moments.ts";
import { LiveStore } from "../../routes/(_lib)/live_store.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { StreamReader } from "./stream_reader.ts";
import { appOver, momentRow, withHub, withServices } from "./support.ts";

const noonMs = Date.UTC(2024, 7, 8, 12);

/** A moment as the feed tells it: without what was around it. */
function momentUpdate(id: string, { atS = 0, revision = 8, values = {} } = {}): LiveUpdate {
  const startMs = noonMs + atS * 1_000;
  return {
    channel: "moments",
    key: "demo_stream",
    window_start: formatTime(startMs),
    revision,
    values: {
      moment_id: id,
      kind: "chat",
      metric: "chat_count",
      peak_at: formatTime(startMs + 10_000),
      window_end: formatTime(startMs + 40_000),
      value: 150,
      intensity: 5,
      status: "active",
      explanation: "150 is 12 standard deviations above the mean of 30",
      happened: { top_emotes: [] },
      ...values,
    },
  };
}

const words = (html: string) =>
  html.replace(/<script[^>]*>.*?<\/script>/gs, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

Deno.test("the overview lists events: a peak of chat and one of viewers are one, with what was around them", async () => {
  const viewers = { viewers_after: "150", intensity: 2, explanation: "300 is 5 standard deviations above" };
  const tables = {
    moment_context: [
      momentRow("c"),
      momentRow("v", { kind: "viewers", atS: 20, more: viewers }),
      momentRow("old", { atS: -600, more: { status: "retracted", explanation: "taken back" } }),
    ],
  };
  await withServices({ tables }, async (services) => {
    const res = await (await appOver(services)).handler()(new Request("http://localhost/"));
    const text = words(await res.text());
    match(text, /demo_stream chat viewers chat count: 120 is 9\.6 .* peak viewers: 300 is 5 standard deviations above/);
    match(text, /PogChamp 13 Viewers 100 → 150 \+50% USD 1\.5 → 6\.5 ×4 intensity 2024-08-08 12:00:00 for 50 s/);
    equal(text.includes("taken back"), false);
  });
});

Deno.test("moments come live, and what was around them follows when it is known", async () => {
  const clock = new ManualClock(noonMs);
  const tables = { moment_context: [momentRow("c")] };
  await withHub({ tables, clock, hub: { contextMs: 15_000, statusMs: 1_000 } }, async (hub, services) => {
    const stream = new StreamReader(hub.connect({ channels: ["moments"] })!);
    const store = new LiveStore();
    const shown = () =>
      mergeMoments(store.moments.items).map(({ intensity, context }) => [intensity, context?.viewersAfter ?? null]);
    const snapshot = await stream.take("snapshot");
    store.replace(snapshot.data.updates);
    deepEqual(shown(), [[4, null]]);
    await stream.take("status");

    await services.feed.publish([momentUpdate("c")]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    await clock.advance(1_000);
    store.apply((await stream.take("update")).data);
    deepEqual(shown(), [[5, null]]);
    equal(mergeMoments(store.moments.items)[0]?.context?.viewersBefore, 100, "what was known stays");

    services.store.tablesByName["moment_context"] = [
      momentRow("c", { more: { intensity: 5, viewers_after: "170", moment_revision: 8 } }),
    ];
    for (let second = 0; second < 20; second++) await clock.advance(1_000);
    let refreshed = await stream.take("refresh");
    if (!JSON.stringify(refreshed.data).includes("170")) refreshed = await stream.take("refresh");
    equal(refreshed.id, null, "it moves no client's place");
    for (const update of refreshed.data.updates) store.apply(update);
    deepEqual(shown(), [[5, 170]]);
    await stream.cancel();
  });
});

Deno.test("a moment that is taken back leaves the list, and an older revision does not bring it back", () => {
  const store = new LiveStore();
  store.apply(momentUpdate("c", { revision: 5 }));
  equal(mergeMoments(store.moments.items).length, 1);
  store.apply(momentUpdate("c", { revision: 9, values: { status: "retracted" } }));
  equal(mergeMoments(store.moments.items).length, 0);
  equal(store.apply(momentUpdate("c", { revision: 5 })), false);
  equal(mergeMoments(store.moments.items).length, 0);
});

Deno.test("what is not a moment is not listed, and the list is bounded", () => {
  const store = new LiveStore();
  equal(store.apply(momentUpdate("c", { values: { peak_at: "nonsense" } })), false);
  for (let i = 0; i < 300; i++) store.apply(momentUpdate(`m${i}`, { atS: i * 600 }));
  equal(store.moments.items.length, 100);
  equal(store.moments.items[0]?.id, "m299");
  equal(store.apply(momentUpdate("older", { atS: -600 })), false);
});

Deno.test("the rows of the view are an endpoint: /api/v1/moment_context", async () => {
  await withServices({ tables: { moment_context: [momentRow("c")] } }, async (services) => {
    const res = await (await appOver(services)).handler()(
      new Request("http://localhost/api/v1/moment_context?limit=5"),
    );
    const { rows } = await res.json();
    deepEqual([rows[0].moment_id, rows[0].window_start], ["c", "2024-08-08T12:00:00.000Z"]);
  });
});
