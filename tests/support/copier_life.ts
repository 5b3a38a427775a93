/**
 * What befalls a process that copies (rekey, lookup) from its start to its end, for property tests of both.
 * @module
 */
import fc from "fast-check";
import type { AppendBatch, EventLog } from "../../core/ports.ts";
import type { EnginePorts } from "../../processor/engine/assignment.ts";
import { RekeyCopiers } from "../../processor/engine/rekey_copiers.ts";
import type { Pipeline } from "../../processor/pipeline.ts";
import type { Death } from "./mortal_ports.ts";

/** How a process ends, and who works beside it. */
export interface CopierLife {
  readonly death: Death;
  /** Whether positions are saved after the records, as on Kafka: a death in between repeats copies. */
  readonly savesPositionsLater: boolean;
  /** Whether a copier that was overtaken works beside this life. */
  readonly hasZombie: boolean;
  readonly end: "stopped" | "killed";
  readonly windows: "kept" | "lost";
}

/** Arbitrary lives that die at one of the first so many calls of a port, or later than they live. */
export const copierLife = ({ callsMax }: { readonly callsMax: number }) => ({
  death: fc.record({ atCall: fc.integer({ min: 1, max: callsMax }), afterwards: fc.boolean(), passes: fc.boolean() }),
  savesPositionsLater: fc.boolean(),
  hasZombie: fc.boolean(),
  end: fc.constantFrom("stopped" as const, "killed" as const),
  windows: fc.constantFrom("kept" as const, "lost" as const),
});

/** A life in which nothing happens: the last one, which brings all to an end. */
export const calmLife: CopierLife = {
  death: { atCall: Infinity, afterwards: false, passes: false },
  savesPositionsLater: false,
  hasZombie: false,
  end: "stopped",
  windows: "kept",
};

/** A copier that copies on from where it thinks that it is, whoever else does; once there is an internal topic. */
export async function haunt(
  pipelines: readonly Pipeline[],
  { log, clock }: EnginePorts,
  signal: AbortSignal,
): Promise<void> {
  if ((await log.endOffsets(pipelines[0]!.topic).catch(() => null)) === null) return;
  const floors = { set: () => Promise.resolve() };
  const rest = { idleTimeoutMs: null, onNote: () => {}, onProgress: () => {} };
  await new RekeyCopiers(pipelines, { log, clock, floors, group: "zombie", ...rest }).run(signal);
}

/** The log with positions that are saved after the records, not together with them. */
export function savingPositionsLater(log: EventLog): EventLog {
  const append = async ({ writes, positions }: AppendBatch) => {
    await log.append({ writes });
    if (positions !== undefined) await log.append({ writes: [], positions });
  };
  return new Proxy(log, { get: (target, name) => name === "append" ? append : Reflect.get(target, name) });
}
