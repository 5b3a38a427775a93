/**
 * From file to rows: 2,000,000 chat lines (100 streams, 10 minutes of event time, 5 % up to 20 s late, 220 bytes) through
 * log, windows and tables on the embedded stores, beside the floor (read the lines and JSON.parse them, nothing else),
 * in turns; the best of each is shown, since a machine can only ever be disturbed to the slow side.
 *
 *     deno task bench [--lines N] [--rounds N] [--record]
 * @module
 */
import { fileURLToPath } from "node:url";
import { print } from "../cli/terminal.ts";
import { writeChatFile } from "../tests/support/chat_file.ts";
import type { Cost } from "./child.ts";
import { benchOptions } from "./options.ts";

const options = benchOptions({ lines: 2_000_000, rounds: 3, record: false });
const { lines, rounds } = options;

async function measure(job: string, ...args: string[]): Promise<Cost> {
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-net"];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, fileURLToPath(new URL("./child.ts", import.meta.url)), job, ...args],
    env: { INIT_CWD: "/" },
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`${job} ended with ${code}:\n${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout).trimEnd().split("\n").at(-1)!);
}

function show(name: string, { wallMs, cpuMs, residentBytesMax }: Cost): string {
  const rate = (ms: number) => `${Math.round(lines / ms)}k`.padStart(6);
  const resident = `${Math.round(residentBytesMax / 2 ** 20)} MiB`.padStart(9);
  return `${name.padEnd(22)} ${rate(wallMs)} events/s ${rate(cpuMs)} events/CPU-s ${resident} resident`;
}

const folder = await Deno.makeTempDir({ prefix: "tidemark-bench-" });
try {
  const file = `${folder}/chat.jsonl`;
  const shape = { seed: 1, streams: 100, durationMs: 600_000, lateShare: 0.05, lateMsMax: 20_000, lineBytes: 220 };
  await writeChatFile({ path: file, lines, ...shape });
  print(
    `${lines} lines, ${(await Deno.stat(file)).size} bytes, ${navigator.hardwareConcurrency} cores, best of ${rounds}`,
  );
  const floors: Cost[] = [];
  const drains: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(await measure("floor", file));
    drains.push(await measure("replay", file, `${folder}/data-${round}`));
    await Deno.remove(`${folder}/data-${round}`, { recursive: true });
  }
  const best = (costs: Cost[]) => costs.reduce((a, b) => (b.wallMs < a.wallMs ? b : a));
  const [floor, drain] = [best(floors), best(drains)];
  const report = [
    show("floor: read + parse", floor),
    show("file to rows", drain),
    `file to rows takes ${(drain.wallMs / floor.wallMs).toFixed(2)} times the floor`,
  ];
  report.forEach(print);
  if (options.record) await record(report);
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function record(report: readonly string[]): Promise<void> {
  const path = new URL("./results.md", import.meta.url);
  const head = `\n## ${
    new Date().toISOString().slice(0, 10)
  }, Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores\n\n`;
  const command = `deno task bench --lines ${lines} --rounds ${rounds}\n`;
  await Deno.writeTextFile(path, `${head}    ${[command.trim(), ...report].join("\n    ")}\n`, { append: true });
}
