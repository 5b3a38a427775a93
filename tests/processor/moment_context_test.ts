/**
 * What viewers and money did around a moment, from the rows of the stream's minutes.
 *
 * ```
 *   11:55        12:00:00 – 12:00:30        12:05
 *     |·· before ··|■ moment ■|· after ·······|
 * ```
 */
import assert from "node:assert/strict";
import { openPgliteSession } from "../../adapters/summary_store_pglite.ts";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const usd = (amount: string, count = 1) =>
  `[{"type":"donation","currency":"USD","count":${count},"amount":"${amount}"}]`;

/** Start of a window of stream a, viewers, and what was given. */
const minutes: readonly (readonly [start: string, viewers: string | null, sums: string | null, from: string | null])[] =
  [
    ["11:54:00", "90", usd("1000"), null],
    ["11:57:00", null, usd("1.50"), null],
    ["11:57:10", null, usd("1.50"), null],
    ["11:59:00", "100", '[{"type":"bits","currency":"BITS","count":1,"amount":"50"}]', null],
    ["11:59:10", "400", null, "games"],
    ["12:00:00", "300", usd("2.50", 2), null],
    ["12:00:30", "150", null, null],
    ["12:04:00", "120", usd("4"), null],
    ["12:05:00", "110", usd("1000"), null],
  ];

Deno.test("viewers and revenue before and after a moment, each currency for itself, each amount once", () =>
  inTempFolder(async (dataDir) => {
    const sql = await openPgliteSession({ dataDir });
    await using store = createSqlSummaryStore(sql);
    await store.migrate();
    const text = (value: string | null) => value === null ? "NULL" : `'${value}'`;
    for (const stream of ["a", "b"]) {
      for (const [start, viewers, sums, from] of minutes) {
        await sql.query(`INSERT INTO stream_minute
          (stream_id, window_start, window_end, mean_viewers, transaction_sums, last_raid_from, raid_viewers)
          VALUES ('${stream}', '2024-01-01T${start}Z', '2024-01-01T${start}Z'::timestamptz + interval '1 minute',
            ${stream === "b" ? 1 : viewers}, ${text(sums)}, ${text(from)}, ${from === null ? null : 40})`);
      }
    }
    await sql.query(`INSERT INTO moments (moment_id, pipeline, detector, kind, metric, key, window_start, peak_at,
        window_end, value, baseline, score, status, explanation, happened)
      VALUES ('m', 'chat', 'peak(chat_count)', 'chat', 'chat_count', 'a', '2024-01-01T12:00:00Z', '2024-01-01T12:00:10Z',
        '2024-01-01T12:00:30Z', 60, 10, 5, 'active', 'much', '{}')`);
    const { columns, rows } = await store.query({ table: "moment_context" });
    assert.equal(rows.length, 1);
    const row = Object.fromEntries(columns.map(({ name }, i) => [name, rows[0]![i]]));
    assert.deepEqual(
      [row["viewers_before"], row["viewers_after"], row["viewers_change"]],
      ["100", "150", "50"],
      "the last window that ended before it began, the first that began when it had ended",
    );
    assert.deepEqual(row["revenue_before"], { USD: "1.5" }, "bits are no money");
    assert.deepEqual(row["revenue_after"], { USD: "6.5" });
    assert.deepEqual([row["announced_raid_from"], row["raid_viewers"]], ["games", "40"]);
  }));
