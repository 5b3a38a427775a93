/**
 * Two recorded chats that overlap by five hours, replayed together: each minute of each stream counted as a recount counts
 * it, and moments where a reader of the log finds one.
 */
import assert from "node:assert/strict";
import { sharedDataTest, sharedPath } from "../ingest/shared_data.ts";
import { gunzipText } from "../support/recount.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { lastJson, tidemarkOk } from "../support/tidemark.ts";

const FILES = [
  "chat/vod_overlap_a_arcsystemworksu_0509206174.csv.gz",
  "chat/vod_overlap_b_patstaresat_0509268120.csv.gz",
];

interface Window {
  readonly count: number;
  readonly users: number;
}

/** `stream start` with messages and people of each sliding minute that holds any, by plain means. */
function recount(files: readonly string[]): Map<string, Window> {
  const windows = new Map<string, { count: number; users: Set<string> }>();
  for (const line of files.flatMap((text) => text.split("\n").slice(1))) {
    const [, time, channel, user] = /^([^,]*),[^,]*,([^,]*),[^,]*,[^,]*,([^,]*),/.exec(line) ?? [];
    if (time === undefined) continue;
    const timeMs = Date.parse(time);
    for (let startMs = timeMs - timeMs % 10_000; startMs > timeMs - 60_000; startMs -= 10_000) {
      const key = `${channel} ${new Date(startMs).toISOString()}`;
      const window = windows.get(key) ?? { count: 0, users: new Set() };
      windows.set(key, window);
      window.count++;
      window.users.add(user!);
    }
  }
  return new Map([...windows].map(([key, { count, users }]) => [key, { count, users: users.size }]));
}

type Row = Readonly<Record<string, unknown>>;

sharedDataTest(
  "two overlapping chats give the counts of a recount, and moments of many more messages than usual",
  FILES,
  () =>
    inTempFolder(async (folder) => {
      const mapping = ["timestamp=ts_utc", "stream_id=channel", "user_id=user"].flatMap((map) => ["--map", map]);
      const call = [
        "replay",
        ...FILES.map(sharedPath),
        "--source",
        "chat",
        ...mapping,
        "--speed",
        "max",
        "--drain",
        "--json",
      ];
      const counts = lastJson(await tidemarkOk([...call, "--data-dir", `${folder}/data`]));
      assert.deepEqual([counts.read, counts.accepted, counts.late], [34_533, 34_533, 0]);
      const exported = async (table: string): Promise<Row[]> => {
        const path = `${folder}/${table}.json`;
        await tidemarkOk(["export", table, "--format", "json", "--to", path, "--data-dir", `${folder}/data`]);
        return JSON.parse(await Deno.readTextFile(path));
      };

      const expected = recount(await Promise.all(FILES.map((file) => gunzipText(sharedPath(file)))));
      const rows = await exported("chat_summary_minute");
      const found = new Map(rows.map((row) => [
        `${row.stream_id} ${row.window_start}`,
        { count: Number(row.chat_count), users: Number(row.unique_chatters) },
      ]));
      assert.equal(found.size, rows.length);
      assert.deepEqual(new Map([...found].sort()), new Map([...expected].sort()));

      const moments = (await exported("moments")).filter(({ status, kind }) => status === "active" && kind === "chat");
      assert.ok(moments.length >= 40 && moments.length <= 100, `${moments.length} moments in 17 hours of chat`);
      for (const { key, window_start, window_end, peak_at, baseline, moment_id } of moments) {
        const [startMs, endMs] = [window_start, window_end].map((text) => Date.parse(String(text))) as [number, number];
        assert.ok(startMs < endMs && window_start! <= peak_at! && peak_at! <= window_end!, String(moment_id));
        // Some minute about it holds twice as much as was usual.
        const about = Array.from(
          { length: (endMs - startMs) / 10_000 + 12 },
          (_, i) => expected.get(`${key} ${new Date(startMs - 60_000 + i * 10_000).toISOString()}`)?.count ?? 0,
        );
        assert.ok(Math.max(...about) >= 2 * Number(baseline), `${moment_id}: ${about} against ${baseline}`);
      }
      const spans = moments.map(({ key, window_start, window_end }) => [key, window_start, window_end].map(String))
        .sort();
      spans.forEach(([key, start], i) => {
        const before = spans[i - 1];
        assert.ok(before?.[0] !== key || before![2]! <= start!, `${key} ${start} begins within another`);
      });
      // The minutes in which most was written, as a multiple of the half hour before: nobody would leave these out.
      const highest = (stream: string, time: string) =>
        moments.some(({ key, window_start, window_end }) =>
          key === stream && String(window_start) <= time && time <= String(window_end)
        );
      assert.ok(
        highest("arcsystemworksu", "2019-11-16T21:18:50.000Z"),
        "PJSalt 52 times, most of them in three messages",
      );
      assert.ok(highest("arcsystemworksu", "2019-11-17T04:11:20.000Z"), "40 times BibleThump");
      assert.ok(highest("patstaresat", "2019-11-17T00:09:10.000Z"), "144 messages against 25");
    }),
);
