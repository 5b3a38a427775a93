/**
 * Makes the image of a fresh PGlite cluster again: `deno run -A adapters/pglite_prepare.ts`. To be run when the version of
 * PGlite in deno.json changes; the store creates its cluster the slow way until then.
 * @module
 */
import { PGlite } from "@electric-sql/pglite";
import { installedPgliteVersion } from "./pglite_cluster.ts";
import { packImage } from "./pglite_image.ts";

/** Writes adapters/assets/pglite_cluster.br.b64 and the version file beside it; gives the length of the image. */
export async function prepareCluster(assets: URL): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-cluster-" });
  try {
    const db = await PGlite.create({ dataDir: `${folder}/pg` });
    // Leaves the log of initdb behind: only the segment in use is needed, and it is all but empty.
    await db.exec("CHECKPOINT; SELECT pg_switch_wal(); CHECKPOINT");
    const { rows } = await db.query<{ segment: string; postgres: string }>(
      "SELECT pg_walfile_name(pg_current_wal_insert_lsn()) AS segment, current_setting('server_version') AS postgres",
    );
    await db.close();
    const { segment, postgres } = rows[0]!;
    const image = packImage(`${folder}/pg`, (path) => /^pg_wal\/[0-9A-F]{24}$/.test(path) && !path.endsWith(segment));
    await Deno.writeTextFile(new URL("pglite_cluster.br.b64", assets), image);
    const version = { pglite: installedPgliteVersion, postgres };
    await Deno.writeTextFile(new URL("pglite_cluster.json", assets), `${JSON.stringify(version)}\n`);
    return image.length;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const length = await prepareCluster(new URL("./assets/", import.meta.url));
  await Deno.stdout.write(new TextEncoder().encode(`pglite_cluster.br.b64: ${length} characters\n`));
}
