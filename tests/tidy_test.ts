/**
 * The code base keeps its own rules: sizes, names, who may import whom, lists that are complete. Each test names every
 * place that breaks its rule.
 */
import assert from "node:assert/strict";
import { basename, posix } from "node:path";
import { lineCount, parseSource, type SourceFile, textFiles } from "./support/source_files.ts";
import { projectRoot } from "./support/tidemark.ts";

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

const texts = await textFiles();
const sources = texts.filter(({ path }) => /\.tsx?$/.test(path)).map(parseSource);

const areaOf = (path: string): string => (path.includes("/") ? path.slice(0, path.indexOf("/")) : "entry");
const inTests = ({ path }: { readonly path: string }) => path.startsWith("tests/");

/** Fails with the list of places. */
const none = (places: readonly string[], rule: string) => assert.deepEqual([...places], [], rule);

Deno.test("the scan sees the code: sources of every part, functions, imports", () => {
  const areas = new Set(sources.map(({ path }) => areaOf(path)));
  for (const area of ["core", "ingest", "processor", "adapters", "cli", "routes", "tests", "entry"]) {
    assert.ok(areas.has(area), area);
  }
  const main = sources.find(({ path }) => path === "main.ts");
  assert.ok(main !== undefined && main.functions.length > 0 && main.imports.some(({ to }) => to === "core/errors.ts"));
  const sample = parseSource({
    path: "a/b.ts",
    text: 'import "../c.ts";\nexport const f = (x: any) => {\n  console.log(x);\n};\nexport default f;\n',
  });
  const { imports, functions, consoles, anys, defaultExports, otherExports } = sample;
  assert.deepEqual({ imports, functions, consoles, anys, defaultExports, otherExports }, {
    imports: [{ to: "c.ts", line: 1 }],
    functions: [{ line: 2, lines: 3, ownLines: 3 }],
    consoles: [3],
    anys: [2],
    defaultExports: 1,
    otherExports: 1,
  });
});

Deno.test("no function is longer than 70 lines", () => {
  // A suite of tests is a function that registers others: what those take does not count for it.
  const long = sources.flatMap((file) =>
    file.functions.filter(({ lines, ownLines }) => (inTests(file) ? ownLines : lines) > FUNCTION_LINES_MAX)
      .map(({ line, lines }) => `${file.path}:${line} has ${lines}`)
  );
  none(long, "split them");
});

Deno.test("no source file is longer than 400 lines", () => {
  const code = texts.filter(({ path }) => /\.(ts|tsx|sql)$/.test(path));
  const long = code.filter(({ text }) => lineCount(text) > FILE_LINES_MAX);
  none(long.map(({ path, text }) => `${path} has ${lineCount(text)}`), "split them");
});

/** The folders of the project; what a run leaves in another one is no part of it. */
const FOLDERS = "adapters bench cli core docs examples ingest islands jobs processor routes sql standins static tests";
const LOCAL_FOLDERS = "_fresh data node_modules";

Deno.test("nothing stands at the top but the project's folders", () => {
  const known = new Set(`${FOLDERS} ${LOCAL_FOLDERS}`.split(" "));
  const folders = [...Deno.readDirSync(projectRoot)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  none(folders.filter((name) => !known.has(name) && !name.startsWith(".")), "remove them, or name them here");
});

/** Fresh reads a route's path from its file name. */
const ROUTE_NAME = /^(_?[a-z][a-z0-9_]*|\[(\.\.\.)?[a-z][a-z0-9_]*\])\.tsx?$/;
const SNAKE_NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*\.tsx?$/;
const PASCAL_NAME = /^([A-Z][a-z0-9]*)+\.tsx$/;

function hasGoodName(path: string): boolean {
  const name = basename(path);
  if (/(^|\/)(islands|\(_components\))\//.test(path)) return PASCAL_NAME.test(name) || /^[a-z_]+\.ts$/.test(name);
  return SNAKE_NAME.test(name) || (path.includes("routes/") && ROUTE_NAME.test(name));
}

Deno.test("files are named in snake_case, components in PascalCase, migrations by number", () => {
  none(sources.filter(({ path }) => !hasGoodName(path)).map(({ path }) => path), "rename them");
  const migrations = texts.filter(({ path }) => path.startsWith("sql/") && path.endsWith(".sql"));
  none(migrations.filter(({ path }) => !/^sql\/\d{6}_[a-z0-9_]+\.sql$/.test(path)).map(({ path }) => path), "rename");
});

/** What each part may import beside itself; a part that is not named is an entry or a test and may import anything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ingest: ["core"],
  processor: ["core"],
  adapters: ["core", "sql"],
  jobs: ["core", "adapters", "processor", "ingest"],
  routes: ["core", "islands"],
  islands: ["core", "routes"],
  sql: [],
  standins: [],
};

/** The entries of single services stand beside what they start. */
const isEntry = (path: string) => /^[a-z]+\/main\.ts$/.test(path);

function badImports({ path, imports }: SourceFile): string[] {
  const area = areaOf(path);
  const others = allowed[area];
  if (others === undefined || isEntry(path)) return [];
  return imports.filter(({ to }) => /\.tsx?$/.test(to)).filter(({ to }) => {
    const target = areaOf(to);
    if (area === "islands" && target === "routes") return !/^routes\/\(_(lib|components)\)\//.test(to);
    return target !== area && !others.includes(target);
  }).map(({ to, line }) => `${path}:${line} imports ${to}`);
}

Deno.test("imports go one way: core ◀ ingest, processor, adapters, jobs, routes ◀ the entries", () => {
  none(sources.flatMap(badImports), "turn the dependency around, or pass it in");
});

Deno.test("only entries, the command line, jobs and tests import adapters", () => {
  const importers = sources.filter(({ imports }) => imports.some(({ to }) => to.startsWith("adapters/")));
  const strangers = importers.filter(({ path }) =>
    !isEntry(path) && !["adapters", "cli", "jobs", "tests", "bench", "examples", "entry"].includes(areaOf(path))
  );
  none(strangers.map(({ path }) => path), "pass the port in");
});

Deno.test("nobody imports an entry, and app code takes the stand-ins by their public names", () => {
  const places = sources.filter((file) => !inTests(file) && areaOf(file.path) !== "standins").flatMap((
    { path, imports },
  ) =>
    imports.filter(({ to }) =>
      to.startsWith("standins/") || isEntry(to) || (to === "main.ts" && !["entry", "bench"].includes(areaOf(path)))
    ).map(({ to, line }) => `${path}:${line} imports ${to}`)
  );
  none(places, "import `fresh`, `fresh/runtime` or `@std/streams`");
});

Deno.test("console is for the command line, benchmarks and tests", () => {
  const places = sources.filter(({ path }) => !["cli", "bench", "tests", "examples"].includes(areaOf(path)));
  none(places.flatMap(({ path, consoles }) => consoles.map((line) => `${path}:${line}`)), "report by status or note");
});

Deno.test("no signature says any", () => {
  const code = sources.filter((file) => !inTests(file));
  none(code.flatMap(({ path, anys }) => anys.map((line) => `${path}:${line}`)), "say unknown, or what it is");
});

Deno.test("an island file has one default export and nothing else", () => {
  const islands = sources.filter(({ path }) => path.startsWith("islands/"));
  const bad = islands.filter(({ defaultExports, otherExports }) => defaultExports !== 1 || otherExports !== 0);
  none(bad.map(({ path }) => path), "move the rest to routes/(_lib)");
});

/** Lists; the files beside them are of use only when they are named there. */
const lists: readonly string[] = [
  "core/events/mod.ts",
  "ingest/sources/mod.ts",
  "ingest/quality/rules/mod.ts",
  "processor/metrics/mod.ts",
  "processor/detectors/mod.ts",
  "processor/pipelines/mod.ts",
  "adapters/mod.ts",
  "cli/export/formats.ts",
];

/** Files beside a list that are no members of it. */
const noMembers = new Set(["core/events/derived.ts"]);

/** Files of a folder that a list reaches through imports. */
function reached(list: string): Set<string> {
  const seen = new Set([list]);
  for (const path of seen) {
    const file = sources.find((source) => source.path === path);
    for (const { to } of file?.imports ?? []) if (posix.dirname(to) === posix.dirname(list)) seen.add(to);
  }
  return seen;
}

Deno.test("the lists are there, say that they are, and name every file beside them", () => {
  for (const list of lists) {
    const file = sources.find(({ path }) => path === list);
    assert.ok(file !== undefined, `${list} is missing`);
    assert.match(file.text, /THE LIST/, list);
    const beside = sources.map(({ path }) => path).filter((path) => posix.dirname(path) === posix.dirname(list));
    const known = reached(list);
    const forgotten = beside.filter((path) => !known.has(path) && !noMembers.has(path) && !isWorker(path));
    none(forgotten, `not reached from ${list}`);
  }
  assert.match(sources.find(({ path }) => path === "main.ts")!.text, /THE LIST of commands/);
});

/** A worker is named by its URL; a script that is run by hand imports the list's files instead. */
function isWorker(path: string): boolean {
  const name = basename(path);
  return sources.some(({ text }) => text.includes(`"./${name}", import.meta.url`)) || name.endsWith("_prepare.ts");
}

Deno.test("every migration is in the list", () => {
  const { text } = sources.find(({ path }) => path === "sql/mod.ts")!;
  const migrations = texts.filter(({ path }) => /^sql\/.*\.sql$/.test(path)).map(({ path }) => basename(path));
  assert.ok(migrations.length > 0);
  none(migrations.filter((name) => !text.includes(name)), "name them in sql/mod.ts");
});

/** Put together, so that this file does not hold what it looks for. */
const forbidden: readonly [what: string, pattern: RegExp][] = [
  ["a path of one machine", new RegExp(String.raw`(?<![\w.)\]}-])/` + `(home|Users|root|work)` + String.raw`/\w`)],
  ["a path of one machine", new RegExp(String.raw`\b[A-Z]:\\+` + "(Users|work)", "i")],
  ["a registry's host", new RegExp(["registry", "npmjs"].join(String.raw`\.`))],
  ["a registry's host", new RegExp("https?://[^/\\s\"']*" + ["(artifac", "nexus|verdac", "mirror)"].join("[a-z]*|"))],
];

Deno.test("no file holds a path of somebody's machine or the host of a registry", () => {
  const samples = [
    ["see ", "home", "me"].join("/"),
    ["C:", "Users", "me"].join("\\"),
    ["registry", "npmjs", "org"].join("."),
  ];
  for (const sample of samples) assert.ok(forbidden.some(([, pattern]) => pattern.test(sample)), sample);
  const places = texts.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, i) =>
      forbidden.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${path}:${i + 1} holds ${what}`)
    )
  );
  none(places, "take it out");
});
