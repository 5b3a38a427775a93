/**
 * Follows a page of documentation in a copy of the project: runs its commands, makes its files, adds its lines.
 * @module
 */
import assert from "node:assert/strict";
import { dirname } from "node:path";

/** A fenced block of a page. */
export interface Block {
  /** `sh`, `sh refused`, `ts`, `sql`. */
  readonly kind: string;
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/^```([a-z ]+)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind: kind!, text: text! }));

/** What a command printed. */
export interface Printed {
  readonly command: string;
  readonly code: number;
  readonly text: string;
}

/** Does what a block says. */
export async function follow({ kind, text }: Block, folder: string): Promise<Printed | null> {
  if (kind === "sh" || kind === "sh refused") return await run(text, folder, { isRefused: kind === "sh refused" });
  const [, path, content] = /^(?:\/\/|--) (\S+)\n([\s\S]*)$/.exec(text) ?? [];
  assert.ok(path !== undefined && content !== undefined, `a ${kind} block does not say its file:\n${text}`);
  await Deno.mkdir(`${folder}/${dirname(path)}`, { recursive: true });
  if (kind === "sql") await Deno.writeTextFile(`${folder}/${path}`, content);
  else await Deno.writeTextFile(`${folder}/${path}`, withLines(await Deno.readTextFile(`${folder}/${path}`), content));
  return null;
}

/** Adds imports before the first one, exports at the end, and the lines of a list to the list. */
export function withLines(file: string, added: string): string {
  const [, opening, entries] = /^(export const [^\n]*\[)\n([\s\S]*?)^\];$/m.exec(added) ?? [];
  const lines = added.split("\n");
  const imports = lines.filter((line) => line.startsWith("import ")).map((line) => line + "\n").join("");
  const exports = lines.filter((line) => /^export \{/.test(line)).map((line) => line + "\n").join("");
  let made = file.replace(/^import /m, () => `${imports}import `) + exports;
  if (opening !== undefined && entries !== undefined) {
    assert.ok(made.includes(opening + "\n"), `there is no list that begins with ${opening}`);
    made = made.replace(opening + "\n", () => `${opening}\n${entries}`);
  }
  assert.notEqual(made, file, "a block added nothing");
  return made;
}

async function run(text: string, folder: string, { isRefused }: { isRefused: boolean }): Promise<Printed> {
  const command = new Deno.Command("bash", {
    args: ["-euc", text],
    cwd: folder,
    // A task that runs this test has a folder of its own in INIT_CWD, which tasks pass on.
    env: { NO_COLOR: "1", INIT_CWD: folder },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  const printed = { command: text, code, text: decoder.decode(stdout) + decoder.decode(stderr) };
  assert.equal(code !== 0, isRefused, `${text} ended with ${code}:\n${printed.text}`);
  return printed;
}
