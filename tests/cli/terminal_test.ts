/**
 * Output that nobody reads to its end, as after `| head -1`, and output that has no room.
 */
import assert from "node:assert/strict";
import { inTempFolder } from "../support/temp_folder.ts";
import { projectRoot, tidemark, tidemarkCommand } from "../support/tidemark.ts";

/** Many lines of chat: more than a pipe holds. */
async function chatFile(folder: string): Promise<string> {
  const line = (i: number) => `@id=m-${i};tmi-sent-ts=1700000000123;user-id=77 :ada!a@a PRIVMSG #demo :hi ${i}\n`;
  await Deno.writeTextFile(`${folder}/chat.txt`, Array.from({ length: 3_000 }, (_, i) => line(i)).join(""));
  return `${folder}/chat.txt`;
}

Deno.test("a command whose output is read no further ends quietly with exit code 141, as others do", () =>
  inTempFolder(async (folder) => {
    const process = tidemarkCommand(["decode", await chatFile(folder), "--source", "twitch"]).spawn();
    await process.stdout.cancel();
    const stderr = await new Response(process.stderr).text();
    assert.deepEqual([(await process.status).code, stderr], [141, ""]);
  }));

Deno.test("so does one whose output file is a pipe that is read no further", () =>
  inTempFolder(async (folder) => {
    const script = 'mkfifo "$0/pipe" && head -c 1 < "$0/pipe"';
    const reader = new Deno.Command("sh", { args: ["-c", script, folder], stdout: "null" }).spawn();
    const text = "hello there\n".repeat(50_000);
    await Deno.writeTextFile(`${folder}/chat.txt`, text);
    const { code, stderr } = await tidemark(["classify", `${folder}/chat.txt`, "--to", `${folder}/pipe`]);
    assert.deepEqual([code, stderr, (await reader.status).code], [141, "", 0]);
  }));

Deno.test("lines for people that nobody reads stop no command", () =>
  inTempFolder(async (folder) => {
    const dead = "rubbish\n".repeat(20_000);
    await Deno.writeTextFile(`${folder}/dead.txt`, `${dead}PING :x\n`);
    const process = tidemarkCommand(["decode", `${folder}/dead.txt`, "--source", "twitch"]).spawn();
    await process.stderr.cancel();
    assert.deepEqual([await new Response(process.stdout).text(), (await process.status).code], ["", 0]);
  }));

Deno.test("an output without room for it is told with the fix", async () => {
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", '"$0" run -A main.ts config > /dev/full', Deno.execPath()],
    cwd: projectRoot,
  }).output();
  assert.equal(code, 4);
  assert.match(
    new TextDecoder().decode(stderr),
    /^error: Cannot write the output: No space left on device.*\n {2}fix: free space on that disk, or write to another\n$/,
  );
});
