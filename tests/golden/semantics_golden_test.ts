/**
 * The worked example of docs/semantics.md, record by record: what stands there is what the chat pipeline does.
 */
import assert from "node:assert/strict";
import type { LateEvent } from "../../core/events/derived.ts";
import { formatTime } from "../../core/time.ts";
import { noCounts } from "../../processor/engine/lane.ts";
import type { Pane } from "../../processor/engine/pane.ts";
import { SlicedPartition } from "../../processor/engine/sliced_partition.ts";
import { chat } from "../../processor/pipelines/chat.ts";
import { golden, readTable, writeTable } from "../support/text_table.ts";

const example = `
  offset  time
  0       12:00:05
  1       12:00:09
  2       12:00:13
  3       12:00:08
  4       12:02:14
  5       12:00:09
  6       11:58:30
`;

const timeMs = (clock: string): number => Date.parse(`2024-01-01T${clock}.000Z`);
const clockOf = (ms: number): string => (Number.isFinite(ms) ? formatTime(ms).slice(11, 19) : "–");

/** `12:00:10=2` for each window by its end. */
const shown = (panes: readonly Pane[]): string =>
  panes.map(({ windowEndMs, values }) => `${clockOf(windowEndMs)}=${values[0]}`).join(" ") || "-";

interface Walk {
  /** Offset, event time, watermark before, outcome, watermark after, on-time panes, corrections. */
  readonly steps: readonly (readonly string[])[];
  /** The newest pane of each window. */
  readonly table: ReadonlyMap<string, Pane>;
  readonly late: readonly LateEvent[];
  readonly counts: Readonly<Record<string, number>>;
  readonly partition: SlicedPartition;
}

/** Takes the records in, a commit after each. */
function walk(): Walk {
  const start = { watermarkMs: null, eventTimeMsMax: null, keyedStates: [], tracksLive: false };
  const partition = new SlicedPartition({ pipeline: chat, ...start });
  const counts = noCounts();
  const table = new Map<string, Pane>();
  const late: LateEvent[] = [];
  const steps = readTable(example).map(([offset = "", time = ""]) => {
    const before = partition.watermarkMs;
    const user = { user_id: `u${offset}`, username: "", message: "", emotes: [] };
    const event = {
      event_id: `e${offset}`,
      timestamp: formatTime(timeMs(time)),
      source: "t",
      stream_id: "demo",
      ...user,
    };
    const place = { key: "demo", offset: Number(offset), topic: "events.chat", partition: 1 };
    const partly = counts.late_partial;
    const outcome = partition.accept({ event, eventTimeMs: timeMs(time), ...place }, counts);
    const outputs = partition.takeOutputs(Number(offset) + 1);
    late.push(...outputs.late);
    for (const pane of outputs.panes) table.set(clockOf(pane.windowEndMs), pane);
    const [fired, corrected] = [
      outputs.panes.filter((p) => p.timing === "on_time"),
      outputs.panes.filter((p) => p.timing === "late"),
    ];
    const said = counts.late_partial > partly ? "late_partial" : outcome;
    return [offset, time, clockOf(before), said, clockOf(partition.watermarkMs), shown(fired), shown(corrected)];
  });
  return { steps, table, late, counts: { ...counts }, partition };
}

/**
 * ```
 * 11:58:30    12:00:00 :10 :20      12:01:00        12:02:10
 *   ▲ 6 late     ▲▲▲ ▲ 2                              ▲ 4        watermark 12:02:12
 *                0 3 1          5 comes after 4: one of its six windows is missed
 * ```
 */
Deno.test("the worked example of docs/semantics.md goes as it is written there", () => {
  const columns = "offset time before outcome after fired corrected";
  const steps = walk().steps.map((step) => step.map((cell) => cell.replaceAll(" ", "+")));
  assert.equal(
    writeTable(columns, steps),
    golden(`
      offset  time      before    outcome       after     fired                                                              corrected
      0       12:00:05  –         accepted      12:00:03  -                                                                  -
      1       12:00:09  12:00:03  accepted      12:00:07  -                                                                  -
      2       12:00:13  12:00:07  accepted      12:00:11  12:00:10=2                                                         -
      3       12:00:08  12:00:11  accepted      12:00:11  -                                                                  12:00:10=3
      4       12:02:14  12:00:11  accepted      12:02:12  12:00:20=4+12:00:30=4+12:00:40=4+12:00:50=4+12:01:00=4+12:01:10=1  -
      5       12:00:09  12:02:12  late_partial  12:02:12  -                                                                  12:00:20=5+12:00:30=5+12:00:40=5+12:00:50=5+12:01:00=5
      6       11:58:30  12:02:12  late          12:02:12  -                                                                  -
    `),
  );
});

Deno.test("the row that the example ends with, the counts, and the late record", () => {
  const { table, late, counts } = walk();
  const row = table.get("12:00:10")!;
  assert.deepEqual(
    [formatTime(row.windowStartMs), formatTime(row.windowEndMs), row.values[0], row.revision],
    ["2024-01-01T11:59:10.000Z", "2024-01-01T12:00:10.000Z", 3, 4],
  );
  assert.deepEqual(counts, { in: 0, accepted: 6, dead: 0, late: 1, late_partial: 1, duplicate: 0, windows: 7 });
  const [letter] = late;
  assert.deepEqual([late.length, letter?.offset, letter?.late_by_ms], [1, 6, 162_000]);
  assert.deepEqual(letter?.missed_windows.map((start) => start.slice(11, 19)), [
    "11:57:40",
    "11:57:50",
    "11:58:00",
    "11:58:10",
    "11:58:20",
    "11:58:30",
  ]);
});

Deno.test("draining writes the open windows without moving the watermark, so that nothing more is late afterwards", () => {
  const { partition } = walk();
  const drained = partition.openPanes(7, "drained");
  assert.equal(shown(drained), "12:02:20=1 12:02:30=1 12:02:40=1 12:02:50=1 12:03:00=1 12:03:10=1");
  assert.equal(clockOf(partition.watermarkMs), "12:02:12");
});

Deno.test("the table in docs/semantics.md has the records, the watermarks and the row of this example", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/semantics.md", import.meta.url));
  const rows = [...text.matchAll(/^\| (\d+) +\| ([\d:]+) +\| ([\d:–]+) +\| (.*) \|$/gm)];
  assert.deepEqual(rows.map(([, ...cells]) => cells.slice(0, 3)), walk().steps.map((step) => step.slice(0, 3)));
  const words = [
    /slice 12:00:00 = 1/,
    /= 2/,
    /becomes 12:00:11.*fires with 2/,
    /corrected to 3/,
    /becomes 12:02:12/,
    /late_partial/,
    /late$/,
  ];
  rows.forEach(([, , , , said], i) => assert.match(said!.trim(), words[i]!));
  assert.match(text, /^ +demo +2024-01-01T11:59:10\.000Z +2024-01-01T12:00:10\.000Z +3 +4$/m);
});
