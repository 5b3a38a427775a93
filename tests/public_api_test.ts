/**
 * The public modules say what each of their symbols is, and every pipeline that ships is short.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { lineCount, textFiles } from "./support/source_files.ts";

const rootFolder = fileURLToPath(new URL("../", import.meta.url));

/** Types that a public one names and that have pages of their own: the schema library's, and the configuration. */
const DESCRIBED_ELSEWHERE = ["ZodType", "ZodString", "Config"];

async function lintOf(module: string): Promise<string[]> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", module],
    cwd: rootFolder,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  });
  const text = new TextDecoder().decode((await command.output()).stderr);
  const found = text.matchAll(/^error\[([a-z-]+)\]: (.*)\n\s*--> (\S+)/gm);
  const faults = [...found].map(([, code, message, place]) => `${code}: ${message} (${place})`);
  // A run that says nothing at all has not looked.
  assert.ok(faults.length > 0 || /Checked/.test(text), text);
  return faults;
}

Deno.test("every symbol of the public API is documented, down to the members, and names public types only", async () => {
  const faults = await lintOf("mod.ts");
  const own = faults.filter((fault) =>
    !DESCRIBED_ELSEWHERE.some((name) => fault.startsWith("private-type-ref") && fault.includes(`type '${name}'`))
  );
  assert.deepEqual(own, []);
});

Deno.test("every symbol of the test kit is documented", async () => {
  const faults = await lintOf("tests/support/mod.ts");
  assert.deepEqual(faults.filter((fault) => !fault.startsWith("private-type-ref")), []);
});

const CORE_LINES_MAX = 40;

Deno.test("the core of each pipeline that ships is under 40 lines", async () => {
  const files = (await textFiles()).filter(({ path }) => /^processor\/pipelines\/(?!mod\.ts)[a-z_]+\.ts$/.test(path));
  assert.ok(files.length >= 3);
  for (const { path, text } of files) {
    // The core is what is left without imports and comments.
    const core = text.replace(/\/\*\*?[\s\S]*?\*\//g, "").replace(/^import [\s\S]*?;$/gm, "").replace(/^\s*\n/gm, "");
    assert.ok(lineCount(core) < CORE_LINES_MAX, `${path} has ${lineCount(core)}`);
  }
});
