/**
 * A process to be killed: opens the store in the folder that it is given, says "opened", then commits the offsets that follow
 * the stored one, each with one row of that number, and says each when it is acknowledged.
 * @module
 */
import { openPgliteStore } from "../../adapters/summary_store_pglite.ts";
import { changeOf, chatRow, chatSpec, progressOf, rowsOf, startMs } from "../contracts/summary_store_fixture.ts";

const say = (word: string | number) => Deno.stdout.writeSync(new TextEncoder().encode(`${word}\n`));
const [dataDir, commits = "Infinity"] = Deno.args;
await using store = await openPgliteStore({ dataDir: dataDir!, onProgress: say });
await store.migrate();
const { epoch, progress } = await store.acquire({ topic: "chat", partition: 0 }, ["chat"]);
say("opened");
const first = (progress[0]?.nextOffset ?? 0) + 1;
for (let offset = first; offset < first + Number(commits); offset++) {
  const rows = [rowsOf(chatSpec, [chatRow("killed", startMs + offset, offset, offset)])];
  await store.commit(changeOf("chat", epoch, { progress: [progressOf("chat", offset)], rows }));
  say(offset);
}
