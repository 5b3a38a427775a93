import { deepEqual, equal, match, notEqual, rejects, throws } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import { applyImportMap, npmName } from "../../../standins/fresh/resolve.ts";
import { ask } from "./support.ts";

const root = fileURLToPath(new URL("./fixture/", import.meta.url));

/** The program that the esbuild package starts: platform packages name it so. */
async function esbuildBinary(): Promise<string> {
  const modules = fileURLToPath(new URL("../../../node_modules/.deno/", import.meta.url));
  const found = await Array.fromAsync(Deno.readDir(modules));
  const name = found.map((entry) => entry.name).find((name) => name.startsWith("@esbuild+"))?.replace("+", "/");
  const folder = name?.replace("/", "+");
  return `${modules}${folder}/node_modules/${name?.replace(/@[^@]*$/, "")}/bin/esbuild`;
}

/** What a build may do: read, write its folder, start esbuild, and read the variables that esbuild looks at. */
const BUILD_PERMISSIONS = [
  "--allow-read",
  `--allow-write=${root}_fresh`,
  `--allow-run=${await esbuildBinary()}`,
  "--allow-env",
];

async function run(args: string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  equal(code, 0, decode(stderr));
  return decode(stdout);
}

const config = `--config=${fileURLToPath(new URL("../../../deno.json", import.meta.url))}`;

/** Chunks that a page names. */
function chunksOf(text: string): string[] {
  return [...new Set(text.match(/\/_fresh\/js\/[\w-]+\.js/g) ?? [])];
}

Deno.test("a build in memory serves pages, islands' chunks and static files of the project", async () => {
  const app = new App().use(staticFiles()).fsRoutes();
  const apply = await new Builder({ root }).build({ snapshot: "memory" });
  apply(app);
  const index = await ask(app, "/");
  equal(index.status, 200);
  const chunks = chunksOf(index.text);
  equal(chunks.length, 4); // the boot module and three islands
  for (const path of [...chunks, ...chunksOf(index.headers.get("link") ?? "")]) {
    const chunk = await ask(app, path);
    deepEqual([chunk.status, chunk.headers.get("content-type")], [200, "text/javascript; charset=utf-8"]);
    match(chunk.headers.get("cache-control") ?? "", /immutable/);
  }
  equal((await ask(app, "/nested/a%20b.txt")).text, "nested\n");
  equal((await ask(app, "/blog/7")).text.includes("post 7"), true);
  equal((await ask(app, "/grouped")).status, 200);
  equal((await ask(app, "/api/data")).text, '{"ok":true}');
});

Deno.test("a dynamic import has a chunk of its own that is not loaded ahead, and preact is there once", async () => {
  const app = new App().use(staticFiles()).fsRoutes();
  (await new Builder({ root }).build({ snapshot: "memory" }))(app);
  const { text, headers } = await ask(app, "/");
  const preloaded = chunksOf(headers.get("link") ?? "");
  const sources = await Promise.all(preloaded.map(async (path) => (await ask(app, path)).text));
  equal(sources.some((source) => source.includes("acquireContext")), false); // Chart.js
  const lazy = (await ask(app, chunksOf(text).find((path) => path.includes("Lazy")) ?? "")).text;
  const dynamic = /import\("\.\/(chunk-\w+\.js|[\w-]+\.js)"\)/.exec(lazy)?.[1];
  match((await ask(app, `/_fresh/js/${dynamic}`)).text, /acquireContext|from"\.\//);
  equal(sources.filter((source) => source.includes("preact-signals")).length, 1);
});

Deno.test("a build with named permissions writes _fresh/, which serves from any folder without esbuild", async () => {
  await using _clean = { [Symbol.asyncDispose]: () => Deno.remove(`${root}_fresh`, { recursive: true }) };
  // Started elsewhere: dev.ts finds its folder by itself.
  await run(["run", "--quiet", "--no-prompt", config, ...BUILD_PERMISSIONS, `${root}dev.ts`], "/");
  const server = await Deno.readTextFile(`${root}_fresh/server.js`);
  match(server, /import \{ app \} from "\.\.\/main\.ts";/);
  const probe = `const { default: server } = await import(${JSON.stringify(`file://${root}_fresh/server.js`)});
    const get = async (path) => { const r = await server.fetch(new Request("http://x" + path)); return [r.status, await r.text()]; };
    const index = await get("/");
    const chunk = index[1].match(/\\/_fresh\\/js\\/[\\w-]+\\.js/)[0];
    const asset = index[1].match(/\\/styles.css\\?__frsh_c=\\w+/)[0];
    const found = [index[0], (await get(chunk))[0], await get(asset), (await get("/nope"))[0]];
    await new Response(JSON.stringify(found)).body.pipeTo(Deno.stdout.writable);`;
  const script = `${root}_fresh/probe.mjs`;
  await Deno.writeTextFile(script, probe);
  const printed = await run(["run", "--quiet", "--no-prompt", config, "--allow-read", script], "/");
  deepEqual(JSON.parse(printed), [200, 200, [200, "body {\n  margin: 0;\n}\n"], 404]);
  const first = await Deno.readTextFile(`${root}_fresh/build_id.js`);
  await new Builder({ root }).build(); // in place of the first
  notEqual(await Deno.readTextFile(`${root}_fresh/build_id.js`), first);
});

Deno.test("a build does not replace a folder that is no build", async () => {
  await rejects(new Builder({ root, outDir: "static" }).build(), /holds other files/);
  const apply = await new Builder({ root, islandDir: "none", outDir: "_fresh" }).build();
  await Deno.remove(`${root}_fresh`, { recursive: true });
  throws(() => apply(new App()), /import .*server\.js/);
});

Deno.test("an island cannot import the server's side of fresh", async () => {
  const builder = new Builder({ root, islandDir: "routes" }); // routes import "fresh"
  await rejects(builder.build({ snapshot: "memory" }), /use "fresh\/runtime"/);
});

Deno.test("listen() serves for development, and tells pages when the server was started anew", async () => {
  const stop = new AbortController();
  const { promise: listening, resolve } = Promise.withResolvers<Deno.NetAddr>();
  const importApp = () => import("./fixture/main.ts");
  const served = new Builder({ root }).listen(importApp, {
    hostname: "127.0.0.1",
    port: 0,
    signal: stop.signal,
    onListen: resolve,
  });
  const base = `http://127.0.0.1:${(await listening).port}`;
  const page = await (await fetch(`${base}/about`)).text();
  match(page, /<script type="module" nonce="\w+">let id;const source=new EventSource\("\/_fresh\/reload"\)/);
  const events = await fetch(`${base}/_fresh/reload`);
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  match((await reader?.read())?.value ?? "", /^retry: \d+\ndata: [\w-]+\n\n$/);
  await reader?.cancel();
  stop.abort();
  await served;
});

Deno.test("bare specifiers resolve by the import map, without versions", () => {
  const map = {
    dir: "/p",
    imports: { "chart.js": "npm:chart.js@4.6.1", "@preact/signals": "npm:@preact/signals@2", "~/": "./src/" },
  };
  equal(applyImportMap(map, "chart.js"), "npm:chart.js@4.6.1");
  equal(applyImportMap(map, "chart.js/auto"), "npm:chart.js@4.6.1/auto");
  equal(applyImportMap(map, "~/a.ts"), "./src/a.ts");
  equal(applyImportMap(map, "other"), null);
  equal(npmName("npm:chart.js@4.6.1/auto"), "chart.js/auto");
  equal(npmName("npm:@preact/signals@^2.1"), "@preact/signals");
  equal(npmName("npm:/preact@10/hooks"), "preact/hooks");
});
