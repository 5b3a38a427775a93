/**
 * What a million live keys cost the engine, beside a thousand: 1-minute windows with count, mean and max, all keys live
 * from the first measured event on; from record to row, without stores. Throughput by the clock and by CPU seconds,
 * memory at its highest, and how long it takes to put all slices back from the embedded WindowStore. Best of several,
 * each in a process of its own.
 *
 *     deno task bench:keys [--events N] [--keys N] [--rounds N]
 * @module
 */
import { fileURLToPath } from "node:url";
import { print } from "../cli/terminal.ts";
import type { EngineCost } from "./engine_child.ts";
import { benchOptions } from "./options.ts";

const { events, keys: keysMax, rounds } = benchOptions({ events: 4_000_000, keys: 1_000_000, rounds: 3 });
async function measure(keys: number): Promise<EngineCost> {
  // All within the first window, so that each key stays live to the end.
  const words = [60_000, "plain", keysMax + events, keys, 59_000, keysMax].map(String);
  const child = fileURLToPath(new URL("./engine_child.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-write", "--allow-sys", "--allow-env", child, ...words],
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const best = new Map<number, EngineCost>();
for (let round = 0; round < rounds; round++) {
  for (const keys of [1_000, keysMax]) {
    const cost = await measure(keys);
    const other = best.get(keys);
    if (other === undefined || cost.eventsPerCpuSec > other.eventsPerCpuSec) best.set(keys, cost);
  }
}
const first = best.get(1_000)!;
print(`count, mean, max: ${events} events over live keys, windows of 60 s`);
for (const [keys, cost] of best) {
  const k = (perSec: number) => `${Math.round(perSec / 1000)}k`;
  print(
    `  ${String(keys).padStart(7)} keys  ${k(cost.eventsPerSec)} events/s (${
      (cost.eventsPerSec / first.eventsPerSec).toFixed(2)
    })  ${k(cost.eventsPerCpuSec)} events/CPU-s (${(cost.eventsPerCpuSec / first.eventsPerCpuSec).toFixed(2)})  ` +
      `${Math.round(cost.residentBytesMax / 2 ** 20)} MiB  restored in ${(cost.restoreMs / 1000).toFixed(1)} s`,
  );
}
