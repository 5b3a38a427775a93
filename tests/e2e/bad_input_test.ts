/**
 * Bad lines among good ones: each is kept in topic `dead` with its reason and the place that it came from, none stops
 * the run or harms a neighbour, and the counts add up.
 */
import assert from "node:assert/strict";
import type { DeadLetter } from "../../core/events/derived.ts";
import { topicValues } from "../support/read_topic.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { exportedLines, lastJson, tidemarkOk } from "../support/tidemark.ts";

const JUNK_UNITS = 10_000_000;
const KEPT_UNITS = 4_096;

function event(id: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  const timestamp = new Date(Date.UTC(2024, 0, 1, 12, 0, id)).toISOString();
  const names = { stream_id: "demo", user_id: `u${id}`, username: "Ada" };
  return { event_id: `e${id}`, timestamp, source: "test", ...names, message: "hi", emotes: ["Kappa"], ...more };
}

const good = (id: number) => JSON.stringify(event(id));
const bad = (more: Record<string, unknown>) => JSON.stringify(event(0, more));
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

/** Every byte but the line feed, so that some are no UTF-8 and some are control characters. */
const rubbish = Uint8Array.from({ length: 255 }, (_, i) => (i < 10 ? i : i + 1));

/** A line, and what is expected of it: `good`, `blank`, or the reason and path of its dead letter. */
type Line = readonly [line: string | Uint8Array, expected: string, path?: string];

const lines: readonly Line[] = [
  [good(1), "good"],
  ["hello there", "not_json", ""],
  ['{"event_id":"cut of', "not_json", ""],
  [bad({ message: 5 }), "schema", "message"],
  [bad({ emotes: ["Kappa", null] }), "schema", "emotes.1"],
  [good(2) + "\r", "good"],
  [bad({ stream_id: undefined }), "schema", "stream_id"],
  [bad({ stream_id: "" }), "schema", "stream_id"],
  [good(3).replace('"hi"', "NaN"), "not_json", ""],
  ["", "blank"],
  [bad({ timestamp: "2099-01-01T00:00:00.000Z" }), "future", "timestamp"],
  [bad({ timestamp: "2024-01-01T12:00:00" }), "schema", "timestamp"],
  ["   \t", "blank"],
  ["x".repeat(JUNK_UNITS), "too_large", ""],
  [good(4), "good"],
  [nested(100_000), "schema", ""],
  // The text of the event stands as it came, so its depth does no harm.
  [good(5).replace("{", `{"deep":${nested(100_000)},`), "good"],
  // This one has to be written anew, since its time is not in the output form; its name "1" keeps V8 from a fast way
  // of writing that bears any depth.
  [
    JSON.stringify(event(6, { timestamp: 1_704_110_406_000, 1: "" })).replace(
      "{",
      `{"deep":${nested(100_000)},`,
    ),
    "too_deep",
    "",
  ],
  [rubbish, "not_json", ""],
  ["[1,2]", "schema", ""],
  ["null", "schema", ""],
  ["\r", "blank"],
  [JSON.stringify(event(7, { timestamp: "2024-01-01T14:00:07+02:00", extra: { kept: true } })), "good"],
];

/** Writes the lines, without a line break after the last one. */
async function writeLines(path: string, all: readonly Line[]): Promise<void> {
  const parts = all.flatMap(([line], i) => (i === 0 ? [line] : ["\n", line]));
  await Deno.writeFile(path, new Blob(parts as BlobPart[]).stream());
}

const withEnding = (all: readonly Line[], ending: string) => all.filter(([, expected]) => expected === ending).length;

/** Replays a file of such lines: the dead letters, the counts and the chat count of the one table row. */
async function outcomeOf(folder: string, file: string): Promise<{ dead: DeadLetter[]; counts: unknown; chat: string }> {
  const call = ["replay", `${folder}/${file}`, "--source", "chat", "--drain", "--json", "--data-dir", `${folder}/data`];
  const { read, accepted, dead, late, duplicate, ignored, ignored_kinds } = lastJson(await tidemarkOk(call));
  const rows = await exportedLines("chat_summary_minute", `${folder}/data`);
  const row = rows.find((line) => line.startsWith("demo,2024-01-01T12:00:00.000Z,"))?.split(",") ?? [];
  return {
    dead: await topicValues<DeadLetter>(`${folder}/data`, "dead"),
    counts: { read, accepted, dead, late, duplicate, ignored, ignored_kinds },
    chat: `${row[3]} by ${row[4]}`,
  };
}

function assertDead(found: readonly DeadLetter[], all: readonly Line[], file: string): void {
  const expected = all.flatMap(([, reason, path], i) =>
    path === undefined ? [] : [[`${file}:${i + 1}`, reason, path, "events.chat"]]
  );
  assert.deepEqual(found.map(({ origin, reason, path, topic }) => [origin, reason, path, topic]), expected);
  assert.equal(new Set(found.map(({ event_id }) => event_id)).size, found.length, "each has an id of its own");
  for (const { partition, offset, message } of found) {
    assert.deepEqual([partition, offset], [null, null], "it never had an offset");
    assert.ok(message.length > 5 && message.length < 500, message);
  }
}

Deno.test("bad lines of a JSONL file are dead one by one, with reason and origin, and the good ones are counted", () =>
  inTempFolder(async (folder) => {
    await writeLines(`${folder}/bad.jsonl`, lines);
    const { dead, counts, chat } = await outcomeOf(folder, "bad.jsonl");
    assertDead(dead, lines, "bad.jsonl");
    const [accepted, ignored] = [withEnding(lines, "good"), withEnding(lines, "blank")];
    assert.deepEqual(counts, {
      read: lines.length,
      accepted,
      dead: lines.length - accepted - ignored,
      late: 0,
      duplicate: 0,
      ignored,
      ignored_kinds: { blank: ignored },
    });
    assert.equal(chat, `${accepted} by ${accepted}`);
    const junk = dead.find(({ reason }) => reason === "too_large");
    assert.deepEqual([junk?.raw_length, junk?.raw], [JUNK_UNITS, "x".repeat(KEPT_UNITS)]);
  }));

const HEADER = "event_id,timestamp,source,stream_id,user_id,username,message,emotes";

/** Records of a CSV file below its header; the numbers of records, not of lines, are what dead letters name. */
const records: readonly Line[] = [
  ["e1,2024-01-01T12:00:01Z,test,demo,u1,Ada,hi,", "good"],
  ["e2,2024-01-01T12:00:02Z,test,demo", "schema", ""],
  ['e3,2024-01-01T12:00:03Z,test,demo,u3,Ada,"a ""quoted"",\r\nbroken line",Kappa LUL', "good"],
  ["e4,2024-01-01T12:00:04,test,demo,u4,Ada,hi,", "schema", "timestamp"],
  ["e5,2099-01-01T00:00:00Z,test,demo,u5,Ada,hi,", "future", "timestamp"],
  ["e6,1704110406000,test,demo,u6,Ada,hi,[]\r", "good"],
  ["", "blank"],
  ["e7,2024-01-01T12:00:07Z,test,,u7,Ada,hi,", "schema", "stream_id"],
  ['e8,2024-01-01T12:00:08Z,test,demo,u8,Ada,hi,"[""Kappa"", 5]"', "schema", "emotes.1"],
  ["e9,2024-01-01T12:00:09Z,test,demo,u9,Ada,hi,[Kappa", "schema", "emotes"],
  ['e10,2024-01-01T12:00:10Z,test,demo,u10,"Ada" L,hi,', "schema", ""],
  [new Uint8Array([0xff, 0xfe, 0x00, 0x01]), "schema", ""],
  ['e11,2024-01-01T12:00:11Z,test,demo,u11,Ada,"never closed,', "schema", ""],
  ["e12,2024-01-01T12:00:12Z,test,demo,u12,Ada,hi,Kappa", "good"],
];

Deno.test("bad records of a CSV file are dead one by one, and a quote that never closes costs its own line only", () =>
  inTempFolder(async (folder) => {
    await writeLines(`${folder}/bad.csv`, [[HEADER, "header"], ...records]);
    const { dead, counts, chat } = await outcomeOf(folder, "bad.csv");
    assertDead(dead, records, "bad.csv");
    const { read, accepted, ignored } = counts as Record<string, number>;
    assert.deepEqual([read, accepted, ignored], [records.length, 4, 1]);
    assert.equal(chat, "4 by 4");
    assert.match(dead[0]!.message, /expected 8 cells as in the header, found 4/);
  }));

Deno.test("a file of nothing but bad lines ends as a finished run, not as a failure", () =>
  inTempFolder(async (folder) => {
    const all: readonly Line[] = [["hello", "not_json", ""], ["{}", "schema", "timestamp"]];
    await writeLines(`${folder}/only.jsonl`, all);
    const { dead, counts, chat } = await outcomeOf(folder, "only.jsonl");
    assertDead(dead, all, "only.jsonl");
    const expected = { read: 2, accepted: 0, dead: 2, late: 0, duplicate: 0, ignored: 0, ignored_kinds: {} };
    assert.deepEqual(counts, expected);
    assert.equal(chat, "undefined by undefined", "no row");
  }));
