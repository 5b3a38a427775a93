/**
 * Ports that die: at the n-th call of a store, before or after it has done its work, as a process does that is killed.
 * @module
 */
import type { EnginePorts } from "../../processor/engine/assignment.ts";

/** How and when a life ends. */
export interface Death {
  /** The call at which it happens, from 1; Infinity = never. */
  readonly atCall: number;
  /** Whether that call still does its work. */
  readonly afterwards: boolean;
  /** Whether the stores go on answering, as after a failure that passes; a killed process hears no answer any more. */
  readonly passes: boolean;
}

/** What a call of dead ports rejects with. */
export class DeathError extends Error {
  override readonly name = "DeathError";
}

/** The ports of one life. */
export interface MortalPorts<P extends EnginePorts> {
  readonly ports: P;
  /** Ends the life now: from here on every call rejects, and no batch comes. */
  kill(): void;
}

/** Wraps ports so that they die. */
export function mortal<P extends EnginePorts>(ports: P, death: Death): MortalPorts<P> {
  let calls = 0;
  let dead = false;
  const guard = async (work: () => unknown): Promise<unknown> => {
    if (dead) throw new DeathError("dead");
    const fatal = ++calls === death.atCall;
    if (fatal && !death.passes) dead = true;
    if (fatal && !death.afterwards) throw new DeathError(`died before call ${calls}`);
    const result = await work();
    if (fatal || dead) throw new DeathError(`died after call ${calls}`);
    return result;
  };
  const reading = async function* (batches: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    for await (const batch of batches) {
      if (dead) throw new DeathError("dead");
      yield batch;
    }
  };
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        if (name === "consume") return (...args: unknown[]) => reading(member.apply(target, args));
        return (...args: unknown[]) => guard(() => member.apply(target, args));
      },
    });
  const { log, windowStore, summaryStore } = ports;
  const wrapped = { log: wrap(log), windowStore: wrap(windowStore), summaryStore: wrap(summaryStore) };
  return { ports: { ...ports, ...wrapped }, kill: () => void (dead = true) };
}
