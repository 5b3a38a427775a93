/**
 * The toxicity model: reads messages, sums up the heads, and asks the dense layers in tfjs. Loaded on demand, so that
 * nothing else pays for tfjs.
 * @module
 */
import { brotliDecompressSync } from "node:zlib";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { CHAR_GRAM_LENGTHS, countNames, COUNTS, MessageReader, PLACE_BITS, PLACES } from "./toxicity_features.ts";

/**
 * The heads: toxicity as learned from tweets, as learned from game chat, and which of the two a message is like: the same
 * word weighs differently in each.
 */
export const headNames = ["tweets", "chat", "likeness"] as const;

/** Inputs of the dense layers: of each head the part of letters and the part of words, then the counts. */
export const INPUTS = 2 * headNames.length + COUNTS;

/** Brings sums of the heads to about −1 to 1. */
export const HEAD_SCALE = 0.25;

/** All about the model but the weights of the heads: `model.json`. */
export interface ToxicitySpec {
  /** Form of the features; another one cannot be read. */
  readonly features: number;
  readonly placeBits: number;
  readonly heads: readonly string[];
  readonly counts: readonly string[];
  /** Weight of a head = its 8-bit number × this. */
  readonly headScales: readonly number[];
  readonly dense: {
    readonly hidden: number;
    readonly kernel1: readonly number[];
    readonly bias1: readonly number[];
    readonly kernel2: readonly number[];
    readonly bias2: readonly number[];
  };
}

/** Rises when plain text, n-grams or counts change, so that old weights are refused instead of misread. */
export const FEATURES_VERSION = 3;

/** Messages that go through the dense layers at a time. */
const BATCH_ROWS = 512;

/** Scores texts. */
export interface ToxicityModel {
  /** Toxicity of each text in [0, 1], in order; the cut into calls makes no difference. */
  score(texts: readonly string[]): Float32Array;
  [Symbol.dispose](): void;
}

/** Weights of all heads as 8-bit numbers: of each place the heads beside each other. */
export function unpackHeads(text: string): Int8Array {
  const bytes = brotliDecompressSync(Uint8Array.fromBase64(text.trim()));
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Puts a model together.
 *
 * @throws {RangeError} when the weights are of another form than this code reads.
 */
export async function openModel(spec: ToxicitySpec, heads: Int8Array): Promise<ToxicityModel> {
  refuseOtherForm(spec, heads);
  // Without its advice to install a native backend, and without its checks of every number.
  tf.enableProdMode();
  await tf.setBackend("cpu");
  const { hidden, kernel1, bias1, kernel2, bias2 } = spec.dense;
  const layers = tf.tidy(() => ({
    kernel1: tf.keep(tf.tensor2d([...kernel1], [INPUTS, hidden])),
    bias1: tf.keep(tf.tensor1d([...bias1])),
    kernel2: tf.keep(tf.tensor2d([...kernel2], [hidden, 1])),
    bias2: tf.keep(tf.tensor1d([...bias2])),
  }));
  const reader = new MessageReader();
  const scoreBatch = (texts: readonly string[]): Float32Array => {
    const inputs = new Float32Array(texts.length * INPUTS);
    texts.forEach((text, i) => {
      reader.read(text);
      readInputs(inputs, { at: i * INPUTS, reader, heads, headScales: spec.headScales });
    });
    return tf.tidy(() => {
      const x = tf.tensor2d(inputs, [texts.length, INPUTS]);
      const inner = tf.relu(tf.add(tf.matMul(x, layers.kernel1), layers.bias1));
      return tf.sigmoid(tf.add(tf.matMul(inner, layers.kernel2), layers.bias2)).dataSync() as Float32Array;
    });
  };
  return {
    score(texts) {
      const scores = new Float32Array(texts.length);
      for (let from = 0; from < texts.length; from += BATCH_ROWS) {
        scores.set(scoreBatch(texts.slice(from, from + BATCH_ROWS)), from);
      }
      return scores;
    },
    [Symbol.dispose]: () => tf.dispose(Object.values(layers)),
  };
}

/** Where the inputs of a message are from, and where they go. */
interface InputsOfMessage {
  /** First place of the row that they are written to. */
  readonly at: number;
  readonly reader: MessageReader;
  readonly heads: Int8Array;
  readonly headScales: readonly number[];
}

/**
 * Writes the inputs of the dense layers for the message that the reader holds: of letters, then of words, the sum of each
 * head. Written out for each head, since this is where the time goes.
 */
function readInputs(inputs: Float32Array, { at, reader, heads, headScales }: InputsOfMessage): void {
  const { places, charCount, gramCount, counts } = reader;
  for (let part = 0; part < 2; part++) {
    const from = part === 0 ? 0 : charCount;
    const to = part === 0 ? charCount : gramCount;
    if (from === to) continue;
    let tweets = 0;
    let chat = 0;
    let likeness = 0;
    for (let i = from; i < to; i++) {
      const place = places[i]! * 3;
      tweets += heads[place]!;
      chat += heads[place + 1]!;
      likeness += heads[place + 2]!;
    }
    const factor = HEAD_SCALE / Math.sqrt(to - from);
    inputs[at + part] = tweets * factor * headScales[0]!;
    inputs[at + part + 2] = chat * factor * headScales[1]!;
    inputs[at + part + 4] = likeness * factor * headScales[2]!;
  }
  for (let i = 0; i < COUNTS; i++) inputs[at + 2 * headNames.length + i] = counts[i]!;
}

function refuseOtherForm(spec: ToxicitySpec, heads: Int8Array): void {
  const { features, placeBits, dense: { hidden, kernel1 } } = spec;
  const fits = features === FEATURES_VERSION && placeBits === PLACE_BITS &&
    spec.heads.join() === headNames.join() && spec.counts.join() === countNames.join() &&
    heads.length === PLACES * headNames.length && kernel1.length === INPUTS * hidden;
  if (!fits) {
    throw new RangeError(
      `Cannot open the toxicity model: its features are of form ${features} (${placeBits} bits, ${kernel1.length} ` +
        `weights), and this version reads form ${FEATURES_VERSION} (${PLACE_BITS} bits, up to ${CHAR_GRAM_LENGTHS.max} ` +
        "letters); train it again",
    );
  }
}
