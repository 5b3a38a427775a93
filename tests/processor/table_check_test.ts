/**
 * Tables that do not fit their pipelines are refused with the migration that makes them fit.
 */
import assert from "node:assert/strict";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import { openPgliteSession } from "../../adapters/summary_store_pglite.ts";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { UserError } from "../../core/errors.ts";
import { minutes } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { count, distinct, meanOf, topK } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline, type PipelineDefinition } from "../../processor/pipeline.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { checkTables } from "../../processor/table_check.ts";

const make = (change: Partial<PipelineDefinition<ChatEvent>> = {}): Pipeline =>
  pipeline<ChatEvent>({
    name: "busy",
    contract: chatEvents,
    key: "stream_id",
    window: tumbling({ sizeMs: minutes(5) }),
    metrics: {
      messages: count(),
      length: meanOf((event) => event.message.length, { scale: 2 }),
      emotes: topK((event) => event.emotes, 3, { as: "emote" }),
    },
    table: "busy_rows",
    ...change,
  });

/** The refusal's cause, and the SQL of its fix. */
async function refusalOf(checked: Promise<void>): Promise<{ cause: string; sql: string }> {
  const error = await checked.then(() => null, (error) => error);
  assert.ok(error instanceof UserError, String(error));
  return { cause: error.message, sql: error.fix.slice(error.fix.indexOf("\n\n") + 2) };
}

Deno.test("tables are refused with the migration that mends them, and that migration does", async (t) => {
  const dataDir = await Deno.makeTempDir({ prefix: "tidemark-test-" });
  const session = await openPgliteSession({ dataDir });
  await using store = createSqlSummaryStore(session);
  await store.migrate();

  /** Refused, mended by its own SQL, then accepted. */
  async function mends(list: readonly Pipeline[], cause: RegExp, sql: RegExp): Promise<void> {
    const refusal = await refusalOf(checkTables(list, store));
    assert.match(refusal.cause, cause);
    assert.match(refusal.sql, sql);
    for (const statement of refusal.sql.split(";").filter((text) => text.trim() !== "")) await session.query(statement);
    await checkTables(list, store);
  }

  await t.step("the pipelines that run have their tables", () => checkTables(pipelines, store));
  await t.step("a table that is missing", () =>
    mends(
      [make({ constants: { interval: "5m" }, table: "by_interval" })],
      /busy: there is no table by_interval$/,
      /^CREATE TABLE "by_interval" \(\n {2}"stream_id" text COLLATE "C" NOT NULL,\n {2}"interval" text/,
    ));
  await t.step("one table of two owners", () =>
    mends(
      [make(), make({ name: "people", metrics: { people: distinct((event) => event.user_id) } })],
      /busy, people: there is no table busy_rows/,
      /"people" bigint,\n.*"busy_generation" integer,\n.*"busy_revision" bigint,\n.*"people_generation"/,
    ));
  await t.step(
    "a metric that came later",
    () => mends([make({ metrics: { more: count() } })], /busy_rows has no column more/, /ADD COLUMN "more" bigint;$/),
  );
  await t.step("a metric of another type", () =>
    mends(
      [make({ metrics: { messages: meanOf(() => 1, { scale: 0 }) } })],
      /column messages of busy_rows is bigint, not numeric/,
      /ALTER COLUMN "messages" TYPE numeric/,
    ));
  await t.step("another key", () =>
    mends(
      [make({ constants: { kind: "x" }, metrics: { more: count() } })],
      /busy_rows has no column kind; busy: the key of busy_rows is stream_id, window_start, not stream_id, kind, win/,
      /ADD PRIMARY KEY \("stream_id", "kind", "window_start"\)/,
    ));
  await t.step("two owners of one column are refused: no migration mends that", async () => {
    const list = [make({ table: "shared_rows" }), make({ name: "other", table: "shared_rows" })];
    const refusal = await refusalOf(checkTables(list, store));
    assert.match(refusal.cause, /other: column messages of shared_rows is filled by busy as well/);
  });
  await Deno.remove(dataDir, { recursive: true }).catch(() => {});
});
