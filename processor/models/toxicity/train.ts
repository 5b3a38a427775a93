/**
 * Trains the toxicity model: heads on hashed n-grams, then the dense layers on what heads say of examples that they have
 * not seen (stacking), so that the layers learn how far each head can be trusted.
 * @module
 */
import { COUNTS, PLACE_BITS, PLACES } from "../../enrichers/toxicity_features.ts";
import { countNames } from "../../enrichers/toxicity_features.ts";
import { FEATURES_VERSION, HEAD_SCALE, headNames, INPUTS, type ToxicitySpec } from "../../enrichers/toxicity_model.ts";
import { chatExamples, type Example } from "./chat_examples.ts";
import { disguised, disguiseFamilies, lastingFamilies } from "./disguise.ts";
import { headParts, type SparseExample, sparseExamples, trainHead } from "./heads.ts";
import { type DenseExamples, trainNetwork } from "./network.ts";
import { type Chance, chanceFrom } from "./random.ts";
import { isToxic, type LabelledText } from "./tweets.ts";
import { harmlessWords } from "./vocabulary.ts";

/** What a training makes. */
export interface TrainedModel {
  readonly spec: ToxicitySpec;
  readonly heads: Int8Array;
  /** Examples that it learned from. */
  readonly counts: { readonly tweets: number; readonly disguisedTweets: number; readonly chat: number };
}

/** How to train. */
export interface TrainOptions {
  readonly seed: number;
  /** Examples of game chat, as a multiple of the usual number. */
  readonly chatScale?: number;
  /** Told what is being done. */
  readonly onNote?: (note: string) => void;
}

/** Parts that the examples are cut into for the stacking. */
const FOLDS = 4;
const HEAD = { epochs: 5, learningRate: 0.2, l2: 1e-5 } as const;
/** A tweet with hidden words counts less than the tweet itself. */
const HIDDEN_WEIGHT = 0.6;
/** The dense layers weigh tweets, which people have labelled, above examples that are put together. */
const CHAT_WEIGHT = 0.5;
const DENSE = { width: INPUTS, hidden: 16, epochs: 14, batchRows: 512, learningRate: 0.004 } as const;
/** The 8-bit numbers reach this far of the sorted absolute weights; the few larger ones are cut. */
const QUANTILE = 0.9999;

/** Trains the model on labelled texts (without those held out) and examples of game chat. */
export async function trainToxicity(rows: readonly LabelledText[], options: TrainOptions): Promise<TrainedModel> {
  const { seed, chatScale = 1, onNote = () => {} } = options;
  const chance = chanceFrom(seed);
  const tweets = rows.map((row): Example => ({
    ...row,
    target: isToxic(row) ? 1 : 0,
    weight: 1,
    origin: "tweets",
    kin: row.text,
  }));
  const hidden = tweets.map((example) => hide(example, chance));
  const chat = chatExamples(chance, { scale: chatScale, vocabulary: harmlessWords(rows) });
  onNote(`reading ${tweets.length + hidden.length} tweets and ${chat.length} examples of chat`);
  const harmless = tweets.filter(({ target }) => target === 0);
  const sets = [toSet([...tweets, ...hidden]), toSet(chat, CHAT_WEIGHT)];
  // Harmless tweets teach the head of chat the words that no template holds.
  const lessons = [
    sets[0]!,
    joined(sets[1]!, toSet(harmless)),
    joined(labelled(sets[0]!, 1), labelled(sets[1]!, 0)),
  ];
  const inputs = await stack(sets, { lessons, chance, onNote });
  onNote("learning the dense layers");
  const dense = await trainNetwork(inputs, { chance, ...DENSE });
  onNote("learning the heads from all examples");
  const heads = lessons.map(({ sparse }) => trainHead(sparse, { chance, ...HEAD }));
  const { inputs: _, ...layers } = dense;
  const { packed, scales } = quantised(heads);
  return {
    spec: {
      features: FEATURES_VERSION,
      placeBits: PLACE_BITS,
      heads: headNames,
      counts: countNames,
      headScales: scales,
      dense: layers,
    },
    heads: packed,
    counts: { tweets: tweets.length, disguisedTweets: hidden.length, chat: chat.length },
  };
}

/** Of the hidden copies, in ways that reading does not undo. */
const LASTING_SHARE = 0.5;

/** A copy of an example with some of its words hidden in some way. */
function hide(example: Example, chance: Chance): Example {
  const family = chance.pick(chance.is(LASTING_SHARE) ? lastingFamilies : disguiseFamilies);
  const text = disguised(example.text, family, { chance, share: 0.3 + 0.7 * chance.next() });
  return { ...example, text, weight: HIDDEN_WEIGHT };
}

interface ExampleSet {
  readonly sparse: readonly SparseExample[];
  readonly folds: readonly number[];
  /** How much its examples count for the dense layers. */
  readonly weight: number;
}

const toSet = (examples: readonly Example[], weight = 1): ExampleSet => ({
  weight,
  sparse: sparseExamples(examples),
  folds: examples.map(({ kin }) => foldOf(kin)),
});

const joined = (a: ExampleSet, b: ExampleSet): ExampleSet => ({
  weight: 1,
  sparse: [...a.sparse, ...b.sparse],
  folds: [...a.folds, ...b.folds],
});

const labelled = (set: ExampleSet, target: number): ExampleSet => ({
  ...set,
  sparse: set.sparse.map((example) => ({ ...example, target, weight: 1 })),
});

function foldOf(kin: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < kin.length; i++) hash = Math.imul(hash ^ kin.charCodeAt(i), 0x0100_0193);
  return ((hash ^ (hash >>> 15)) >>> 0) % FOLDS;
}

/** The inputs of the dense layers: each example as seen by heads that did not learn from it or its kin. */
async function stack(
  sets: readonly ExampleSet[],
  { lessons, chance, onNote }: {
    /** What each head learns from. */
    lessons: readonly ExampleSet[];
    chance: Chance;
    onNote: (note: string) => void;
  },
): Promise<DenseExamples> {
  const total = sets.reduce((sum, { sparse }) => sum + sparse.length, 0);
  const inputs = new Float32Array(total * INPUTS);
  const targets = new Float32Array(total);
  const weights = new Float32Array(total);
  for (let fold = 0; fold < FOLDS; fold++) {
    onNote(`learning the heads, part ${fold + 1} of ${FOLDS}`);
    const heads = lessons.map(({ sparse, folds }) =>
      trainHead(sparse.filter((_, i) => folds[i] !== fold), { chance, ...HEAD })
    );
    let row = 0;
    for (const { sparse, folds, weight } of sets) {
      for (let i = 0; i < sparse.length; i++, row++) {
        if (folds[i] !== fold) continue;
        const example = sparse[i]!;
        writeInputs(inputs.subarray(row * INPUTS, (row + 1) * INPUTS), example, heads);
        targets[row] = example.target;
        weights[row] = example.weight * weight;
      }
    }
    // Lets go of the event loop, so that an interruption is seen.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { inputs, targets, weights };
}

function writeInputs(row: Float32Array, example: SparseExample, heads: readonly Float32Array[]): void {
  heads.forEach((weights, head) => {
    const { chars, words } = headParts(weights, { ...example, gramCount: example.places.length });
    row[2 * head] = chars * HEAD_SCALE;
    row[2 * head + 1] = words * HEAD_SCALE;
  });
  row.set(example.counts.subarray(0, COUNTS), 2 * heads.length);
}

/** Weights as 8-bit numbers, of each place the heads beside each other. */
function quantised(heads: readonly Float32Array[]): { packed: Int8Array; scales: number[] } {
  const packed = new Int8Array(PLACES * heads.length);
  const scales = heads.map((weights, head) => {
    const sizes = weights.map(Math.abs).filter((size) => size > 0).sort();
    const scale = Math.max(1e-6, sizes[Math.floor((sizes.length - 1) * QUANTILE)] ?? 0) / 127;
    for (let place = 0; place < PLACES; place++) {
      packed[place * heads.length + head] = Math.max(-127, Math.min(127, Math.round(weights[place]! / scale)));
    }
    return scale;
  });
  return { packed, scales };
}
