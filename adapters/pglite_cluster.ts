/**
 * The data folder of PGlite: made from the prepared image where it fits, else by initdb (2–5 s); opened by the worker.
 *
 * A cluster gets its name `pg` by a rename when it is whole, so a kill leaves a leftover beside it and never half a cluster.
 * @module
 */
import { fsyncSync } from "node:fs";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import config from "../deno.json" with { type: "json" };
import prepared from "./assets/pglite_cluster.json" with { type: "json" };
import { UserError } from "../core/errors.ts";
import { unpackImage } from "./pglite_image.ts";

/** What opening is busy with: the cluster from the image, or by initdb, or starting on it. */
export type PgliteStep = "unpacking" | "creating" | "opening";

/** Version of PGlite by the import map. */
export const installedPgliteVersion: string = config.imports["@electric-sql/pglite"].replace(/^.*@/, "");

/** Version of PGlite that the image was made with. */
export const preparedPgliteVersion: string = prepared.pglite;

/** How to open a cluster. */
export interface OpenClusterOptions {
  readonly onStep?: (step: PgliteStep) => void;
  /** Called with each line that Postgres logs. */
  readonly onLog?: (line: string) => void;
  /** False: never from the image. For tests. */
  readonly image?: boolean;
}

const leftoverPrefix = "pg.new-";

/** Makes the cluster `<dataDir>/pg` if it is missing and starts PGlite on it. The caller holds the DATA_DIR alone. */
export async function openCluster(dataDir: string, options: OpenClusterOptions = {}): Promise<PGlite> {
  Deno.mkdirSync(dataDir, { recursive: true });
  for (const entry of Deno.readDirSync(dataDir)) {
    if (entry.name.startsWith(leftoverPrefix)) Deno.removeSync(`${dataDir}/${entry.name}`, { recursive: true });
  }
  const folder = `${dataDir}/pg`;
  const found = inspect(folder);
  if (found === "other") {
    throw new UserError("unavailable", {
      cause: `${folder} holds files, but not a store of Tidemark`,
      fix: "Move the folder away, or choose another DATA_DIR.",
    });
  }
  if (found !== "cluster") {
    const fresh = `${dataDir}/${leftoverPrefix}${crypto.randomUUID()}`;
    if (options.image !== false && installedPgliteVersion === preparedPgliteVersion) {
      options.onStep?.("unpacking");
      const image = await import("./assets/pglite_cluster.br.b64", { with: { type: "text" } });
      await unpackImage(image.default, fresh);
    } else {
      options.onStep?.("creating");
      await (await startPglite(fresh, options)).close();
    }
    if (found === "empty") Deno.removeSync(folder);
    Deno.renameSync(fresh, folder);
  }
  options.onStep?.("opening");
  return await startPglite(folder, options);
}

function inspect(folder: string): "missing" | "empty" | "cluster" | "other" {
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "missing";
    throw error;
  }
  if (names.length === 0) return "empty";
  return names.includes("PG_VERSION") ? "cluster" : "other";
}

async function startPglite(folder: string, { onLog }: OpenClusterOptions): Promise<PGlite> {
  const options: PGliteOptions = {
    onStderr: (line) => {
      onLog?.(line);
      return false; // PGlite itself prints nothing
    },
    fs: new SyncingNodeFS(folder),
    startParams: [
      ...PGlite.defaultStartParams.filter((param) => param !== "-F"), // -F is "no fsync"
      // The one of the methods that reaches the file system's fsync; fdatasync is empty in this build.
      ...setting("wal_sync_method", "fsync"),
      // 128 MB, the default, is resident memory for nothing: the system caches the files.
      ...setting("shared_buffers", "16MB"),
      ...setting("min_wal_size", "32MB"),
      ...setting("max_wal_size", "64MB"),
    ],
  };
  return await PGlite.create(options);
}

function setting(name: string, value: string): string[] {
  return ["-c", `${name}=${value}`];
}

/** PGlite's own Node file system, which leaves fsync out: with it a commit survives a loss of power too. */
class SyncingNodeFS extends NodeFS {
  override async init(...[pg, emscripten]: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const result = await super.init(pg, emscripten);
    result.emscriptenOpts.preRun!.push((module) => {
      const { NODEFS } = module as unknown as { NODEFS: { stream_ops: Record<string, unknown> } };
      NODEFS.stream_ops["fsync"] = ({ nfd }: { nfd: number }) => {
        fsyncSync(nfd);
        return 0;
      };
    });
    return result;
  }
}
