/**
 * Folders and ports that cannot be had.
 */
import assert from "node:assert/strict";
import { takeOwnership } from "../../adapters/owner_lock.ts";
import { openPgliteStore } from "../../adapters/summary_store_pglite.ts";
import { listenFailure } from "../../cli/services/http.ts";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { tidemark, tidemarkCommand } from "../support/tidemark.ts";

/** A folder with tables, as an earlier run leaves it. */
async function withTables(dataDir: string): Promise<string> {
  await using store = await openPgliteStore({ dataDir });
  await store.migrate();
  return dataDir;
}

Deno.test("a data folder that another process owns is refused with its pid, its address and exit code 3", () =>
  inTempFolder(async (folder) => {
    const data = await withTables(`${folder}/data`);
    await Deno.writeTextFile(`${folder}/chat.jsonl`, "{}\n");
    await using _owner = await takeOwnership(data, { url: "http://127.0.0.1:8123/" });
    const calls = [
      ["export", "anomalies", "--to", `${folder}/out.csv`],
      ["replay", `${folder}/chat.jsonl`, "--source", "chat", "--drain"],
    ];
    for (const call of calls) {
      const { code, stderr } = await tidemark([...call, "--data-dir", data]);
      assert.equal(code, 3, stderr);
      assert.ok(
        stderr.includes(`the data folder ${data}: another process owns it (pid ${Deno.pid}, http://127.0.0.1:8123/)`),
      );
      assert.match(stderr, /\n {2}fix: stop that process, or use another --data-dir\n$/);
    }
  }));

Deno.test("two ingests with one DATA_DIR are refused: the second one with the pid of the first, and the fix", () =>
  inTempFolder(async (folder) => {
    const servers = {
      KAFKA_BOOTSTRAP_SERVERS: "127.0.0.1:1",
      REDIS_URL: "redis://127.0.0.1:1",
      POSTGRES_URL: "postgres://u:p@127.0.0.1:1/d",
      DATA_DIR: folder,
    };
    const call = ["ingest", "--source", "twitch"];
    const env = { ...servers, TWITCH_CHANNEL: "demo" };
    const first = await takeOwnership(`${folder}/spool`);
    const { code, stderr } = await tidemark(call, env);
    assert.equal(code, 3, stderr);
    assert.ok(
      stderr.includes(`Cannot use the spool folder ${folder}/spool: another process owns it (pid ${Deno.pid})`),
    );
    assert.match(stderr, /\n {2}fix: stop that process, or give each ingest a --data-dir of its own\n$/);
    await first[Symbol.asyncDispose]();
    const free = tidemarkCommand(call, env).spawn();
    const [said] = await Promise.all([readUntil(free.stderr, "is away, trying again"), free.stdout.cancel()]);
    const refused = await tidemark(call, env);
    free.kill("SIGKILL");
    await free.status;
    assert.match(said, /is away, trying again/, "it has started");
    assert.equal(refused.code, 3, refused.stderr);
    assert.ok(refused.stderr.includes(`(pid ${free.pid})`), refused.stderr);
  }));

/** Reads until a text is there, or to the end. */
async function readUntil(stream: ReadableStream<Uint8Array<ArrayBuffer>>, text: string): Promise<string> {
  let said = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    said += piece;
    if (said.includes(text)) break;
  }
  return said;
}

Deno.test("DATA_DIR names the folder where --data-dir does not", () =>
  inTempFolder(async (folder) => {
    await using _owner = await takeOwnership(await withTables(`${folder}/data`));
    const call = ["export", "anomalies", "--to", `${folder}/out.csv`];
    const { code, stderr } = await tidemark(call, { DATA_DIR: `${folder}/data` });
    assert.equal(code, 3, stderr);
    // The option wins over the variable: that folder is free, and has the table, empty.
    const elsewhere = await withTables(`${folder}/other`);
    const other = await tidemark([...call, "--data-dir", elsewhere], { DATA_DIR: `${folder}/data` });
    assert.equal(other.code, 0, other.stderr);
    assert.match(other.stderr, /anomalies: 0 rows/);
  }));

Deno.test("a data folder that cannot be made is refused with exit code 4", () =>
  inTempFolder(async (folder) => {
    // Tests run as root, whom permissions do not bind: nobody can make a folder below a file.
    await Deno.writeTextFile(`${folder}/file`, "");
    await Deno.writeTextFile(`${folder}/chat.jsonl`, "{}\n");
    const call = ["replay", `${folder}/chat.jsonl`, "--source", "chat", "--data-dir", `${folder}/file/data`];
    const { code, stderr } = await tidemark(call);
    assert.equal(code, 4, stderr);
    assert.match(
      stderr,
      /^error: Cannot use the data folder .*\/file\/data: .*\n {2}fix: make it writable, or use another/m,
    );
  }));

Deno.test("a table that does not exist and a file that cannot be written are told with the fix", () =>
  inTempFolder(async (folder) => {
    const data = await withTables(`${folder}/data`);
    const exported = (...call: string[]) => tidemark(["export", ...call, "--data-dir", data]);
    const unknown = await exported("anomaly", "--to", `${folder}/out.csv`);
    assert.equal(unknown.code, 2, unknown.stderr);
    assert.match(
      unknown.stderr,
      /error: Cannot export "anomaly": there is no such table\n {2}fix: name one of .*anomalies/,
    );
    const unwritable = await exported("anomalies", "--to", `${folder}/none/out.csv`);
    assert.equal(unwritable.code, 4, unwritable.stderr);
    assert.match(unwritable.stderr, /error: Cannot write .*\/none\/out\.csv: .*\n {2}fix: choose a file in a folder/);
    for (const name of ["xml", "constructor"]) {
      const { code, stderr } = await exported("anomalies", "--to", `${folder}/out`, "--format", name);
      assert.equal(code, 2, stderr);
      assert.match(stderr, new RegExp(`error: Cannot export as "${name}"\n {2}fix: .*csv\\|json\\|parquet`));
    }
    const time = await exported("anomalies", "--to", `${folder}/out.csv`, "--from", "yesterday");
    assert.equal(time.code, 2, time.stderr);
    assert.match(time.stderr, /error: Cannot read --from: "yesterday" is not ISO 8601.*\n {2}fix: such as 2024-/);
  }));

Deno.test("export refuses a folder without data, leaves it and an older file as they were, and says what to name", () =>
  inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/empty`);
    await Deno.writeTextFile(`${folder}/out.csv`, "older");
    for (const [table, name] of [["anomalies", "typo"], ["raw_ticks", "typo"], ["anomalies", "empty"]] as const) {
      const call = ["export", table, "--to", `${folder}/out.csv`, "--data-dir", `${folder}/${name}`];
      const { code, stderr } = await tidemark(call);
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes(`error: Cannot read from ${folder}/${name}: it holds no `), stderr);
      assert.match(stderr, /\n {2}fix: name the folder of an earlier run by --data-dir or DATA_DIR/);
    }
    assert.equal(await Deno.readTextFile(`${folder}/out.csv`), "older");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["empty", "out.csv"]);
    assert.deepEqual([...Deno.readDirSync(`${folder}/empty`)], []);
  }));

Deno.test("export refuses a time range in which nothing can lie", () =>
  inTempFolder(async (folder) => {
    const [early, late] = ["2024-08-08T00:00:00Z", "2024-08-09T00:00:00Z"];
    for (const [from, until] of [[late, early], [early, early]] as const) {
      const call = ["export", "anomalies", "--to", `${folder}/out.csv`, "--from", from, "--until", until];
      const { code, stderr } = await tidemark([...call, "--data-dir", `${folder}/data`]);
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes(`nothing lies between --from ${from} and --until ${until}\n`), stderr);
    }
  }));

smallDiskTest(
  "export onto a full disk says so in each format, and leaves an older file as it was",
  16,
  async (disk) => {
    await inTempFolder(async (folder) => {
      const data = await withTables(`${folder}/data`);
      await Deno.writeTextFile(`${disk}/out`, "older");
      await fillDisk(disk);
      for (const format of ["csv", "json", "parquet"]) {
        const call = ["export", "anomalies", "--to", `${disk}/out`, "--format", format, "--data-dir", data];
        const { code, stderr } = await tidemark(call);
        assert.equal(code, 4, stderr);
        assert.match(stderr, /error: Cannot write .*\/out: .*no space left.*\n {2}fix: free space on that disk/);
      }
      assert.equal(await Deno.readTextFile(`${disk}/out`), "older");
    });
  },
);

Deno.test("a port that is in use is refused with exit code 4, before the data folder is touched", () =>
  inTempFolder(async (folder) => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const { code, stderr } = await tidemark(["dev", "--port", String(port), "--data-dir", `${folder}/data`]);
    assert.equal(code, 4, stderr);
    assert.ok(stderr.includes(`error: Cannot listen on 127.0.0.1:${port}: the port is in use\n  fix: `), stderr);
    await assert.rejects(Deno.stat(`${folder}/data`), Deno.errors.NotFound);
  }));

Deno.test("an address that is none of this machine's is refused with exit code 4, before the data folder is touched", () =>
  inTempFolder(async (folder) => {
    for (const HOST of ["nonsense.invalid", "192.0.2.1"]) {
      const env = { HOST, TIDEMARK_TOKEN: "sixteen-characters" };
      const { code, stderr } = await tidemark(["dev", "--port", "0", "--data-dir", `${folder}/data`], env);
      assert.equal(code, 4, stderr);
      assert.match(
        stderr,
        new RegExp(`error: Cannot listen on ${HOST}:0: .+\\n {2}fix: set HOST to an address of this`),
      );
    }
    await assert.rejects(Deno.stat(`${folder}/data`), Deno.errors.NotFound);
  }));

Deno.test("a port that the system does not allow is told with the fix", () => {
  const error = listenFailure({ host: "127.0.0.1", port: 81 }, new Deno.errors.PermissionDenied("os error 13"));
  assert.equal(error.exitCode, 4);
  assert.match(error.message, /^Cannot listen on 127.0.0.1:81: the system does not allow that port$/);
  assert.match(error.fix, /^ports from 1024 up/);
});

smallDiskTest(
  "a full disk is told with the fix by whatever opens there, and nothing of ours is blamed",
  200,
  async (disk) => {
    await inTempFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/chat.jsonl`, "{}\n");
      const replay = ["replay", `${folder}/chat.jsonl`, "--source", "chat", "--drain", "--data-dir", `${disk}/data`];
      for (const bytesLeft of [150_000, 0]) {
        await fillDisk(disk, bytesLeft);
        const { code, stderr } = await tidemark(replay);
        assert.equal(code, 4, stderr);
        assert.match(stderr, /error: Cannot use .*No space left.*\n {2}fix: free space on that disk, or use another/);
      }
    });
  },
);
