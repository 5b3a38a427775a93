/**
 * Each example is short, runs, and prints what it says.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { lineCount, textFiles } from "../support/source_files.ts";

const LINES_MAX = 60;
const rootFolder = fileURLToPath(new URL("../../", import.meta.url));

/** What each program prints: a part of each line that matters. */
const printed: Readonly<Record<string, readonly string[]>> = {
  "examples/room_counter.ts": ['"stream_id":"lobby","viewer_count":17}', "ignored: none", "dead: time, room, number?"],
  "examples/longest_of.ts": ['"longest_message":"hello everybody"'],
  "examples/sudden_drop.ts": ['"viewers":"300"', "! demo 2024-08-08T12:02:00.000Z: 300 after 870 is less than 50 %"],
  "examples/broadcasts.ts": ['"mean_viewers":"166.7","peak_viewers":"250","samples":3', '"peak_viewers":"80"'],
  "examples/chat_by_category.ts": [
    '"category":"unknown","window_start":"2024-08-08T11:59:00.000Z","window_end":"2024-08-08T12:00:00.000Z","messages":1',
    '"category":"Chess","window_start":"2024-08-08T12:00:00.000Z","window_end":"2024-08-08T12:01:00.000Z","messages":2',
    '"category":"Poker","window_start":"2024-08-08T12:00:00.000Z","window_end":"2024-08-08T12:01:00.000Z","messages":1',
  ],
  "examples/audience.ts": [
    '"last_viewers":"104"',
    '"viewers_spread":"2.828"',
    "! demo 2024-08-08T12:03:00.000Z: 420 is 4.2",
  ],
};

const examples = (await textFiles()).filter(({ path }) => /^examples\/[^/]*\.ts$/.test(path));

Deno.test("there are six examples, each of at most 60 lines, on nothing but the public API", () => {
  assert.deepEqual(examples.map(({ path }) => path).sort(), Object.keys(printed).sort());
  for (const { path, text } of examples) {
    assert.ok(lineCount(text) <= LINES_MAX, `${path} has ${lineCount(text)} lines`);
    const imported = [...text.matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, name]) => name!);
    assert.ok(imported.length > 0 && imported.every((name) => /^tidemark(\/testing)?$/.test(name)), path);
  }
});

for (const { path } of examples) {
  Deno.test(`${path} runs`, async () => {
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-read", "--allow-env", path],
      cwd: rootFolder,
      stdout: "piped",
      stderr: "piped",
    });
    const { code, stdout, stderr } = await command.output();
    const text = new TextDecoder().decode(stdout);
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    for (const part of printed[path]!) assert.ok(text.includes(part), `${part} is not in:\n${text}`);
  });
}
