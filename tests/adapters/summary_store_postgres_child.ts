/** A process to be stopped: owns partition 0 of topic t and commits one count after the other until it is fenced. */
import { changeOf, progressOf } from "../contracts/summary_store_fixture.ts";
import { openStore, targetOf } from "../support/postgres_store.ts";

const [url = ""] = Deno.args;
const say = (word: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${word}\n`));

await using open = await openStore(targetOf(url), { times: { idleInTransactionMs: 1_000 } });
const { epoch, progress } = await open.store.acquire({ topic: "t", partition: 0 }, ["chat"]);
for (let nextOffset = (progress[0]?.nextOffset ?? 0) + 1;; nextOffset++) {
  const runCounts = [{ runId: "run", pipeline: "chat", counter: "in", value: 1 }];
  const outcome = await open.store.commit(
    changeOf("t", epoch, { progress: [progressOf("chat", nextOffset)], runCounts }),
  );
  say(outcome === "committed" ? String(nextOffset) : outcome);
  if (outcome === "fenced") break;
}
