/**
 * Folders and ports that cannot be had.
 */
import assert from "node:assert/strict";
import { takeOwnership } from "../../adapters/owner_lock.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { tidemark, tidemarkCommand } from "../support/tidemark.ts";

Deno.test("a data folder that another process owns is refused with its pid, its address and exit code 3", () =>
  inTempFolder(async (folder) => {
    const data = `${folder}/data`;
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
    await using _owner = await takeOwnership(`${folder}/data`);
    const call = ["export", "anomalies", "--to", `${folder}/out.csv`];
    const { code, stderr } = await tidemark(call, { DATA_DIR: `${folder}/data` });
    assert.equal(code, 3, stderr);
    // The option wins over the variable: that folder is free, and a fresh one has the table, empty.
    const other = await tidemark([...call, "--data-dir", `${folder}/other`], { DATA_DIR: `${folder}/data` });
    assert.equal(other.code, 0, other.stderr);
    assert.match(other.stderr, /anomalies: 0 rows/);
  }));

Deno.test("a data folder that cannot be made is refused with exit code 4", () =>
  inTempFolder(async (folder) => {
    // Tests run as root, whom permissions do not bind: nobody can make a folder below a file.
    await Deno.writeTextFile(`${folder}/file`, "");
    const call = ["export", "anomalies", "--to", `${folder}/out.csv`, "--data-dir", `${folder}/file/data`];
    const { code, stderr } = await tidemark(call);
    assert.equal(code, 4, stderr);
    assert.match(
      stderr,
      /^error: Cannot use the data folder .*\/file\/data: .*\n {2}fix: make it writable, or use another/,
    );
  }));

Deno.test("a table that does not exist and a file that cannot be written are told with the fix", () =>
  inTempFolder(async (folder) => {
    const exported = (...call: string[]) => tidemark(["export", ...call, "--data-dir", `${folder}/data`]);
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

Deno.test("a port that is in use is refused with exit code 4, before the data folder is touched", () =>
  inTempFolder(async (folder) => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const { code, stderr } = await tidemark(["dev", "--port", String(port), "--data-dir", `${folder}/data`]);
    assert.equal(code, 4, stderr);
    assert.ok(stderr.includes(`error: Cannot listen on 127.0.0.1:${port}: the port is in use\n  fix: `), stderr);
    await assert.rejects(Deno.stat(`${folder}/data`), Deno.errors.NotFound);
  }));
