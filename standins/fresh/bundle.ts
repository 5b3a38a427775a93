import type * as esbuild from "esbuild";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { denoResolver, readImportMap } from "./resolve.ts";
import type { Chunk } from "./snapshot.ts";

/** URL path under which client modules are served. */
export const CHUNK_PATH = "/_fresh/js";

/** Client modules of a build. */
export interface Bundle {
  /** The boot module. */
  readonly runtime: Chunk;
  /** Chunk of each island file, in their order. */
  readonly islands: readonly Chunk[];
  /** Content by file name. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** What to bundle. */
export interface BundleOptions {
  /** Folder of the project. */
  readonly root: string;
  /** Absolute paths of island files. */
  readonly islandFiles: readonly string[];
  /** Production minifies; development has source maps. */
  readonly mode: "development" | "production";
}

/** Bundles the boot module and the islands for browsers, sharing what they share; esbuild is stopped at the end. */
export async function bundle({ root, islandFiles, mode }: BundleOptions): Promise<Bundle> {
  const esbuild = await import("esbuild");
  const bootFile = fileURLToPath(new URL("./boot_client.ts", import.meta.url));
  const entryPoints = [{ in: bootFile, out: "fresh-runtime" }];
  for (const [i, file] of islandFiles.entries()) {
    entryPoints.push({ in: file, out: `${basename(file).replace(/\W.*$/, "")}-${i}` });
  }
  const importMap = await readImportMap(root);
  const result = await run(() =>
    esbuild.build({
      entryPoints,
      absWorkingDir: root,
      outdir: "out",
      entryNames: "[name]-[hash]",
      chunkNames: "chunk-[hash]",
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      // A deno.json is no tsconfig: without this esbuild would look for one in the folders above.
      tsconfigRaw: "{}",
      minify: mode === "production",
      sourcemap: mode === "development" ? "inline" : false,
      plugins: [denoResolver(importMap)],
      metafile: true,
      write: false,
      logLevel: "silent",
    }), esbuild.stop);
  checkCopies(Object.keys(result.metafile.inputs));
  const files = new Map(result.outputFiles.map((file) => [basename(file.path), new Uint8Array(file.contents)]));
  const chunkOf = (file: string) => findChunk(result.metafile, root, file);
  return { runtime: chunkOf(bootFile), islands: islandFiles.map(chunkOf), files };
}

/** Runs a build; what is no fault of the code that is built is put down to the permissions. */
async function run<T>(build: () => Promise<T>, stop: () => Promise<void>): Promise<T> {
  try {
    return await build();
  } catch (error) {
    if (error instanceof Error && "errors" in error) throw error;
    throw new Error("Cannot run esbuild: a build needs --allow-read, --allow-run and --allow-env", { cause: error });
  } finally {
    await stop(); // else its child process would keep ours alive
  }
}

/** Fails if two copies of a package that must be one got in. */
function checkCopies(inputs: readonly string[]): void {
  for (const name of ["preact", "@preact/signals", "@preact/signals-core"]) {
    const copies = new Set<string>();
    for (const input of inputs) {
      const at = input.lastIndexOf(`node_modules/${name}/`);
      if (at !== -1) copies.add(input.slice(0, at));
    }
    if (copies.size > 1) throw new Error(`Cannot bundle the islands: ${name} is there ${copies.size} times`);
  }
}

/** The output of an entry, with everything that it imports statically. */
function findChunk(metafile: esbuild.Metafile, root: string, file: string): Chunk {
  const entry = relative(root, file).replaceAll("\\", "/");
  const output = Object.keys(metafile.outputs).find((name) => metafile.outputs[name]?.entryPoint === entry);
  if (output === undefined) throw new Error(`Cannot find the chunk of ${entry}`);
  const seen = new Set([output]);
  for (const name of seen) {
    for (const { path, kind } of metafile.outputs[name]?.imports ?? []) {
      if (kind === "import-statement") seen.add(path);
    }
  }
  const preload = [...seen].map((name) => `${CHUNK_PATH}/${basename(name)}`);
  return { path: `${CHUNK_PATH}/${basename(output)}`, preload };
}
