/**
 * Joins by row: pipelines of different topics own their columns of one row, keyed by stream and window; ratios over them
 * are a view; an owner that starts anew, or whose session is superseded, leaves the others' columns alone.
 */
import assert from "node:assert/strict";
import { openPgliteSession } from "../../adapters/summary_store_pglite.ts";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { type ViewerEvent, viewerEvents } from "../../core/events/viewer.ts";
import { UserError } from "../../core/errors.ts";
import { formatTime, minutes, seconds } from "../../core/time.ts";
import { session, tumbling, type WindowSpec } from "../../core/window.ts";
import { count, maxOf, meanOf, sumOf } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline } from "../../processor/pipeline.ts";
import { Processor } from "../../processor/processor.ts";
import { checkTables } from "../../processor/table_check.ts";
import { chatValue, noonMs } from "../support/engine_kit.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { memoryPorts } from "../support/memory_ports.ts";

const minute = tumbling({ sizeMs: minutes(1) });
const talks = session({ gapMs: seconds(30) });
const patience = { outOfOrdernessMs: 0, allowedLatenessMs: minutes(10) };

const chatOwner = (table: string, window: WindowSpec = minute): Pipeline =>
  pipeline<ChatEvent>({
    name: `${table}_chat`,
    contract: chatEvents,
    key: "stream_id",
    window,
    ...patience,
    metrics: { messages: count() },
    table,
  });

const viewerOwner = (table: string, scale = 0): Pipeline =>
  pipeline<ViewerEvent>({
    name: `${table}_viewers`,
    contract: viewerEvents,
    key: "stream_id",
    window: minute,
    ...patience,
    metrics: { viewers: meanOf((event) => event.viewer_count, { scale }) },
    table,
  });

const lengthOwner = (table: string): Pipeline =>
  pipeline<ChatEvent>({
    name: `${table}_lengths`,
    contract: chatEvents,
    key: "stream_id",
    window: talks,
    ...patience,
    metrics: {
      longest: maxOf((event) => event.message.length, { scale: 0 }),
      letters: sumOf((event) => event.message.length, { scale: 0 }),
    },
    table,
  });

const viewersAt = (at: number, viewer_count: number) => ({
  event_id: `v${at}`,
  timestamp: formatTime(noonMs + seconds(at)),
  source: "test",
  stream_id: "a",
  viewer_count,
});

Deno.test("window joins by row on a store in SQL", async (t) => {
  const dataDir = await Deno.makeTempDir({ prefix: "tidemark-test-" });
  const sql = await openPgliteSession({ dataDir });
  await using store = createSqlSummaryStore(sql);
  await store.migrate();
  const clock = new ManualClock(noonMs + minutes(5));
  const ports = { ...memoryPorts(clock), summaryStore: store };
  const topics = [chatEvents.topic, viewerEvents.topic, ...Object.values(derivedTopics)];
  await ports.log.ensureTopics(topics.map((topic) => ({ topic, partitions: 1 })));

  const send = (topic: string, values: readonly object[]) =>
    ports.log.append({
      writes: [{
        topic,
        records: values.map((value) => ({
          key: "a",
          value: JSON.stringify(value),
          instance: null,
          seq: 0,
          runId: null,
        })),
      }],
    });
  /** Makes the tables that the pipelines ask for, processes what is in the log, and drains. */
  const run = async (pipelines: readonly Pipeline[]) => {
    await checkTables(pipelines, store).catch(async (error) => {
      assert.ok(error instanceof UserError, String(error));
      const text = error.fix.slice(error.fix.indexOf("\n\n"));
      for (const statement of text.split(";").filter((one) => one.trim() !== "")) await sql.query(statement);
    });
    const stop = new AbortController();
    const processor = new Processor(ports, { pipelines, liveFeed: null, idleTimeoutMs: null });
    const running = processor.run(stop.signal);
    await Promise.race([processor.drain(), running]);
    stop.abort();
    await running;
  };
  const rowsOf = async (table: string, ...names: string[]) => {
    const { columns, rows } = await store.query({ table });
    const places = ["window_start", ...names].map((name) => columns.findIndex((column) => column.name === name));
    return rows.map((row) => places.map((place, i) => i === 0 ? (Number(row[place]) - noonMs) / 1000 : row[place]));
  };

  await send(chatEvents.topic, [1, 2, 3, 61].map((at) => chatValue({ at })));
  await send(viewerEvents.topic, [viewersAt(5, 100), viewersAt(6, 101), viewersAt(125, 80)]);
  const owners = [chatOwner("joined"), viewerOwner("joined")];

  await t.step("each owner fills its columns; a window that only one has is there with the others' empty", async () => {
    await run(owners);
    assert.deepEqual(await rowsOf("joined", "messages", "viewers"), [[0, 3, "100"], [60, 1, null], [120, null, "80"]]);
  });

  await t.step("a ratio of two owners is a view, read like a table", async () => {
    await sql.query(`CREATE VIEW joined_rates AS SELECT stream_id, window_start,
      round(messages / nullif(viewers, 0), 3) AS messages_per_viewer FROM joined`);
    assert.deepEqual(await rowsOf("joined_rates", "messages_per_viewer"), [[0, "0.030"], [60, null], [120, null]]);
  });

  await t.step("an owner that starts anew replaces its own columns, by its own generation", async () => {
    await run([owners[0]!, viewerOwner("joined", 1)]);
    const shown = await rowsOf("joined", "messages", "viewers", "joined_chat_generation", "joined_viewers_generation");
    assert.deepEqual(shown, [[0, 3, "100.5", 0, 1], [60, 1, null, 0, null], [120, null, "80", null, 1]]);
  });

  await t.step("a superseded session goes when its last owner has let go, and no sooner", async () => {
    await run([chatOwner("talks", talks), lengthOwner("talks")]);
    assert.deepEqual(await rowsOf("talks", "messages", "letters"), [[1, 3, "0"], [61, 1, "0"]]);
    await send(chatEvents.topic, [chatValue({ at: 32, fields: { message: "bridge" } })]);
    await run([chatOwner("talks", talks)]);
    assert.deepEqual(
      await rowsOf("talks", "messages", "letters"),
      [[1, 5, "0"], [61, null, "0"]],
      "one owner has moved on",
    );
    await run([chatOwner("talks", talks), lengthOwner("talks")]);
    assert.deepEqual(await rowsOf("talks", "messages", "letters"), [[1, 5, "6"]]);
  });
  await Deno.remove(dataDir, { recursive: true }).catch(() => {});
});
