import type * as esbuild from "esbuild";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A deno.json's imports with the folder that they are relative to. */
export interface ImportMap {
  /** Folder of the deno.json. */
  readonly dir: string;
  /** Specifier to target. */
  readonly imports: Readonly<Record<string, string>>;
}

const EMPTY = Object.freeze({});

/** Reads the import map of the nearest deno.json at or above a folder. */
export async function readImportMap(root: string): Promise<ImportMap> {
  for (let dir = root;; dir = dirname(dir)) {
    try {
      const config = JSON.parse(await Deno.readTextFile(join(dir, "deno.json")));
      return { dir, imports: config.imports ?? EMPTY };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    if (dirname(dir) === dir) return { dir: root, imports: EMPTY };
  }
}

/** What a bare specifier means by the import map, or null. */
export function applyImportMap({ imports }: ImportMap, specifier: string): string | null {
  if (Object.hasOwn(imports, specifier)) return imports[specifier] ?? null;
  const prefixes = Object.keys(imports).filter((key) => specifier.startsWith(key.endsWith("/") ? key : `${key}/`));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) return null;
  const target = imports[longest] ?? "";
  const rest = specifier.slice(longest.endsWith("/") ? longest.length : longest.length + 1);
  return target.endsWith("/") ? target + rest : `${target}/${rest}`;
}

/** The name by which node_modules knows an `npm:` specifier: without its version. */
export function npmName(specifier: string): string {
  return specifier.replace(/^npm:\/?/, "").replace(/^((?:@[^/]+\/)?[^/@]+)@[^/]+/, "$1");
}

// One copy of each in the bundle, or hooks and signals would not find their component.
const SHARED = /^(preact|@preact\/signals)(\/|$)/;

/** Gives esbuild Deno's view of bare specifiers, and browsers their side of `fresh/runtime`. */
export function denoResolver(importMap: ImportMap): esbuild.Plugin {
  const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  return {
    name: "deno-imports",
    setup(build) {
      const fromRoot = (path: string, kind: esbuild.ImportKind) =>
        build.resolve(path, { resolveDir: importMap.dir, kind, pluginData: "resolved" });
      build.onResolve({ filter: /^fresh(\/|$)/ }, ({ path }) => {
        if (path === "fresh/runtime") return { path: here("./runtime_client.ts") };
        return { errors: [{ text: `Cannot import "${path}" in an island: it is server code; use "fresh/runtime"` }] };
      });
      build.onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, pluginData }) => {
        if (pluginData === "resolved" || kind === "entry-point" || path.startsWith("node:")) return undefined;
        if (SHARED.test(path)) return await fromRoot(path, kind);
        const isOurs = !importer.split(/[\\/]/).includes("node_modules"); // packages know nothing of our import map
        const target = isOurs ? applyImportMap(importMap, path) ?? path : path;
        if (target.startsWith("npm:")) return await fromRoot(npmName(target), kind);
        if (target.startsWith(".")) return { path: resolve(importMap.dir, target) };
        if (!/^\w+:/.test(target)) return undefined;
        return { errors: [{ text: `Cannot bundle "${path}": ${target} is not in node_modules` }] };
      });
    },
  };
}
