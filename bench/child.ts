/**
 * The measured side of the benchmarks: does one job in a process of its own and says what it cost.
 *
 *     child.ts floor FILE          read the lines and JSON.parse them, nothing else
 *     child.ts replay FILE DIR     the whole way from the file to the rows
 * @module
 */
import process from "node:process";
import { readRecords } from "../ingest/recorded/open_lines.ts";
import { run } from "../main.ts";

/** What a job cost. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time over all threads. */
  readonly cpuMs: number;
  readonly residentBytesMax: number;
}

async function floor(file: string): Promise<void> {
  let emotes = 0;
  for await (const lines of readRecords(file, { format: "lines" })) {
    for (const line of lines) emotes += (JSON.parse(line) as { emotes: string[] }).emotes.length;
  }
  // Used, so that no engine may leave the work out.
  if (emotes < 0) throw new Error("unreachable");
}

const [job, file = "", dataDir = ""] = Deno.args;
const startedMs = performance.now();
if (job === "floor") await floor(file);
else {
  const code = await run([
    "replay",
    file,
    "--source",
    "chat",
    "--speed",
    "max",
    "--drain",
    "--json",
    "--data-dir",
    dataDir,
  ]);
  if (code !== 0) Deno.exit(code);
}
const wallMs = performance.now() - startedMs;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cost: Cost = { wallMs, cpuMs: (userCPUTime + systemCPUTime) / 1000, residentBytesMax: maxRSS * 1024 };
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(cost) + "\n"));
