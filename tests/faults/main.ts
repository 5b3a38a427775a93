/**
 * The full campaign: 2,000,000 events, three processors, everything killed, one processor halted for 40 s.
 *
 *     deno task faults [--seed N] [--events N] [--seconds N]
 * @module
 */
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    seed: { type: "string", default: "1" },
    events: { type: "string", default: "2000000" },
    seconds: { type: "string", default: "240" },
  },
});
const print = (line: string) => void Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
await runCampaign({
  seed: Number(values.seed),
  events: Number(values.events),
  streams: 100,
  feedMs: Number(values.seconds) * 1000,
  killsEach: 3,
  haltMs: 40_000,
  sessionTimeoutMs: 30_000,
  downMs: 5_000,
  print,
});
print("the tables and the counts are those of an undisturbed run");
