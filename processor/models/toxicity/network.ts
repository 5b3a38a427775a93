/**
 * The dense part of the model, in tfjs: what the heads and the counts say together.
 * @module
 */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { Chance } from "./random.ts";

/** Pulls the weights of the layers towards zero. */
const WEIGHT_DECAY = 2e-5;

/** Weights of the dense layers: inputs → hidden (relu) → one logit. */
export interface DenseWeights {
  readonly inputs: number;
  readonly hidden: number;
  /** inputs × hidden, row by row. */
  readonly kernel1: readonly number[];
  readonly bias1: readonly number[];
  /** hidden × 1. */
  readonly kernel2: readonly number[];
  readonly bias2: readonly number[];
}

/** What the network learns from: rows of inputs, with their targets and weights. */
export interface DenseExamples {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** How the network learns. */
export interface DenseOptions {
  readonly chance: Chance;
  readonly width: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly batchRows: number;
  readonly learningRate: number;
}

/** Learns the dense layers with Adam. */
export async function trainNetwork(examples: DenseExamples, options: DenseOptions): Promise<DenseWeights> {
  // Without its advice to install a native backend, and without its checks of every number.
  tf.enableProdMode();
  await tf.setBackend("cpu");
  const { chance, width, hidden, epochs, learningRate } = options;
  const start = (rows: number, columns: number) =>
    tf.tensor2d(
      Float32Array.from({ length: rows * columns }, () => (chance.next() * 2 - 1) * Math.sqrt(6 / (rows + columns))),
      [rows, columns],
    );
  const variables = [start(width, hidden), tf.zeros([hidden]), start(hidden, 1), tf.zeros([1])].map((tensor) =>
    tf.variable(tensor)
  );
  // A second, slower round settles what the first one has found.
  const rounds = [{ epochs, rate: learningRate }, { epochs: Math.ceil(epochs / 2), rate: learningRate / 6 }];
  for (const round of rounds) {
    learn(examples, variables, { ...options, epochs: round.epochs, learningRate: round.rate });
  }
  const numbers = (tensor: tf.Variable): number[] => [...tensor.dataSync()];
  const [kernel1, bias1, kernel2, bias2] = variables.map(numbers) as [number[], number[], number[], number[]];
  tf.dispose(variables);
  return { inputs: width, hidden, kernel1, bias1, kernel2, bias2 };
}

function learn(
  examples: DenseExamples,
  variables: readonly tf.Variable[],
  { chance, width, epochs, batchRows, learningRate }: DenseOptions,
): void {
  const [kernel1, bias1, kernel2, bias2] = variables as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const optimizer = tf.train.adam(learningRate);
  const rowCount = examples.targets.length;
  let order = Array.from({ length: rowCount }, (_, i) => i);
  for (let epoch = 0; epoch < epochs; epoch++) {
    order = chance.shuffled(order);
    for (let from = 0; from < rowCount; from += batchRows) {
      const batch = batchOf(examples, order.slice(from, from + batchRows), width);
      tf.tidy(() => {
        const gradients = gradientsOf(batch, { kernel1, bias1, kernel2, bias2 });
        optimizer.applyGradients(gradients.map((tensor, i) => ({ name: variables[i]!.name, tensor })));
      });
    }
  }
  optimizer.dispose();
}

interface Batch {
  readonly inputs: Float32Array;
  readonly shape: [rows: number, width: number];
  readonly targets: Float32Array;
  /** Weights, divided by the number of rows. */
  readonly weights: Float32Array;
}

function batchOf(examples: DenseExamples, rows: readonly number[], width: number): Batch {
  const inputs = new Float32Array(rows.length * width);
  rows.forEach((row, i) => inputs.set(examples.inputs.subarray(row * width, (row + 1) * width), i * width));
  return {
    inputs,
    shape: [rows.length, width],
    targets: Float32Array.from(rows, (row) => examples.targets[row]!),
    weights: Float32Array.from(rows, (row) => examples.weights[row]! / rows.length),
  };
}

/**
 * Gradients of the mean weighted cross-entropy, layer by layer. Written out, since tfjs-core alone brings no gradients
 * and the package that does is five times its size.
 */
function gradientsOf(
  { inputs, shape, targets, weights }: Batch,
  { kernel1, bias1, kernel2, bias2 }: Readonly<Record<"kernel1" | "bias1" | "kernel2" | "bias2", tf.Variable>>,
): tf.Tensor[] {
  const [rows] = shape;
  const x = tf.tensor2d(inputs, shape);
  const inner = tf.relu(tf.add(tf.matMul(x, kernel1), bias1));
  const scores = tf.sigmoid(tf.add(tf.matMul(inner, kernel2), bias2));
  const error = tf.mul(tf.sub(scores, tf.tensor2d(targets, [rows, 1])), tf.tensor2d(weights, [rows, 1]));
  const innerError = tf.mul(tf.matMul(error, kernel2, false, true), tf.step(inner));
  const decayed = (gradient: tf.Tensor, kernel: tf.Variable) => tf.add(gradient, tf.mul(kernel, WEIGHT_DECAY));
  return [
    decayed(tf.matMul(x, innerError, true, false), kernel1),
    tf.sum(innerError, 0),
    decayed(tf.matMul(inner, error, true, false), kernel2),
    tf.sum(error, 0),
  ];
}
