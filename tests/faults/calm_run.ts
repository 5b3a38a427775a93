/**
 * What a campaign of faults is measured by: the same input in an undisturbed run on the embedded stores.
 * @module
 */
import assert from "node:assert/strict";
import { lastJson } from "../support/tidemark.ts";
import { type Cluster, runCommand } from "./cluster.ts";

const TABLES = ["chat_summary_minute", "chat_sessions", "anomalies"];

/** Ends both runs with the same call of `replay`; rejects where the counts or the tables differ. */
export async function compareWithCalmRun(
  { env, folder }: Pick<Cluster, "env" | "folder">,
  replay: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const drained = await runCommand([...replay, "--drain", "--json"], env);
  assert.equal(drained.code, 0, drained.stderr);
  const embedded = { DATA_DIR: `${folder}/calm` };
  const calm = await runCommand([...replay, "--drain", "--json"], embedded);
  assert.equal(calm.code, 0, calm.stderr);
  const [survived, expected] = [drained, calm].map(({ stdout }) => countsOf(lastJson(stdout)));
  assert.deepEqual(survived, expected);
  for (const table of TABLES) {
    const rows = [];
    for (const variables of [env, embedded]) rows.push(await exported(table, folder, variables));
    assert.ok(table === "anomalies" || rows[1]!.length > 1, `${table} has rows`);
    assert.deepEqual(rows[0], rows[1], table);
    print(`${table}: ${rows[0]!.length - 1} rows, equal`);
  }
}

function countsOf({ run: _run, duration_ms: _duration, ...counts }: Record<string, unknown>): unknown {
  return counts;
}

async function exported(table: string, folder: string, env: Record<string, string>): Promise<string[]> {
  const path = `${folder}/export.csv`;
  const { code, stderr } = await runCommand(["export", table, "--format", "csv", "--to", path], env);
  assert.equal(code, 0, stderr);
  return (await Deno.readTextFile(path)).trimEnd().split("\n");
}
