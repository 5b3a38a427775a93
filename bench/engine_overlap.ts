/**
 * What overlap costs the engine: 1-minute windows sliding by 60 s, 10 s, 1 s and 100 ms over the same records, from
 * record to row, without stores. Count, mean and max first, then distinct and top-K apart. Best of several, each in a process of its own.
 *
 *     deno task bench:overlap [--events N] [--keys N] [--rounds N]
 * @module
 */
import { fileURLToPath } from "node:url";
import { print } from "../cli/terminal.ts";
import type { EngineCost } from "./engine_child.ts";
import { benchOptions } from "./options.ts";

const { events, keys, rounds } = benchOptions({ events: 2_000_000, keys: 10, rounds: 3 });
const slides = [60_000, 10_000, 1_000, 100];
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
      String(events),
      String(keys),
    ],
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The best run of each slide; in turns, since a machine is not as fast at one moment as at another. */
async function bestInTurns(metrics: string): Promise<Map<number, EngineCost>> {
  const best = new Map<number, EngineCost>();
  for (let round = 0; round < rounds; round++) {
    for (const slideMs of slides) {
      const cost = await measure(slideMs, metrics);
      const other = best.get(slideMs);
      if (other === undefined || cost.eventsPerCpuSec > other.eventsPerCpuSec) best.set(slideMs, cost);
    }
  }
  return best;
}

for (const metrics of ["plain", "distinct", "top_k"]) {
  print(
    `\n${metrics === "plain" ? "count, mean, max" : metrics}: ${events} events, ${keys} keys, windows of 60 s`,
  );
  const best = await bestInTurns(metrics);
  const first = best.get(slides[0]!)!;
  for (const [slideMs, cost] of best) {
    const exact = cost.counted === events * 60_000 / slideMs ? "exact" : "WRONG";
    const speed = `${Math.round(cost.eventsPerSec / 1000)}k events/s (${
      (cost.eventsPerSec / first.eventsPerSec).toFixed(2)
    })`;
    const perCpu = `${Math.round(cost.eventsPerCpuSec / 1000)}k events/CPU-s (${
      (cost.eventsPerCpuSec / first.eventsPerCpuSec).toFixed(2)
    })`;
    const memory = `${Math.round(cost.residentBytesMax / 2 ** 20)} MiB (${
      (cost.residentBytesMax / first.residentBytesMax).toFixed(2)
    })`;
    print(
      `  slide ${String(slideMs).padStart(5)} ms  ${speed.padEnd(26)} ${perCpu.padEnd(28)} ${memory.padEnd(16)} ` +
        `${cost.panes} panes, ${Math.round(cost.panesPerSec / 1000)}k panes/s  ${exact}`,
    );
  }
}
