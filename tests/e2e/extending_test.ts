/**
 * docs/extending.md, followed to the letter in a copy of the project.
 */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { type Block, blocksOf, follow, type Printed, withLines } from "../support/followed_page.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { projectRoot } from "../support/tidemark.ts";

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** What is, or is about to be, under version control: what a clone would have. */
async function cloneTo(folder: string): Promise<void> {
  const listed = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], projectRoot);
  for (const path of listed.split("\0").filter(Boolean)) {
    const from = `${projectRoot}/${path}`;
    if (!(await Deno.stat(from).then((found) => found.isFile, () => false))) continue;
    await Deno.mkdir(`${folder}/${dirname(path)}`, { recursive: true });
    await Deno.copyFile(from, `${folder}/${path}`);
  }
  await run(Deno.execPath(), ["install", "--frozen"], folder);
}

const page = await Deno.readTextFile(`${projectRoot}/docs/extending.md`);

Deno.test("docs/extending.md works in a fresh clone: source, metric, detector, pipelines, rows, tile, endpoint", () =>
  inTempFolder(async (folder) => {
    await cloneTo(folder);
    const printed: Printed[] = [];
    const blocks = blocksOf(page);
    for (const [i, block] of blocks.entries()) {
      const result = await follow(block, folder);
      if (result !== null) printed.push(result);
      if (block.kind === "sh refused") assertTellsMigration(result!, blocks.slice(i));
    }
    const printedBy = (words: string) => printed.find(({ command }) => command.includes(words))!.text;
    assert.equal(printedBy("decode rooms.txt").match(/"source":"room_counter"/g)?.length, 6);
    assert.match(printedBy("-A processor/metrics/longest_of.ts"), /hello everybody/);
    const read = async (name: string) => (await Deno.readTextFile(`${folder}/${name}`)).trim().split("\n");
    assert.deepEqual((await read("audience.csv")).slice(0, 3).map((line) => line.split(",").slice(0, 5).join()), [
      "stream_id,window_start,window_end,last_viewers,peak_viewers",
      "lobby,2024-08-08T12:00:00.000Z,2024-08-08T12:01:00.000Z,100,100",
      "lobby,2024-08-08T12:01:00.000Z,2024-08-08T12:02:00.000Z,120,120",
    ]);
    assert.deepEqual(await read("broadcasts.csv"), [
      "stream_id,window_start,window_end,mean_viewers,peak_viewers,samples",
      "lobby,2024-08-08T12:00:00.000Z,2024-08-08T12:10:00.000Z,283.3,600,6",
    ]);
    await assertServed(folder);
  }));

/** The refusal prints the migration that the page shows next. */
function assertTellsMigration({ text }: Printed, following: readonly Block[]): void {
  const shown = following.find(({ kind }) => kind === "sql")!.text.replace(/^-- .*\n/, "");
  assert.ok(text.includes(shown), `what was printed is not what the page shows:\n${text}`);
}

/** The dashboard of the clone has the tile, the endpoint and the counters of the new pipelines. */
async function assertServed(folder: string): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "dev", "--source", "room_counter", "--port", "0"],
    cwd: folder,
    env: { NO_COLOR: "1", INIT_CWD: folder },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  });
  await using server = command.spawn();
  try {
    const url = await dashboardUrl(server.stdout);
    const html = await (await fetch(url)).text();
    for (const title of ["People watching", "Peak of the broadcasts"]) assert.ok(html.includes(title), title);
    const rows = await (await fetch(`${url}api/v1/audience?key=lobby&to=2024-08-08T12:02:00Z`)).json();
    assert.deepEqual(rows.rows.map((row: Record<string, unknown>) => row.last_viewers), ["100", "120"]);
    assert.match(await (await fetch(`${url}metrics`)).text(), /pipeline="broadcasts"/);
  } finally {
    server.kill("SIGTERM");
    await server.status;
  }
}

async function dashboardUrl(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true });
    const found = /Dashboard: (\S+)/.exec(text);
    if (found) return found[1]!;
  }
  throw new Error(`The dashboard did not start:\n${text}`);
}

Deno.test("lines are added where a reader would: imports among imports, entries into the list, exports at the end", () => {
  const list = 'import { a } from "./a.ts";\n\nexport const all: readonly A[] = [\n  a,\n];\n';
  const added = 'import { b } from "./b.ts";\n\nexport const all: readonly A[] = [\n  b,\n];\n';
  const made =
    'import { b } from "./b.ts";\nimport { a } from "./a.ts";\n\nexport const all: readonly A[] = [\n  b,\n  a,\n];\n';
  assert.equal(withLines(list, added), made);
  assert.equal(
    withLines('export { a } from "./a.ts";\n', 'export { b } from "./b.ts";\n'),
    'export { a } from "./a.ts";\nexport { b } from "./b.ts";\n',
  );
  assert.throws(() => withLines(list, "export const other = [\n  b,\n];\n"), /no list that begins with/);
});
