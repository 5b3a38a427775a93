/**
 * An owner that is stopped, overtaken and woken changes nothing any more, wherever it was stopped.
 */
import assert from "node:assert/strict";
import { changeOf, progressOf } from "../contracts/summary_store_fixture.ts";
import { openStore, targetOf, testOn } from "../support/postgres_store.ts";
import { findPostgres, missingPostgres } from "../support/services/postgres.ts";
import { pause, waitUntil } from "../support/services/service.ts";

function startOwner(url: string) {
  const script = new URL("./summary_store_postgres_child.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-env", "--allow-net", "--allow-sys", "--no-prompt", script, url],
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
  return { child, said, heard };
}

testOn(
  missingPostgres(),
  "an owner that is stopped, overtaken and woken is fenced, and no count is lost or doubled",
  async () => {
    await using server = await findPostgres();
    const url = await server.newDatabase();
    await using next = await openStore(targetOf(url));
    let commits = 0;
    for (let round = 0; round < 4; round++) {
      const { child, said, heard } = startOwner(url);
      await waitUntil(() => said.length >= 30, { timeoutMs: 20_000, what: "thirty commits" });
      // Between two commits or within one: the rounds differ.
      await pause(round * 3);
      child.kill("SIGSTOP");
      const { epoch, progress } = await next.store.acquire({ topic: "t", partition: 0 }, ["chat"]);
      const reached = progress[0]!.nextOffset;
      const runCounts = [{ runId: "run", pipeline: "chat", counter: "in", value: 1 }];
      const change = changeOf("t", epoch, { progress: [progressOf("chat", reached + 1)], runCounts });
      assert.equal(await next.store.commit(change), "committed");
      child.kill("SIGCONT");
      assert.equal((await child.status).code, 0);
      await heard;
      assert.equal(said.at(-1), "fenced");
      // An answer that it had not read when it was stopped was still there when it woke.
      assert.equal(Number(said.at(-2)), reached);
      commits = reached + 1;
    }
    const [counted] = await next.store.runCounts("run");
    assert.equal(counted!.value, commits);
    assert.equal((await next.store.progress())[0]!.nextOffset, commits);
  },
);
