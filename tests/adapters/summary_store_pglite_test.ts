import assert from "node:assert/strict";
import { installedPgliteVersion, preparedPgliteVersion } from "../../adapters/pglite_cluster.ts";
import { openPgliteSession, openPgliteStore } from "../../adapters/summary_store_pglite.ts";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import { UserError } from "../../core/errors.ts";
import { summaryStoreContract } from "../contracts/summary_store_contract.ts";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";
import { changeOf, chatRow, chatSpec, rowsOf, startMs } from "../contracts/summary_store_fixture.ts";

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-test-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

summaryStoreContract("PGlite", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "tidemark-test-" });
  const session = await openPgliteSession({ dataDir });
  const store = createSqlSummaryStore(session);
  await store.migrate();
  return {
    store,
    sql: (text) => session.query(text),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
});

Deno.test("the prepared image fits the installed PGlite and is small", async () => {
  assert.equal(preparedPgliteVersion, installedPgliteVersion, "run: deno run -A adapters/pglite_prepare.ts");
  const image = await Deno.stat(new URL("../../adapters/assets/pglite_cluster.br.b64", import.meta.url));
  assert.ok(image.size < 1_000_000);
});

Deno.test("without the image the cluster is created the slow way, and leftovers of a killed start are removed", () =>
  withFolder(async (dataDir) => {
    await Deno.mkdir(`${dataDir}/pg.new-1/base`, { recursive: true });
    await Deno.writeTextFile(`${dataDir}/pg.new-1/PG_VERSION`, "18\n");
    for (const expected of [["creating", "opening"], ["opening"]]) {
      const steps: string[] = [];
      await using store = await openPgliteStore({ dataDir, image: false, onProgress: (step) => steps.push(step) });
      await store.migrate();
      assert.deepEqual(steps, expected);
      assert.deepEqual([...Deno.readDirSync(dataDir)].map((entry) => entry.name), ["pg"]);
    }
  }));

Deno.test("a folder that holds something else is left alone", () =>
  withFolder(async (dataDir) => {
    await Deno.mkdir(`${dataDir}/pg`);
    await Deno.writeTextFile(`${dataDir}/pg/notes.txt`, "mine");
    await assert.rejects(
      () => openPgliteStore({ dataDir }),
      (error: unknown) => error instanceof UserError && error.code === "unavailable",
    );
    assert.equal(await Deno.readTextFile(`${dataDir}/pg/notes.txt`), "mine");
  }));

Deno.test("replaced characters are counted, and after closing every call is refused", () =>
  withFolder(async (dataDir) => {
    let replaced = 0;
    const store = await openPgliteStore({ dataDir, onReplaced: (values) => replaced += values });
    await store.migrate();
    const { epoch } = await store.acquire({ topic: "t", partition: 0 }, ["chat"]);
    const keyedStates = [{ pipeline: "chat", name: "z", key: "k\0", state: ["\0", "\\u0000"] }];
    const rows = [rowsOf(chatSpec, [chatRow("a\0b", startMs, 1), chatRow("plain \\u0000", startMs, 1)])];
    await store.commit(changeOf("t", epoch, { rows, keyedStates }));
    assert.equal(replaced, 3);
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await assert.rejects(() => store.progress(), /closed/);
  }));

Deno.test("when the engine fails, pending and later calls are rejected", () =>
  withFolder(async (dataDir) => {
    const session = await openPgliteSession({ dataDir });
    const store = createSqlSummaryStore(session);
    await store.migrate();
    const { epoch } = await store.acquire({ topic: "t", partition: 0 }, ["chat"]);
    // The disk goes away: the next segment of the log cannot be made, and Postgres gives up in the middle of a commit.
    await Deno.remove(`${dataDir}/pg/pg_wal`, { recursive: true });
    await session.query("SELECT pg_switch_wal()::text");
    const write = { text: "UPDATE progress SET epoch = epoch", params: [] };
    const pending = [session.transaction([write]), session.query("SELECT 1::text")];
    for (const { status } of await Promise.allSettled(pending)) assert.equal(status, "rejected");
    await assert.rejects(() => store.commit(changeOf("t", epoch)), /The embedded Postgres has failed/);
    await assert.rejects(() => store.progress(), /The embedded Postgres has failed: .*PANIC/);
    await store[Symbol.asyncDispose]();
  }));

/** Asserts that a full disk is told, and what to do about it. */
const assertFull = (work: () => Promise<unknown>) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, /^Cannot use the embedded tables: (?!.*(?:PANIC|FATAL)).*No space left on device/i);
    assert.match(error.fix, /^free space on that disk/);
    return true;
  });

smallDiskTest(
  "a disk too small for the tables is told, and leaves nothing in the way of a later start",
  200,
  async (disk) => {
    for (let start = 0; start < 2; start++) await assertFull(() => openPgliteStore({ dataDir: disk }));
  },
);

smallDiskTest(
  "a disk that became full is told at work and at the next start, and tables are whole once there is room",
  60_000,
  async (disk) => {
    const session = await openPgliteSession({ dataDir: disk });
    await session.query("CREATE TABLE kept AS SELECT 1 AS n");
    await fillDisk(disk);
    await assertFull(() =>
      session.query("CREATE TABLE wide AS SELECT repeat('x', 1000) FROM generate_series(1, 5000)")
    );
    // It can no longer say good-bye, where Postgres itself has ended.
    await Promise.resolve(session[Symbol.asyncDispose]()).catch(() => {});
    await assertFull(() => openPgliteSession({ dataDir: disk }));
    // Room for the lock file, and none for what is written after it.
    await fillDisk(disk, 4_096);
    await assertFull(() => openPgliteSession({ dataDir: disk }));
    await Deno.remove(`${disk}/filling`);
    await using again = await openPgliteSession({ dataDir: disk });
    assert.deepEqual(await again.query("SELECT n::text FROM kept"), [["1"]]);
  },
);

Deno.test("the log and rewritten tables stay bounded, as no server tidies up behind", () =>
  withFolder(async (dataDir) => {
    await using session = await openPgliteSession({ dataDir });
    await session.query("CREATE TABLE churn (n integer PRIMARY KEY, text text)");
    const rewrite = `INSERT INTO churn SELECT n, repeat('x', 200) FROM generate_series(1, 20000) AS n
      ON CONFLICT (n) DO UPDATE SET text = excluded.text`;
    for (let n = 0; n < 12; n++) {
      // The parameter stands for the data of a big commit, by which the store knows that it is time to look.
      await session.transaction([{ text: rewrite, params: [] }, {
        text: "SELECT length($1::text)::text",
        params: ["x".repeat(4 * 1024 * 1024)],
      }]);
    }
    const [[logMb, tableMb]] = await session.query(`SELECT
      (pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) / 1e6)::text, (pg_table_size('churn') / 1e6)::text
      FROM pg_control_checkpoint()`) as [[string, string]];
    assert.ok(Number(logMb) < 50, `${logMb} MB of log since the last checkpoint`);
    assert.ok(Number(tableMb) < 40, `${tableMb} MB for 5 MB of rows`);
  }));

/** Starts the process to be killed; `said` grows by what it says. */
function startChild(dataDir: string, ...args: string[]) {
  const script = new URL("./summary_store_pglite_child.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-write", "--no-prompt", script, dataDir, ...args],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const said: string[] = [];
  const heard = (async () => {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      said.push(...lines);
    }
  })();
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { child, said, heard, until };
}

Deno.test("kill -9 at any moment leaves a store that opens with every acknowledged commit, whole", () =>
  withFolder(async (dataDir) => {
    const saidCount = (count: number) => (said: string[]) => said.filter((word) => /^\d+$/.test(word)).length >= count;
    const moments: [afterMs: number, when: (said: string[]) => boolean][] = [
      [20, (said) => said.includes("unpacking")],
      [100, (said) => said.includes("unpacking")],
      [20, (said) => said.includes("opening")],
      [0, (said) => said.includes("opened")],
      [0, saidCount(1)],
      [3, saidCount(7)],
      [1, saidCount(100)],
    ];
    let acknowledged = 0;
    for (const [afterMs, when] of moments) {
      const { child, said, heard, until } = startChild(dataDir);
      await until(() => when(said));
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill("SIGKILL");
      await Promise.all([child.status, heard]);
      for (const word of said) if (/^\d+$/.test(word)) acknowledged = Number(word);
    }
    await using store = await openPgliteStore({ dataDir });
    await store.migrate();
    const reached = (await store.progress())[0]!.nextOffset;
    assert.ok(acknowledged >= 108, `${acknowledged} commits`);
    assert.ok(reached === acknowledged || reached === acknowledged + 1, `${reached} after ${acknowledged}`);
    const { rows } = await store.query({ table: "chat_summary_minute" });
    assert.deepEqual(rows.map((row) => row[3]), Array.from({ length: reached }, (_, n) => n + 1));
  }));

Deno.test("a process ends by itself once its store is closed", () =>
  withFolder(async (dataDir) => {
    const { child, said, heard } = startChild(dataDir, "2");
    const [{ code }] = await Promise.all([child.status, heard]);
    assert.equal(code, 0);
    assert.deepEqual(said, ["unpacking", "opening", "opened", "1", "2"]);
  }));
