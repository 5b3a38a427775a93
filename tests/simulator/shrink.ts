/**
 * Makes a failing scenario smaller, as long as it goes on failing in the same way: fewer actions, fewer records, shorter
 * waits, plainer options.
 * @module
 */
import type { Action, Scenario, SimRecord, Step } from "./scenario.ts";

/** Whether a scenario fails as the first one did. */
export type Fails = (scenario: Scenario) => Promise<boolean>;

/** What kind of failure it is: its first words, without numbers. */
export const kindOf = (failure: string): string =>
  failure.split("\n")[0]!.replaceAll(/[\d"[\]{}.,-]+/g, "#").slice(0, 40);

/** The smallest scenario that was found within so many attempts. */
export async function shrunk(
  scenario: Scenario,
  { fails, attemptsMax }: { fails: Fails; attemptsMax: number },
): Promise<{ scenario: Scenario; attempts: number }> {
  let best = scenario;
  let attempts = 0;
  const tries = async (candidate: Scenario): Promise<boolean> => {
    if (attempts >= attemptsMax || !isFair(candidate)) return false;
    attempts++;
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let progress = true; progress && attempts < attemptsMax;) {
    progress = await shorter(() => best.steps, (steps) => tries({ ...best, steps }));
    if (await shorter(() => recordsOf(best), (records) => tries(withRecords(best, records)))) progress = true;
    for (const candidate of plainer(best)) if (await tries(candidate(best))) progress = true;
  }
  return { scenario: best, attempts };
}

/** Takes parts out of a list, large ones first. @returns whether any could go. */
async function shorter<T>(list: () => readonly T[], tries: (rest: readonly T[]) => Promise<boolean>): Promise<boolean> {
  let any = false;
  for (let size = Math.ceil(list().length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = list().length - size; at >= 0; at -= size) {
      if (await tries([...list().slice(0, at), ...list().slice(at + size)])) any = true;
    }
  }
  return any;
}

/** A record and the step that sends it. */
interface Placed {
  readonly step: number;
  readonly record: SimRecord;
}

const recordsOf = ({ steps }: Scenario): Placed[] =>
  steps.flatMap(({ action }, step) =>
    action.kind === "append" ? action.records.map((record) => ({ step, record })) : []
  );

function withRecords(scenario: Scenario, records: readonly Placed[]): Scenario {
  const steps = scenario.steps.map((step, i): Step => {
    if (step.action.kind !== "append") return step;
    const own = records.filter((placed) => placed.step === i).map(({ record }) => record);
    return { ...step, action: own.length === 0 ? { kind: "quiet" } : { kind: "append", records: own } };
  });
  return { ...scenario, steps };
}

/** A repeat is of a record that was there: whoever sends lower seqs for the first time breaks the rules of producers. */
function isFair(scenario: Scenario): boolean {
  const sent = new Map<number, Set<number>>();
  return recordsOf(scenario).every(({ record: { producer, seq } }) => {
    if (producer === null) return true;
    const seqs = sent.get(producer) ?? new Set();
    sent.set(producer, seqs);
    const fair = seqs.has(seq) || seq > Math.max(-1, ...seqs);
    seqs.add(seq);
    return fair;
  });
}

/** Ways to make the rest of a scenario plainer. */
function plainer({ steps, options }: Scenario): ((scenario: Scenario) => Scenario)[] {
  const waits = steps.flatMap(({ afterMs }, i) =>
    [0, 1, Math.floor(afterMs / 2)].filter((ms) => ms < afterMs).map((ms) => (scenario: Scenario) => ({
      ...scenario,
      steps: scenario.steps.map((step, at) => (at === i ? { ...step, afterMs: ms } : step)),
    }))
  );
  const actions = steps.flatMap(({ action }, i) =>
    plainerActions(action).map((plain) => (scenario: Scenario) => ({
      ...scenario,
      steps: scenario.steps.map((step, at) => (at === i ? { ...step, action: plain } : step)),
    }))
  );
  const plain: Partial<Scenario["options"]>[] = [
    { partitions: 1 },
    { slowPercent: 0, slowMs: 0 },
    { skewMs: 0 },
    { idleTimeoutMs: null },
    { batchRecordsMax: 1 },
    { commitRecordsMax: 1 },
  ];
  const changes = plain.filter((part) =>
    Object.entries(part).some(([name, value]) => options[name as keyof typeof options] !== value)
  );
  return [
    ...changes.map((part) => (scenario: Scenario) => ({ ...scenario, options: { ...scenario.options, ...part } })),
    ...waits,
    ...actions,
  ];
}

function plainerActions(action: Action): Action[] {
  const plain: Action[] = [];
  if (action.kind === "trap" && action.nth > 1) plain.push({ ...action, nth: 1 });
  if ("process" in action && action.process > 0) plain.push({ ...action, process: 0 });
  if (action.kind === "pause" && action.forMs > 50) plain.push({ ...action, forMs: 50 });
  return plain;
}
