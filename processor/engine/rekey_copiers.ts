/**
 * All copiers of a processor: one for each internal topic that its pipelines read.
 * @module
 */
import type { LookupStatus } from "../../core/status.ts";
import type { Pipeline } from "../pipeline.ts";
import { rekeyTargets } from "../rekey_targets.ts";
import { RekeyCopier, type RekeyCopierOptions } from "./rekey_copier.ts";
import type { FloorHolder } from "./retention_floors.ts";

/** The copiers of these pipelines. */
export class RekeyCopiers {
  readonly #copiers: readonly RekeyCopier[];
  readonly #log: RekeyCopierOptions["log"];

  constructor(pipelines: readonly Pipeline[], options: Omit<RekeyCopierOptions, "target">) {
    this.#log = options.log;
    this.#copiers = rekeyTargets(pipelines).map((target) =>
      new RekeyCopier({ ...options, target, group: `${options.group}-${target.topic}` })
    );
  }

  /** Records that are not copied yet, as last seen. */
  get lagRecords(): number {
    return this.#copiers.reduce((sum, { lagRecords }) => sum + lagRecords, 0);
  }

  /** What the lookups counted. */
  get lookups(): LookupStatus[] {
    return this.#copiers.flatMap(({ lookupStatus }) => lookupStatus ?? []);
  }

  /** Copies until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#copiers.map((copier) => copier.run(signal)));
  }

  /** Resolves when all that the sources hold now is copied and told; `progressed` resolves at the next progress. */
  async caughtUp(progressed: () => Promise<void>): Promise<void> {
    for (const copier of this.#copiers) {
      const ends = await this.#log.endOffsets(copier.sourceTopic);
      while (copier.isBehind(ends)) await progressed();
      await copier.tell();
    }
  }
}

/** Who reads each topic of these pipelines. */
export function floorHolders(pipelines: readonly Pipeline[]): Map<string, FloorHolder[]> {
  const holders = new Map<string, FloorHolder[]>(pipelines.map(({ topic }) => [topic, ["windows"]]));
  const add = (topic: string, holder: FloorHolder) => holders.set(topic, [...holders.get(topic) ?? [], holder]);
  for (const { contract, topic, lookup } of rekeyTargets(pipelines)) {
    add(contract.topic, `copy to ${topic}`);
    if (lookup !== null) add(lookup.table.topic, `table of ${topic}`);
  }
  return holders;
}

/**
 * Of several readers of a topic, itself and by internal ones, the one that counts its records for their runs: the one
 * that reads the topic itself, else that of the first pipeline. Gives the topic that it reads.
 */
export function countingTopic(pipelines: readonly Pipeline[], sourceTopic: string): string | undefined {
  const readers = pipelines.filter(({ contract }) => contract.topic === sourceTopic);
  return (readers.find(({ rekeyed }) => !rekeyed) ?? readers[0])?.topic;
}
