/**
 * The whole program with its tables on a real Postgres: the same tables as the embedded ones, killed and started again.
 */
import assert from "node:assert/strict";
import { writeChatFile } from "../support/chat_file.ts";
import { targetOf, testOn } from "../support/postgres_store.ts";
import { findPostgres, missingPostgres, type PostgresServer } from "../support/services/postgres.ts";
import { pause } from "../support/services/service.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { exportedLines, lastJson, tidemark, tidemarkCommand, tidemarkOk } from "../support/tidemark.ts";

const chatShape = { seed: 5, lines: 20_000, streams: 8, durationMs: 600_000, lateShare: 0.05, lateMsMax: 240_000 };

/** Exported lines without the columns that tell when and under which topic's incarnation they were written. */
const withoutPlace = (lines: readonly string[]): string[] => lines.map((line) => line.split(",").slice(0, 9).join(","));

/** Starts a replay and kills it once it has committed something. */
async function killOnTheWay(
  call: readonly string[],
  env: Record<string, string>,
  server: PostgresServer,
): Promise<void> {
  const child = tidemarkCommand(call, env).spawn();
  const { database } = targetOf(env.POSTGRES_URL!);
  const text = "SELECT count(*) FROM progress WHERE next_offset > 0";
  for (;;) {
    const count = await server.admin(text, database).catch(() => [["0"]]);
    if (Number(count[0]![0]) > 0) break;
    await pause(20);
  }
  child.kill("SIGKILL");
  await Promise.all([child.status, child.stdout.cancel(), child.stderr.cancel()]);
}

testOn(
  missingPostgres(),
  "a replay into Postgres that is killed on the way ends with the embedded tables, each event kept once",
  () =>
    inTempFolder(async (folder) => {
      await using server = await findPostgres();
      const env = { POSTGRES_URL: await server.newDatabase(), RAW_EVENTS: "raw" };
      const file = `${folder}/chat.jsonl`;
      await writeChatFile({ path: file, ...chatShape, lineBytes: 220 });
      const call = ["replay", file, "--source", "chat", "--drain", "--json", "--data-dir"];
      const embedded = lastJson(await tidemarkOk([...call, `${folder}/embedded`]));
      await killOnTheWay([...call, `${folder}/real`, "--speed", "60"], env, server);
      const real = lastJson(await tidemarkOk([...call, `${folder}/real`], env));
      assert.ok(Number(embedded.late) > 0);
      assert.deepEqual([real.accepted, real.late, real.dead], [embedded.accepted, embedded.late, embedded.dead]);
      for (const table of ["chat_summary_minute", "chat_sessions", "anomalies"]) {
        assert.deepEqual(
          await exportedLines(table, `${folder}/real`, env),
          await exportedLines(table, `${folder}/embedded`),
          table,
        );
      }
      const kept = await server.admin(
        `SELECT count(*)::text, count(DISTINCT value ->> 'event_id')::text, count(DISTINCT tableoid)::text FROM raw_events WHERE topic = 'events.chat'`,
        targetOf(env.POSTGRES_URL).database,
      );
      assert.deepEqual(kept[0]!.slice(0, 2), ["20000", "20000"]);
      assert.ok(Number(kept[0]![2]) <= 2, "one partition a day of append");
    }),
);

testOn(
  missingPostgres(),
  "trades are exported as ticks, the same from Postgres and from the embedded tables",
  () =>
    inTempFolder(async (folder) => {
      await using server = await findPostgres();
      const file = `${folder}/trades.jsonl`;
      const trades = Array.from({ length: 50 }, (_, n) =>
        JSON.stringify({
          event_id: `t${n}`,
          timestamp: new Date(Date.UTC(2024, 0, 1, 12, 0, n)).toISOString(),
          source: "test",
          symbol: n % 2 === 0 ? "BTCUSDT" : "ETHUSDT",
          trade_id: n,
          price: `${61_000 + n}.50`,
          size: "0.010",
          side: n % 3 === 0 ? "buy" : "sell",
        }));
      await Deno.writeTextFile(file, trades.join("\n"));
      const call = ["replay", file, "--source", "trades", "--drain", "--data-dir"];
      const env = { RAW_EVENTS: "raw", POSTGRES_URL: await server.newDatabase() };
      await tidemarkOk([...call, `${folder}/real`], env);
      await tidemarkOk([...call, `${folder}/embedded`], { RAW_EVENTS: "raw" });
      const real = await exportedLines("raw_ticks", `${folder}/real`, env);
      assert.deepEqual(withoutPlace(real), withoutPlace(await exportedLines("raw_ticks", `${folder}/embedded`)));
      assert.equal(real.length, 51);
      assert.ok(real[0]!.startsWith("symbol,event_time,price,size,side,trade_id,"), real[0]);
      assert.ok(
        real.some((line) => line.startsWith("ETHUSDT,2024-01-01T12:00:01.000Z,61001.50,0.010,sell,1,")),
        real[2],
      );
    }),
);

testOn(
  missingPostgres(),
  "a server that is away or refuses is named in one line with a fix, the password nowhere",
  () =>
    inTempFolder(async (folder) => {
      await using server = await findPostgres();
      const url = new URL(await server.newDatabase());
      url.password = "not-the-password";
      const call = [
        "export",
        "chat_summary_minute",
        "--format",
        "csv",
        "--to",
        `${folder}/x.csv`,
        "--data-dir",
        folder,
      ];
      const { code, stderr, stdout } = await tidemark([...call], { POSTGRES_URL: url.href });
      assert.equal(code, 4, stderr);
      assert.match(stderr, /Cannot reach Postgres at .*password authentication failed/);
      assert.match(stderr, /POSTGRES_PASSWORD/);
      const shown = stderr + stdout + await tidemarkOk(["config"], { POSTGRES_URL: url.href });
      assert.ok(!shown.includes("not-the-password"));
    }),
);
