/**
 * Own small implementation of `fresh/dev`: builds an app in memory or into `_fresh/`. The only part that uses esbuild.
 *
 * @module
 */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { App, ListenOptions } from "./app.ts";
import { type Bundle, bundle, CHUNK_PATH } from "./bundle.ts";
import { isRoutePath } from "./fs_routes.ts";
import { liveReload } from "./live_reload.ts";
import { applySnapshot, indexIslands, type Snapshot, type StaticFile } from "./snapshot.ts";
import { writeBuild } from "./write_build.ts";

/** Where the parts of a project are. */
export interface BuilderOptions {
  /** Folder of the project; the main module's folder if absent. */
  root?: string;
  /** Where a build is written, `_fresh`. */
  outDir?: string;
  /** Files served as they are, `static`. */
  staticDir?: string;
  /** Islands, `islands`. */
  islandDir?: string;
  /** Routes, `routes`. */
  routeDir?: string;
  /** Module that exports `app`, `main.ts`. */
  serverEntry?: string;
}

/** How to build. */
export interface BuildOptions {
  /** `disk` (default) writes the output folder as well. */
  snapshot?: "disk" | "memory";
  /** `production` (default) minifies. */
  mode?: "development" | "production";
}

/** A project's files, found by a walk; paths are relative to their folder, with slashes. */
export interface ProjectFiles {
  /** Absolute folders. */
  readonly dirs: Required<BuilderOptions>;
  /** Files of routes/ that take part. */
  readonly routes: readonly string[];
  /** Files of islands/. */
  readonly islands: readonly string[];
  /** Files of static/. */
  readonly statics: readonly string[];
}

/** Builds an app: bundles its islands, lists its routes and static files. */
export class Builder {
  readonly #dirs: Required<BuilderOptions>;

  /** Takes folders that differ from the usual ones. */
  constructor(options: BuilderOptions = {}) {
    const root = toPath(options.root ?? dirname(fileURLToPath(Deno.mainModule)));
    const at = (path: string) => resolve(root, path);
    this.#dirs = {
      root,
      outDir: at(options.outDir ?? "_fresh"),
      staticDir: at(options.staticDir ?? "static"),
      islandDir: at(options.islandDir ?? "islands"),
      routeDir: at(options.routeDir ?? "routes"),
      serverEntry: at(options.serverEntry ?? "main.ts"),
    };
  }

  /** Builds in memory for development and serves; run under `deno run --watch=routes,islands,static` pages reload. */
  async listen<State>(importApp: () => Promise<{ app: App<State> }>, options: ListenOptions = {}): Promise<void> {
    const apply = await this.#build({ snapshot: "memory", mode: "development" }, liveReload());
    const { app } = await importApp();
    apply(app);
    await app.listen(options);
  }

  /** Builds; what it gives back applies the build to an app in this process. */
  async build(options: BuildOptions = {}): Promise<<State>(app: App<State>) => void> {
    return await this.#build(options, null);
  }

  async #build(
    { snapshot = "disk", mode = "production" }: BuildOptions,
    reload: Snapshot["reload"],
  ): Promise<<State>(app: App<State>) => void> {
    const files = await listFiles(this.#dirs);
    const { root, islandDir } = this.#dirs;
    const islandFiles = files.islands.map((file) => join(islandDir, file));
    const bundled = islandFiles.length > 0 ? await bundle({ root, islandFiles, mode }) : null;
    if (snapshot === "disk") await writeBuild(files, bundled);
    const inMemory = snapshot === "memory" ? await load(files, bundled, { mode, reload }) : null;
    return (app) => {
      if (inMemory === null) throw new Error(`Cannot apply a build on disk: import ${files.dirs.outDir}/server.js`);
      applySnapshot(app, inMemory);
    };
  }
}

function toPath(root: string): string {
  return root.startsWith("file:") ? fileURLToPath(root) : resolve(root);
}

async function listFiles(dirs: Required<BuilderOptions>): Promise<ProjectFiles> {
  const [routes, islands, statics] = await Promise.all([
    walk(dirs.routeDir),
    walk(dirs.islandDir),
    walk(dirs.staticDir),
  ]);
  return {
    dirs,
    routes: routes.filter(isRoutePath),
    islands: islands.filter((path) => /\.(tsx?|jsx?)$/.test(path) && !/_test\.\w+$/.test(path)),
    statics,
  };
}

/** Files below a folder in a fixed order; symbolic links are left out, as they may lead anywhere. */
async function walk(dir: string, base = dir): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(dir)) {
      const path = join(dir, entry.name);
      if (entry.isDirectory) found.push(...await walk(path, base));
      else if (entry.isFile) found.push(relative(base, path).replaceAll("\\", "/"));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error; // a project need not have every folder
  }
  return found.sort();
}

/** Imports routes and islands into this process. */
async function load(
  { dirs, routes, islands, statics }: ProjectFiles,
  bundled: Bundle | null,
  { mode, reload }: Pick<Snapshot, "mode" | "reload">,
): Promise<Snapshot> {
  const importFrom = async (dir: string, path: string): Promise<Record<string, unknown>> =>
    await import(pathToFileURL(join(dir, path)).href);
  const files = new Map<string, StaticFile>();
  for (const path of statics) {
    files.set(`/${path}`, { hash: null, immutable: false, read: () => Deno.readFile(join(dirs.staticDir, path)) });
  }
  for (const [name, content] of bundled?.files ?? []) {
    files.set(`${CHUNK_PATH}/${name}`, { hash: name, immutable: true, read: () => Promise.resolve(content) });
  }
  const islandModules = [];
  for (const [i, name] of islands.entries()) {
    const chunk = bundled?.islands[i];
    if (chunk !== undefined) islandModules.push({ name, chunk, module: await importFrom(dirs.islandDir, name) });
  }
  const routeFiles = [];
  for (const path of routes) routeFiles.push({ path, module: await importFrom(dirs.routeDir, path) });
  return {
    mode,
    routes: routeFiles,
    islands: indexIslands(islandModules),
    runtime: bundled?.runtime ?? null,
    files,
    reload,
  };
}
