/**
 * The chat_sessions pipeline from messages to table: a stream's activity, ended by five minutes of silence.
 */
import assert from "node:assert/strict";
import { derivedTopics } from "../../core/events/mod.ts";
import type { LateEvent } from "../../core/events/derived.ts";
import { chatSessions } from "../../processor/pipelines/chat_sessions.ts";
import { clockText, Engine, noonMs, type Sent } from "../support/engine_kit.ts";
import { golden, readTable, writeTable } from "../support/text_table.ts";

/** Messages of a table: time, stream, user. */
function messagesOf(text: string): Sent[] {
  return readTable(text).map(([time, stream, user]) => ({
    at: (Date.parse(`2024-01-01T${time}Z`) - noonMs) / 1000,
    key: stream!,
    user: user!,
  }));
}

async function tableOf(engine: Engine): Promise<string> {
  const { rows } = await engine.ports.summaryStore.query({ table: "chat_sessions" });
  const shown = rows.map((
    [stream, from, to, count],
  ) => [stream, clockText(from as number), clockText(to as number), count]);
  return writeTable("stream from to chat_count", shown);
}

/**
 * ```
 * 12:00      12:04 12:05      12:10      12:15      12:20
 * ▲ ann      ▲ bob            |                              one session, the stream `games` is apart
 *                                  ▲ 12:11 ann               7 minutes of silence: another one
 * ```
 */
Deno.test("messages less than five minutes apart are one session of their stream", async () => {
  const engine = await Engine.open({ partitions: 3 });
  await engine.clock.advance(3_600_000);
  await engine.send(...messagesOf(`
    time      stream  user
    12:00:00  music   ann
    12:02:00  games   cem
    12:04:00  music   bob
    12:04:30  music   ann
    12:11:30  music   ann
  `));
  await engine.process([chatSessions], { drains: true });
  assert.equal(
    await tableOf(engine),
    golden(`
      stream  from      to        chat_count
      games   12:02:00  12:07:00  1
      music   12:00:00  12:09:30  3
      music   12:11:30  12:16:30  1
    `),
  );
});

/**
 * ```
 * 12:00      12:05           12:08   12:10          watermark 12:08:28 after the third
 * ▲ ann |■■■■■■■■■|          ▲ ann                  two sessions, both written
 *               ▲ 12:04 bob, sent last              bridges: one row is left, the other is deleted
 * ▲ 11:50 dan                                       the session that it would open ended 11:55: late
 * ```
 */
Deno.test("a message that comes late makes two written sessions one, or goes to the late topic", async () => {
  const engine = await Engine.open({ partitions: 3 });
  await engine.clock.advance(3_600_000);
  await engine.send(...messagesOf(`
    time      stream  user
    12:00:00  music   ann
    12:08:00  music   ann
    12:08:30  music   ann
  `));
  await engine.process([chatSessions], { drains: true });
  assert.equal(
    await tableOf(engine),
    golden(`
      stream  from      to        chat_count
      music   12:00:00  12:05:00  1
      music   12:08:00  12:13:30  2
    `),
  );
  await engine.send(...messagesOf(`
    time      stream  user
    12:04:00  music   bob
    11:50:00  music   dan
  `));
  await engine.process([chatSessions], { drains: true });
  assert.equal(
    await tableOf(engine),
    golden(`
      stream  from      to        chat_count
      music   12:00:00  12:13:30  4
    `),
  );
  const late = engine.ports.log.valuesOf<LateEvent>(derivedTopics.late);
  const letters = late.map(({ pipeline, late_by_ms, missed_windows }) => [pipeline, late_by_ms, missed_windows]);
  assert.deepEqual(letters, [["chat_sessions", 808_000, ["2024-01-01T11:50:00.000Z"]]]);
  assert.deepEqual(await engine.runCounts(), {
    accepted: 4,
    late: 1,
    "chat_sessions.in": 5,
    "chat_sessions.accepted": 4,
    "chat_sessions.late": 1,
    "chat_sessions.windows": 1,
  });
});
