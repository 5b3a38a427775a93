/**
 * The chat pipeline from messages to table: windows of one minute, one starting every ten seconds.
 */
import assert from "node:assert/strict";
import { derivedTopics } from "../../core/events/mod.ts";
import type { Anomaly, LateEvent } from "../../core/events/derived.ts";
import { chat } from "../../processor/pipelines/chat.ts";
import { clockText, Engine, noonMs, type Sent } from "../support/engine_kit.ts";
import { golden, readTable, writeTable } from "../support/text_table.ts";

/** Messages of a table: time, stream, user, emotes joined by `+`. */
function messagesOf(text: string): Sent[] {
  return readTable(text).map(([time, stream, user, emotes]) => ({
    at: (Date.parse(`2024-01-01T${time}Z`) - noonMs) / 1000,
    key: stream!,
    user: user!,
    fields: { emotes: emotes === "-" ? [] : emotes!.split("+") },
  }));
}

const HEADER = "stream from to chat_count unique_chatters top_emotes";

/** The table as text. */
async function tableOf(engine: Engine): Promise<string> {
  const { rows } = await engine.ports.summaryStore.query({ table: chat.table.table });
  const shown = rows.map(([stream, from, to, count, users, emotes]) => {
    const ranking = (emotes as { emote: string; count: number }[]).map(({ emote, count }) => `${emote}:${count}`);
    return [stream, clockText(from as number), clockText(to as number), count, users, ranking.join("+") || "-"];
  });
  return writeTable(HEADER, shown);
}

Deno.test("each message counts in the six windows that cover it, per stream, each chatter once", async () => {
  const engine = await Engine.open({ partitions: 3 });
  await engine.send(...messagesOf(`
    time      stream  user  emotes
    12:00:03  music   ann   Kappa
    12:00:08  music   bob   LUL+Kappa
    12:00:21  music   ann   -
    12:00:40  games   cem   KEKW
  `));
  await engine.process([chat], { drains: true });
  assert.equal(
    await tableOf(engine),
    golden(`
      stream  from      to        chat_count  unique_chatters  top_emotes
      games   11:59:50  12:00:50  1           1                KEKW:1
      games   12:00:00  12:01:00  1           1                KEKW:1
      games   12:00:10  12:01:10  1           1                KEKW:1
      games   12:00:20  12:01:20  1           1                KEKW:1
      games   12:00:30  12:01:30  1           1                KEKW:1
      games   12:00:40  12:01:40  1           1                KEKW:1
      music   11:59:10  12:00:10  2           2                Kappa:2+LUL:1
      music   11:59:20  12:00:20  2           2                Kappa:2+LUL:1
      music   11:59:30  12:00:30  3           2                Kappa:2+LUL:1
      music   11:59:40  12:00:40  3           2                Kappa:2+LUL:1
      music   11:59:50  12:00:50  3           2                Kappa:2+LUL:1
      music   12:00:00  12:01:00  3           2                Kappa:2+LUL:1
      music   12:00:10  12:01:10  1           1                -
      music   12:00:20  12:01:20  1           1                -
    `),
  );
});

Deno.test("of the emotes the five most frequent are named, ties in the order of code points", async () => {
  const engine = await Engine.open({ partitions: 3 });
  await engine.send(...messagesOf(`
    time      stream  user  emotes
    12:00:00  music   ann   b+a+😀+B+\uffee+c+c
    12:01:00  music   ann   -
  `));
  await engine.process([chat]);
  const [first] = (await engine.ports.summaryStore.query({ table: chat.table.table })).rows;
  assert.deepEqual((first![5] as { emote: string }[]).map(({ emote }) => emote), ["c", "B", "a", "b", "\uffee"]);
});

/**
 * ```
 * 12:00:00     12:01:00     12:02:00     12:03:02
 *  ▲ ann …      │            │            ▲ cem      watermark 12:03:00 (2 s of patience), lateness 2 min
 *    ▲ bob, sent last                                misses the windows up to 12:01:00, corrects those after
 * ▲ dan, sent last                                   has missed all of its windows: late
 * ```
 */
Deno.test("a message that comes late corrects the windows that it has not missed, or goes to the late topic", async () => {
  const engine = await Engine.open({ partitions: 3 });
  await engine.send(...messagesOf(`
    time      stream  user  emotes
    12:00:01  music   ann   -
    12:03:02  music   cem   -
    12:00:25  music   bob   Kappa
    11:59:59  music   dan   -
  `));
  await engine.process([chat]);
  assert.equal(
    await tableOf(engine),
    golden(`
      stream  from      to        chat_count  unique_chatters  top_emotes
      music   11:59:10  12:00:10  1           1                -
      music   11:59:20  12:00:20  1           1                -
      music   11:59:30  12:00:30  1           1                -
      music   11:59:40  12:00:40  1           1                -
      music   11:59:50  12:00:50  1           1                -
      music   12:00:00  12:01:00  1           1                -
      music   12:00:10  12:01:10  1           1                Kappa:1
      music   12:00:20  12:01:20  1           1                Kappa:1
    `),
  );
  const late = engine.ports.log.valuesOf<LateEvent>(derivedTopics.late);
  const letters = late.map(({ event, late_by_ms, missed_windows }) => [
    (event as { user_id: string }).user_id,
    late_by_ms / 1000,
    `${missed_windows[0]!.slice(11, 19)}–${missed_windows.at(-1)!.slice(11, 19)}`,
  ]);
  assert.equal(
    writeTable("user late_by_s missed", letters),
    golden(`
      user  late_by_s  missed
      dan   130        11:59:00–11:59:50
    `),
  );
  assert.deepEqual(await engine.runCounts(), {
    accepted: 3,
    late: 1,
    "chat.in": 4,
    "chat.accepted": 3,
    "chat.late": 1,
    "chat.late_partial": 1,
    "chat.windows": 6,
  });
});

/**
 * ```
 * messages a minute:  12 12 12 … 12  60        a steady stream, then a burst of 50 in ten seconds
 * ```
 */
Deno.test("a burst is an anomaly of each window that holds it, until the baseline has seen it", async () => {
  const engine = await Engine.open({ partitions: 3 });
  await engine.clock.advance(3_600_000);
  const steady = Array.from({ length: 13 * 12 }, (_, i) => ({ at: i * 5, user: `user ${i % 7}` }));
  const burst = Array.from({ length: 50 }, (_, i) => ({ at: 720 + i / 5, user: `raider ${i}`, id: `raid ${i}` }));
  const events = [...steady, ...burst].sort((a, b) => a.at - b.at);
  // Two messages more every other minute: a baseline that never moves has no standard deviation.
  const extra = [60, 180, 300, 420, 540].map((at) => ({ at: at + 1, id: `extra ${at}` }));
  await engine.send(...[...events, ...extra].sort((a, b) => a.at - b.at));
  await engine.process([chat]);
  const anomalies = engine.ports.log.valuesOf<Anomaly>(derivedTopics.anomalies);
  const shown = anomalies.map(({ detector, key, value, score, window_start, status }) => [
    detector,
    key,
    window_start.slice(11, 19),
    value,
    score.toFixed(0),
    status,
  ]);
  assert.equal(
    writeTable("detector stream from chat_count score status", shown),
    golden(`
      detector               stream  from      chat_count  score  status
      z_score(chat_count)    a       12:11:10  62          98     active
      rate_jump(chat_count)  a       12:11:10  62          5      active
      z_score(chat_count)    a       12:11:20  62          98     active
      rate_jump(chat_count)  a       12:11:20  62          5      active
      z_score(chat_count)    a       12:11:30  62          99     active
      rate_jump(chat_count)  a       12:11:30  62          5      active
      z_score(chat_count)    a       12:11:40  62          99     active
      rate_jump(chat_count)  a       12:11:40  62          5      active
      z_score(chat_count)    a       12:11:50  62          100    active
      rate_jump(chat_count)  a       12:11:50  62          5      active
    `),
  );
  assert.equal(anomalies[0]?.event_id, "chat:z_score(chat_count):a:2024-01-01T12:11:10.000Z");
  assert.match(
    anomalies[0]!.explanation,
    /^62 is [\d.]+ standard deviations above the mean of 12\.\d+ over the 60 values/,
  );
});
