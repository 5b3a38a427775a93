import assert from "node:assert/strict";
import { openEmbeddedLog } from "../../adapters/event_log_embedded.ts";
import { systemClock } from "../../core/clock.ts";
import { readAll } from "../contracts/event_log_support.ts";

async function tempFolder() {
  const dir = await Deno.makeTempDir();
  return { dir, [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }) };
}

/** Starts the child and reads its lines. */
function startChild(path: string, limitKilobytes?: number) {
  const script = new URL("./event_log_embedded_child.ts", import.meta.url).pathname;
  // Without the trap SIGXFSZ would end the process before SQLite sees the failed write.
  const limit = limitKilobytes === undefined ? "" : `trap '' XFSZ; ulimit -S -f ${limitKilobytes}; `;
  const child = new Deno.Command("bash", {
    args: ["-c", `${limit}exec "$0" run -A --no-check "$1" "$2"`, Deno.execPath(), script, path],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  const stdin = child.stdin.getWriter();
  return {
    pid: child.pid,
    /** The next line, or null at the end. */
    async line(): Promise<string | null> {
      while (!rest.includes("\n")) {
        const { done, value } = await reader.read();
        if (done) return null;
        rest += value;
      }
      const line = rest.slice(0, rest.indexOf("\n"));
      rest = rest.slice(line.length + 1);
      return line;
    },
    goOn: () => stdin.write(new TextEncoder().encode("\n")),
    /** Kills it; answers the lines that it had written. */
    async kill(): Promise<string[]> {
      child.kill("SIGKILL");
      const lines: string[] = [];
      for (let line = await this.line(); line !== null; line = await this.line()) lines.push(line);
      await stdin.close().catch(() => {});
      await child.status;
      return lines;
    },
  };
}

Deno.test("embedded log: every append that resolved before a kill -9 is there, with its position", async () => {
  await using folder = await tempFolder();
  const path = `${folder.dir}/log.db`;
  const child = startChild(path);
  for (let i = 0; i < 300; i++) assert.equal(await child.line(), `ok ${i}`);
  const lines = await child.kill();
  const last = Number((lines.at(-1) ?? "ok 299").split(" ")[1]);
  await using log = await openEmbeddedLog({ path, clock: systemClock, retentionMs: Infinity, sizeBytesMax: Infinity });
  const read = (await readAll(log, "t"))[0]!;
  assert.ok(read.length >= last + 1, `${read.length} of ${last + 1}`);
  assert.deepEqual(read.map((r) => JSON.parse(r.value).seq), read.map((_, i) => i));
  assert.equal(await log.loadPosition("child"), read.length - 1);
});

Deno.test({
  name: "embedded log: a disk that takes no more rejects the append, and the log goes on once it does",
  // The disk is made small by a file size limit, which Linux lets one raise from outside (util-linux' prlimit).
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await tempFolder();
    const path = `${folder.dir}/log.db`;
    const child = startChild(path, 6_000);
    let ok = -1;
    let line = await child.line();
    for (; line?.startsWith("ok "); line = await child.line()) ok++;
    assert.match(line ?? "", /^failed unavailable .*(free space|check that disk)/);
    assert.ok(ok > 50);
    await child.goOn();
    assert.match(await child.line() ?? "", /^failed unavailable/);
    const raised = await new Deno.Command("prlimit", { args: ["--pid", `${child.pid}`, "--fsize=unlimited"] }).output();
    assert.ok(raised.success);
    await child.goOn();
    for (let i = 1; i <= 100; i++) assert.equal(await child.line(), `ok ${ok + i}`);
    await child.kill();
    await using log = await openEmbeddedLog({
      path,
      clock: systemClock,
      retentionMs: Infinity,
      sizeBytesMax: Infinity,
    });
    const read = (await readAll(log, "t"))[0]!;
    assert.deepEqual(read.map((r) => r.seq), read.map((_, i) => i));
    assert.ok(read.length >= ok + 101);
  },
});
