/**
 * The sparse part of the model: a weight per place of the hashed n-grams and head, learned by logistic regression with
 * AdaGrad (J. Duchi et al., 2011). It is computed here and not in the network, since a message uses a few hundred of
 * 262,144 places.
 * @module
 */
import { MessageReader, PLACES } from "../../enrichers/toxicity_features.ts";
import type { Example } from "./chat_examples.ts";
import type { Chance } from "./random.ts";

/** An example as the heads read it. */
export interface SparseExample {
  readonly places: Int32Array;
  readonly charCount: number;
  readonly counts: Float32Array;
  readonly target: number;
  readonly weight: number;
}

/** Reads examples. */
export function sparseExamples(examples: readonly Example[]): SparseExample[] {
  const reader = new MessageReader();
  return examples.map(({ text, target, weight }) => {
    reader.read(text);
    return {
      places: reader.places.slice(0, reader.gramCount),
      charCount: reader.charCount,
      counts: reader.counts.slice(),
      target,
      weight,
    };
  });
}

/** What a head makes of an example: the part of its letters and the part of its words. */
export interface HeadParts {
  readonly chars: number;
  readonly words: number;
}

/** Parts of a message: sums of weights over n-grams, each divided by the root of their number. */
export function headParts(
  weights: Float32Array,
  { places, charCount, gramCount }: { places: Int32Array; charCount: number; gramCount: number },
): HeadParts {
  let chars = 0;
  for (let i = 0; i < charCount; i++) chars += weights[places[i]!]!;
  let words = 0;
  for (let i = charCount; i < gramCount; i++) words += weights[places[i]!]!;
  const wordCount = gramCount - charCount;
  return {
    chars: charCount === 0 ? 0 : chars / Math.sqrt(charCount),
    words: wordCount === 0 ? 0 : words / Math.sqrt(wordCount),
  };
}

/** How a head learns. */
export interface HeadOptions {
  readonly chance: Chance;
  readonly epochs: number;
  readonly learningRate: number;
  readonly l2: number;
}

/** Learns the weights of a head. */
export function trainHead(
  examples: readonly SparseExample[],
  { chance, epochs, learningRate, l2 }: HeadOptions,
): Float32Array {
  const weights = new Float32Array(PLACES);
  const squares = new Float32Array(PLACES).fill(1e-3);
  let bias = 0;
  let order = examples.map((_, i) => i);
  for (let epoch = 0; epoch < epochs; epoch++) {
    order = chance.shuffled(order);
    const rate = learningRate / (1 + epoch * 0.3);
    for (const index of order) {
      const { places, charCount, target, weight } = examples[index]!;
      const gramCount = places.length;
      const { chars, words } = headParts(weights, { places, charCount, gramCount });
      const error = weight * (1 / (1 + Math.exp(-(chars + words + bias))) - target);
      bias -= 0.01 * rate * error;
      if (Math.abs(error) < 1e-3) continue;
      const charStep = error / Math.sqrt(Math.max(1, charCount));
      const wordStep = error / Math.sqrt(Math.max(1, gramCount - charCount));
      for (let i = 0; i < gramCount; i++) {
        const place = places[i]!;
        const gradient = (i < charCount ? charStep : wordStep) + l2 * weights[place]!;
        squares[place]! += gradient * gradient;
        weights[place]! -= rate * gradient / Math.sqrt(squares[place]!);
      }
    }
  }
  return weights;
}
