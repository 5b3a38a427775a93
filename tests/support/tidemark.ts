/**
 * Runs Tidemark's command line as a user would: in a process of its own.
 * @module
 */
import { fileURLToPath } from "node:url";

/** Folder of the project. */
export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));

/** What a finished process left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-net"];

/** The command of a call; `env` is added to the environment. */
export function tidemarkCommand(args: readonly string[], env: Record<string, string> = {}): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, "main.ts", ...args],
    cwd: projectRoot,
    env: { ...env, INIT_CWD: projectRoot },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs a call to its end. */
export async function tidemark(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  const { code, stdout, stderr } = await tidemarkCommand(args, env).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a call that must succeed; its stdout. */
export async function tidemarkOk(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await tidemark(args, env);
  if (code !== 0) throw new Error(`tidemark ${args.join(" ")} ended with ${code}:\n${stderr}`);
  return stdout;
}

/** The counts that a `--json` call ends with. */
export function lastJson(stdout: string): Record<string, unknown> {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "null");
}

/** The lines of an exported table; `env` as for the call that wrote it. */
export async function exportedLines(
  table: string,
  dataDir: string,
  env: Record<string, string> = {},
): Promise<string[]> {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await tidemarkOk(["export", table, "--format", "csv", "--to", path, "--data-dir", dataDir], env);
    return (await Deno.readTextFile(path)).trimEnd().split("\n");
  } finally {
    await Deno.remove(path);
  }
}
