import type { App } from "./app.ts";
import { setBuildId } from "./build_id.ts";

/** A file that is served as it is. */
export interface StaticFile {
  /** Hash of its content, for the ETag; null = take it from what is read (development). */
  readonly hash: string | null;
  /** True if its name changes with its content. */
  readonly immutable: boolean;
  /** Reads its content. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** A client module and what it imports statically, as paths from the app's root. */
export interface Chunk {
  /** Its own path. */
  readonly path: string;
  /** Paths to load ahead, itself first. */
  readonly preload: readonly string[];
}

/** An exported component of a file in islands/. */
export interface Island {
  /** For messages. */
  readonly name: string;
  /** Name of the export within its chunk. */
  readonly exportName: string;
  /** Client module. */
  readonly chunk: Chunk;
}

/** A module of routes/, with its path from there. */
export interface RouteFile {
  /** Such as `blog/[id].tsx`. */
  readonly path: string;
  /** All its exports. */
  readonly module: Readonly<Record<string, unknown>>;
}

/** Everything that a build knows and an App needs for fsRoutes, islands and static files. */
export interface Snapshot {
  /** Given to the app's settings. */
  readonly mode: "development" | "production";
  /** Modules of routes/. */
  readonly routes: readonly RouteFile[];
  /** Islands by component. */
  readonly islands: ReadonlyMap<unknown, Island>;
  /** The boot module; null without islands. */
  readonly runtime: Chunk | null;
  /** Served files by decoded URL path. */
  readonly files: ReadonlyMap<string, StaticFile>;
  /** Development only: source of the module that reloads the page, and the endpoint it listens to. */
  readonly reload: { script: string; answer(req: Request): Response | null } | null;
}

const snapshots = new WeakMap<object, Snapshot>();

/** Connects a build with an app. */
export function applySnapshot<State>(app: App<State>, snapshot: Snapshot): void {
  snapshots.set(app, snapshot);
  app.config.mode = snapshot.mode;
}

/** The build that an app uses, if one was applied. */
export function snapshotOf(app: object): Snapshot | null {
  return snapshots.get(app) ?? null;
}

/** What a build writes into `_fresh/snapshot.js`. */
export interface DiskSnapshot {
  /** `import.meta.url` of the snapshot: files are found next to it, whatever the working folder. */
  base: string;
  /** Build id, unless DENO_DEPLOYMENT_ID is set. */
  buildId: string;
  /** Modules of routes/. */
  routes: RouteFile[];
  /** Modules of islands/ with their chunks. */
  islands: { name: string; chunk: Chunk; module: Record<string, unknown> }[];
  /** The boot module. */
  runtime: Chunk | null;
  /** URL path to [file below base, hash, immutable]. */
  files: Record<string, [file: string, hash: string, immutable: boolean]>;
}

/** Makes the snapshot of a build on disk. */
export function readSnapshot(disk: DiskSnapshot): Snapshot {
  setBuildId(disk.buildId);
  const files = new Map<string, StaticFile>();
  for (const [path, [file, hash, immutable]] of Object.entries(disk.files)) {
    // A file's name may hold % or ?, which a URL would read otherwise.
    const url = new URL(file.split("/").map(encodeURIComponent).join("/"), disk.base);
    files.set(path, { hash, immutable, read: () => Deno.readFile(url) });
  }
  return {
    mode: "production",
    routes: disk.routes,
    islands: indexIslands(disk.islands),
    runtime: disk.runtime,
    files,
    reload: null,
  };
}

/** Every exported function of every island file is an island. */
export function indexIslands(modules: DiskSnapshot["islands"]): Map<unknown, Island> {
  const islands = new Map<unknown, Island>();
  for (const { name, chunk, module } of modules) {
    for (const [exportName, value] of Object.entries(module)) {
      if (typeof value === "function") islands.set(value, { name, exportName, chunk });
    }
  }
  return islands;
}
