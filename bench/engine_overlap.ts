/**
 * What overlap costs the engine: 1-minute windows sliding by 60 s, 10 s, 1 s and 100 ms over the same records, from
 * record to row, without stores. Count, mean and max first, then distinct and top-K apart. Best of several, each in a process of its own.
 *
 *     deno task bench:overlap [--events N] [--keys N] [--rounds N]
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { EngineCost } from "./engine_child.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    events: { type: "string", default: "2000000" },
    keys: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
  },
});
const slides = [60_000, 10_000, 1_000, 100];
const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

async function measure(slideMs: number, metrics: string): Promise<EngineCost> {
  const child = fileURLToPath(new URL("./engine_child.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-read",
      "--allow-sys",
      "--allow-env",
      child,
      String(slideMs),
      metrics,
      values.events,
      values.keys,
    ],
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

for (const metrics of ["plain", "distinct", "top_k"]) {
  print(
    `\n${
      metrics === "plain" ? "count, mean, max" : metrics
    }: ${values.events} events, ${values.keys} keys, windows of 60 s`,
  );
  let first: EngineCost | undefined;
  for (const slideMs of slides) {
    let best: EngineCost | undefined;
    for (let round = 0; round < Number(values.rounds); round++) {
      const cost = await measure(slideMs, metrics);
      if (best === undefined || cost.eventsPerCpuSec > best.eventsPerCpuSec) best = cost;
    }
    first ??= best!;
    const exact = best!.counted === Number(values.events) * 60_000 / slideMs ? "exact" : "WRONG";
    const speed = `${Math.round(best!.eventsPerSec / 1000)}k events/s (${
      (best!.eventsPerSec / first.eventsPerSec).toFixed(2)
    })`;
    const perCpu = `${Math.round(best!.eventsPerCpuSec / 1000)}k events/CPU-s (${
      (best!.eventsPerCpuSec / first.eventsPerCpuSec).toFixed(2)
    })`;
    const memory = `${Math.round(best!.residentBytesMax / 2 ** 20)} MiB (${
      (best!.residentBytesMax / first.residentBytesMax).toFixed(2)
    })`;
    print(
      `  slide ${String(slideMs).padStart(5)} ms  ${speed.padEnd(26)} ${perCpu.padEnd(28)} ${memory.padEnd(16)} ` +
        `${best!.panes} panes, ${Math.round(best!.panesPerSec / 1000)}k panes/s  ${exact}`,
    );
  }
}
