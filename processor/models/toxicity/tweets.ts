/**
 * The labelled tweets (columns `class` and `tweet`; class 0 hate speech, 1 offensive, 2 neither): read, and cut into the
 * part to learn from and the part that is only for judging.
 * @module
 */
import { chanceFrom } from "./random.ts";

/** A labelled text. */
export interface LabelledText {
  readonly text: string;
  /** 0 hate speech, 1 offensive, 2 neither. */
  readonly label: 0 | 1 | 2;
}

/** Whether a text counts as toxic. */
export const isToxic = ({ label }: LabelledText): boolean => label !== 2;

/** Share of each class that is kept out of the training. */
export const HELD_OUT_SHARE = 0.2;
/** The split never changes, whatever the seed of a training is. */
const SPLIT_SEED = 20_240_808;

/** Cuts labelled texts: of each class, in the order of the file, a fixed fifth is held out. */
export function splitHeldOut(rows: readonly LabelledText[]): { training: LabelledText[]; heldOut: LabelledText[] } {
  const held = new Set<LabelledText>();
  for (const label of [0, 1, 2] as const) {
    const ofClass = chanceFrom(SPLIT_SEED + label).shuffled(rows.filter((row) => row.label === label));
    for (const row of ofClass.slice(0, Math.round(ofClass.length * HELD_OUT_SHARE))) held.add(row);
  }
  return { training: rows.filter((row) => !held.has(row)), heldOut: rows.filter((row) => held.has(row)) };
}
