/**
 * What a commit costs on PGlite and on a Postgres of this machine (fsync on): 20,000 rows new and again, and 50,000 events kept.
 * `deno task bench:commit`
 * @module
 */
import { openPgliteStore } from "../adapters/summary_store_pglite.ts";
import { openPostgresStore } from "../adapters/summary_store_postgres.ts";
import { print } from "../cli/terminal.ts";
import { parsePostgresUrl } from "../core/config/postgres.ts";
import { seededRandom, systemClock } from "../core/clock.ts";
import type { KeptEvents } from "../core/kept_events.ts";
import type { SummaryStore } from "../core/ports.ts";
import { changeOf, chatRow, chatSpec, progressOf, rowsOf, startMs } from "../tests/contracts/summary_store_fixture.ts";
import { missingPostgres, startPostgres } from "../tests/support/services/postgres.ts";

const rowCount = 20_000;
const eventCount = 50_000;
const rounds = 5;

/** Events of the size of a chat message. */
function eventsFrom(first: number): KeptEvents {
  const rows = Array.from({ length: eventCount }, (_, n) => ({
    offset: first + n,
    appendTimeMs: startMs + n,
    eventTimeMs: startMs + n - 3,
    key: `stream_${n % 100}`,
    value: JSON.stringify({
      event_id: `chat:${first + n}`,
      timestamp: new Date(startMs + n).toISOString(),
      source: "bench",
      stream_id: `stream_${n % 100}`,
      user_id: `user_${n % 5_000}`,
      username: `user_${n % 5_000}`,
      message: `this is message ${n} of a "chat" that goes on and on Kappa`,
      emotes: ["Kappa"],
    }),
  }));
  return { kind: "raw", rows };
}

/** Median duration of a commit in milliseconds. */
async function median(commit: (round: number) => Promise<unknown>): Promise<number> {
  const durations: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const beginMs = performance.now();
    await commit(round);
    durations.push(performance.now() - beginMs);
  }
  return durations.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

async function measure(name: string, store: SummaryStore): Promise<void> {
  await store.migrate();
  const { epoch } = await store.acquire({ topic: "bench", partition: 0 }, ["chat"]);
  const report = (what: string, count: number, ms: number) =>
    print(`${name}: ${what}: ${ms.toFixed(0)} ms, ${(count / ms).toFixed(0)}k/s`);
  const rows = (round: number, revision: number) =>
    Array.from({ length: rowCount }, (_, n) => chatRow(`s${round}_${n % 100}`, startMs + n * 1000, n, revision));
  report(
    "100 rows",
    100,
    await median((round) =>
      store.commit(changeOf("bench", epoch, { rows: [rowsOf(chatSpec, rows(9, round).slice(0, 100))] }))
    ),
  );
  for (const [what, revision] of [["20,000 new rows", 1], ["20,000 rows again", 2]] as const) {
    const commit = (round: number) =>
      store.commit(changeOf("bench", epoch, { rows: [rowsOf(chatSpec, rows(round, revision))] }));
    report(what, rowCount, await median(commit));
  }
  const sets = Array.from({ length: rounds }, (_, round) => eventsFrom(round * eventCount));
  const keep = (round: number) =>
    store.commit(
      changeOf("bench", epoch, { events: sets[round]!, progress: [progressOf("chat", (round + 1) * eventCount)] }),
    );
  report("50,000 kept events", eventCount, await median(keep));
}

const folder = await Deno.makeTempDir({ prefix: "tidemark-bench-" });
try {
  await using store = await openPgliteStore({ dataDir: folder });
  await measure("PGlite", store);
} finally {
  await Deno.remove(folder, { recursive: true });
}
const missing = missingPostgres();
if (missing !== null) print(`Postgres: skipped, ${missing}`);
else {
  await using server = await startPostgres({ fsync: true });
  const target = { ...parsePostgresUrl(await server.newDatabase())!, caFile: undefined, connectionsMax: 2 };
  const options = { clock: systemClock, random: seededRandom(1) };
  await using store = await openPostgresStore({ target: { ...target, sslMode: "disable" }, ...options });
  await measure("Postgres", store);
}
