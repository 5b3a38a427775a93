import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bundle } from "./bundle.ts";
import type { ProjectFiles } from "./dev.ts";
import { hashOf } from "./static_files.ts";
import type { DiskSnapshot } from "./snapshot.ts";

const HEADER = "// Written by `deno task build`; do not edit.\n";

/** A specifier for an import from the output folder, so that the project can be moved or copied as a whole. */
function specifier(outDir: string, file: string): string {
  const path = relative(outDir, file).replaceAll("\\", "/");
  return JSON.stringify(path.startsWith(".") ? path : `./${path}`);
}

/** Writes chunks, static files, snapshot and server entry into the output folder, in place of what was there. */
export async function writeBuild(project: ProjectFiles, bundled: Bundle | null): Promise<void> {
  const { dirs } = project;
  await removeOld(dirs.outDir);
  await Deno.mkdir(join(dirs.outDir, "js"), { recursive: true });
  const files: DiskSnapshot["files"] = {};
  for (const [name, content] of bundled?.files ?? []) {
    await Deno.writeFile(join(dirs.outDir, "js", name), content);
    files[`/_fresh/js/${name}`] = [`js/${name}`, await hashOf(content), true];
  }
  // Copied, so that `deno compile --include _fresh` has everything.
  for (const path of project.statics) {
    const content = await Deno.readFile(join(dirs.staticDir, path));
    const target = join(dirs.outDir, "static", path);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeFile(target, content);
    files[`/${path}`] = [`static/${path}`, await hashOf(content), false];
  }
  const ours = (file: string) => specifier(dirs.outDir, fileURLToPath(new URL(file, import.meta.url)));
  await Deno.writeTextFile(
    join(dirs.outDir, "build_id.js"),
    // A module of its own that is imported first: routes may call asset() while they are evaluated.
    `${HEADER}import { setBuildId } from ${ours("./build_id.ts")};\n` +
      `export const buildId = ${JSON.stringify(crypto.randomUUID().replaceAll("-", ""))};\nsetBuildId(buildId);\n`,
  );
  await Deno.writeTextFile(
    join(dirs.outDir, "snapshot.js"),
    snapshotSource(project, bundled, files, ours("./snapshot.ts")),
  );
  await Deno.writeTextFile(
    join(dirs.outDir, "server.js"),
    `${HEADER}import { buildId } from "./build_id.js";\n` +
      `import { app } from ${specifier(dirs.outDir, dirs.serverEntry)};\n` +
      `import { applySnapshot } from ${ours("./snapshot.ts")};\n` +
      `import { snapshot } from "./snapshot.js";\n\n` +
      `applySnapshot(app, snapshot);\nexport { buildId };\nexport default { fetch: app.handler() };\n`,
  );
}

/** Removes an earlier build, and nothing that is none. */
async function removeOld(outDir: string): Promise<void> {
  const names = [];
  try {
    for await (const entry of Deno.readDir(outDir)) names.push(entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  if (names.length > 0 && !names.includes("server.js") && !names.includes("js")) {
    throw new Error(`Cannot build into ${outDir}: it holds other files (${basename(names[0] ?? "")}, …)`);
  }
  await Deno.remove(outDir, { recursive: true });
}

/** Imports every route and island statically, so that `deno compile` sees the whole graph. */
function snapshotSource(
  { dirs, routes, islands }: ProjectFiles,
  bundled: Bundle | null,
  files: DiskSnapshot["files"],
  ours: string,
): string {
  const routeImports = routes.map((path, i) =>
    `import * as route${i} from ${specifier(dirs.outDir, join(dirs.routeDir, path))};\n`
  );
  const islandImports = islands.map((path, i) =>
    `import * as island${i} from ${specifier(dirs.outDir, join(dirs.islandDir, path))};\n`
  );
  const routeList = routes.map((path, i) => `    { path: ${JSON.stringify(path)}, module: route${i} },\n`);
  const islandList = islands.map((name, i) =>
    `    { name: ${JSON.stringify(name)}, chunk: ${JSON.stringify(bundled?.islands[i])}, module: island${i} },\n`
  );
  return `${HEADER}import { buildId } from "./build_id.js";\nimport { readSnapshot } from ${ours};\n` +
    routeImports.join("") + islandImports.join("") +
    `\nexport const snapshot = readSnapshot({\n  base: import.meta.url,\n  buildId,\n` +
    `  routes: [\n${routeList.join("")}  ],\n  islands: [\n${islandList.join("")}  ],\n` +
    `  runtime: ${JSON.stringify(bundled?.runtime ?? null)},\n` +
    `  files: ${JSON.stringify(files, null, 2).replaceAll("\n", "\n  ")},\n});\n`;
}
