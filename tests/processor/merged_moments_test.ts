/**
 * Moments of one event, found by several pipelines, are one: in view `merged_moments` and on the dashboard alike.
 *
 * ```
 *   chat      |■■■|            |■|
 *   viewers     |■■■■|   60 s |         |■|
 *             └──── one ────────┘  > 60 s └ another one
 * ```
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { openPgliteSession } from "../../adapters/summary_store_pglite.ts";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import type { SummaryStore } from "../../core/ports.ts";
import type { SqlSession } from "../../adapters/summary_store_session.ts";
import { mergeMoments } from "../../routes/(_lib)/merged_moments.ts";
import { momentItemOf } from "../../routes/(_lib)/moment_shelf.ts";
import { findingUpdates } from "../../routes/(_lib)/row_updates.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const noonMs = Date.UTC(2024, 0, 1, 12);

interface Made {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  /** Seconds after noon. */
  readonly startS: number;
  readonly lengthS: number;
  readonly intensity: number | null;
  readonly status: "active" | "retracted";
}

const made = (id: string, startS: number, lengthS: number, more: Partial<Made> = {}): Made => (
  { id, key: "a", kind: "chat", startS, lengthS, intensity: 2, status: "active", ...more }
);

const sqlTime = (second: number) => `'${new Date(noonMs + second * 1_000).toISOString()}'`;

async function fill(sql: SqlSession, moments: readonly Made[]): Promise<void> {
  await sql.query("DELETE FROM moments");
  if (moments.length === 0) return;
  const rows = moments.map(({ id, key, kind, startS, lengthS, intensity, status }) =>
    `('${id}', '${kind}', 'peak(x)', '${kind}', 'x', '${key}', ${sqlTime(startS)}, ${sqlTime(startS + lengthS / 2)},
      ${sqlTime(startS + lengthS)}, 60, 10, 5, ${intensity ?? "NULL"}, '${status}', 'much', '{}', 1, 7)`
  );
  await sql.query(`INSERT INTO moments (moment_id, pipeline, detector, kind, metric, key, window_start, peak_at,
    window_end, value, baseline, score, intensity, status, explanation, happened, moment_generation, moment_revision)
    VALUES ${rows.join(", ")}`);
}

interface Event {
  readonly key: unknown;
  readonly startMs: unknown;
  readonly peakMs: unknown;
  readonly endMs: unknown;
  readonly intensity: unknown;
  readonly members: readonly string[];
}

const sorted = (events: readonly Event[]) => [...events].sort((a, b) => (a.members[0]! < b.members[0]! ? -1 : 1));

async function rowsOf(store: SummaryStore) {
  const { columns, rows } = await store.query({ table: "merged_moments" });
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}

async function byView(store: SummaryStore): Promise<Event[]> {
  return sorted((await rowsOf(store)).map((row) => ({
    key: row["stream_id"],
    startMs: row["window_start"],
    peakMs: row["peak_at"],
    endMs: row["window_end"],
    intensity: row["intensity"],
    members: (row["members"] as { moment_id: string }[]).map(({ moment_id }) => moment_id),
  })));
}

async function byDashboard(store: SummaryStore): Promise<Event[]> {
  const updates = findingUpdates(await store.query({ table: "moment_context" }), "moments");
  const items = updates.map(momentItemOf).filter((item) => item !== null);
  assert.equal(items.length, updates.length);
  return sorted(
    mergeMoments(items).map(({ key, startMs, peakMs, endMs, intensity, members }) => (
      { key, startMs, peakMs, endMs, intensity, members: members.map(({ id }) => id) }
    )),
  );
}

async function withTables(use: (sql: SqlSession, store: SummaryStore) => Promise<void>): Promise<void> {
  await inTempFolder(async (dataDir) => {
    const sql = await openPgliteSession({ dataDir });
    await using store = createSqlSummaryStore(sql);
    await store.migrate();
    await use(sql, store);
  });
}

const membersOf = async (store: SummaryStore) => (await byView(store)).map(({ members }) => members);

Deno.test("what overlaps or lies a minute apart in one stream is one moment; viewers and money are those around all", () =>
  withTables(async (sql, store) => {
    await fill(sql, [
      made("c1", 0, 30),
      made("v1", 20, 60, { kind: "viewers", intensity: 3 }),
      made("c2", 140, 10),
      made("c3", 211, 10),
      made("x1", 10, 10, { key: "b" }),
      made("gone", 150, 60, { status: "retracted" }),
    ]);
    assert.deepEqual(await membersOf(store), [["c1", "v1", "c2"], ["c3"], ["x1"]]);
    await sql.query(`INSERT INTO stream_minute (stream_id, window_start, window_end, mean_viewers, transaction_sums)
      SELECT 'a', ${sqlTime(0)}::timestamptz + n * interval '1 minute', ${
      sqlTime(0)
    }::timestamptz + (n + 1) * interval '1 minute',
        100 + n, '[{"type":"donation","currency":"USD","count":1,"amount":"1"}]' FROM generate_series(-10, 10) AS n`);
    const row = (await rowsOf(store)).find(({ window_start }) => window_start === noonMs)!;
    assert.deepEqual(row["kinds"], ["chat", "viewers"]);
    assert.deepEqual([row["intensity"], row["peak_at"]], [3, noonMs + 50_000], "of the strongest");
    assert.deepEqual([row["viewers_before"], row["viewers_after"], row["viewers_change"]], ["99", "103", "4"]);
    assert.deepEqual([row["revenue_before"], row["revenue_after"]], [{ USD: "5" }, { USD: "5" }]);
  }));

Deno.test("an event that is no more, and one that grows, change with the rows that they are made of", () =>
  withTables(async (sql, store) => {
    await fill(sql, [made("c1", 0, 30), made("v1", 20, 60), made("c2", 140, 10)]);
    assert.deepEqual(await membersOf(store), [["c1", "v1", "c2"]]);
    await sql.query("UPDATE moments SET status = 'retracted' WHERE moment_id = 'v1'");
    assert.deepEqual(await membersOf(store), [["c1"], ["c2"]]);
  }));

const anyMoment = fc.record({
  key: fc.constantFrom("a", "b"),
  kind: fc.constantFrom("chat", "viewers", "raid"),
  startS: fc.integer({ min: 0, max: 100 }).map((n) => n * 10),
  lengthS: fc.integer({ min: 1, max: 12 }).map((n) => n * 10),
  intensity: fc.option(fc.integer({ min: 1, max: 5 })),
  status: fc.constantFrom<Made["status"]>("active", "active", "active", "retracted"),
});

Deno.test("the dashboard joins what the view joins, whatever there is", () =>
  withTables(async (sql, store) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMoment, { maxLength: 25 }), async (moments) => {
        await fill(sql, moments.map((moment, i) => ({ id: `m${String(i).padStart(2, "0")}`, ...moment })));
        assert.deepEqual(await byDashboard(store), await byView(store));
      }),
      { seed: 7, numRuns: 40 },
    );
  }));
