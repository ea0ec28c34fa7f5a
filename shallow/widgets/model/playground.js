/**
 * A dense network for two classes, made for speed: flat arrays that are allocated once.
 *
 * Parameters are one Float64Array, layer by layer: the rows of W[l], then b[l]; sizes are
 * [inputs, …, 1]. A batch is kept unit by unit, so that the loops run along the observations, four
 * at a time; columns beyond the batch carry no error. Hidden layers share one activation; the output
 * is a logit z, and ŷ = σ(z). Cost: C(θ) = 1/N Σ ℓ(zᵢ, yᵢ) + λ/2 Σ w².
 */

import { quantile } from "./distributions.js";
import { loss } from "./logistic.js";
import { places } from "./network.js";
import { uniforms } from "./random.js";
import { sigmoid } from "./sigmoid.js";

const LANES = 4;

/** What a network can be given of a point (x1, x2). */
export const FEATURES = [
  { key: "x1", label: "x₁", of: ([x1]) => x1 },
  { key: "x2", label: "x₂", of: ([, x2]) => x2 },
  { key: "x1_squared", label: "x₁²", of: ([x1]) => x1 * x1 },
  { key: "x2_squared", label: "x₂²", of: ([, x2]) => x2 * x2 },
  { key: "product", label: "x₁x₂", of: ([x1, x2]) => x1 * x2 },
  { key: "sin_x1", label: "sin 2x₁", of: ([x1]) => Math.sin(2 * x1) },
  { key: "sin_x2", label: "sin 2x₂", of: ([, x2]) => Math.sin(2 * x2) },
];

/** Rows of the named features of each point. */
export function features(points, keys) {
  const chosen = FEATURES.filter(({ key }) => keys.includes(key));
  return points.map((point) => chosen.map(({ of }) => of(point)));
}

/** How many weights and biases a network of these sizes has. */
export function parameterCount(sizes) {
  return sizes.slice(1).reduce((sum, outputs, l) => sum + outputs * (sizes[l] + 1), 0);
}

/**
 * Parameters before training: normal weights of variance 2 / (n_in + n_out) (Glorot), or 2 / n_in
 * into a ReLU (He); no biases.
 */
export function initial(sizes, activation, seed) {
  const u = uniforms(seed, parameterCount(sizes));
  const theta = new Float64Array(u.length);
  places(sizes).forEach(({ inputs, outputs, weight, bias }, l) => {
    const he = activation === "relu" && l + 2 < sizes.length;
    const deviation = Math.sqrt(2 / (he ? inputs : inputs + outputs));
    for (let k = weight; k < bias; k += 1) theta[k] = deviation * quantile("normal", u[k]);
  });
  return theta;
}

/** The indices 0 … n − 1 in an order that the seed decides (Fisher and Yates). */
export function shuffled(n, seed) {
  const u = uniforms(seed, n);
  const rows = [];
  for (let i = 0; i < n; i += 1) {
    const j = Math.floor((i + 1) * u[i]);
    rows.push(i);
    rows[i] = rows[j];
    rows[j] = i;
  }
  return rows;
}

/** Room for one network and one batch; networks of the same parameters may share `theta`. */
export class Network {
  constructor(sizes, activation, capacity, theta = new Float64Array(parameterCount(sizes))) {
    this.stride = LANES * Math.ceil(capacity / LANES);
    this.layers = places(sizes);
    this.activation = activation;
    this.theta = theta;
    this.slopes = new Float64Array(theta.length);
    this.a = sizes.map((size) => new Float64Array(size * this.stride)); // a[0] inputs, a[L] logits
    this.d = sizes.map((size) => new Float64Array(size * this.stride)); // ∂C/∂z
    this.count = 0;
  }

  /** Take the rows of X that `rows` names, from `start`, `count` of them. */
  load(X, rows, start, count) {
    this.count = count;
    const [inputs] = this.a;
    const width = X[0].length;
    for (let k = 0; k < count; k += 1) {
      const x = X[rows[start + k]];
      for (let j = 0; j < width; j += 1) inputs[j * this.stride + k] = x[j];
    }
    return this;
  }

  /** Activations of the batch, layer by layer; returns the logits. */
  forward() {
    const width = LANES * Math.ceil(this.count / LANES);
    const last = this.layers.length;
    for (let l = 1; l <= last; l += 1) {
      sums(this.theta, this.layers[l - 1], this.a[l - 1], this.a[l], this.stride, width);
      if (l < last) bend(this.activation, this.a[l], this.layers[l - 1].outputs, this.stride, width);
    }
    return this.a[last];
  }

  /** ∂/∂θ of the batch's mean loss, after `forward`, in `slopes`; `labels` are picked as by `load`. */
  backward(labels, rows, start) {
    const { a, d, stride, theta, slopes, count } = this;
    const width = LANES * Math.ceil(count / LANES);
    let l = this.layers.length;
    d[l].fill(0);
    for (let k = 0; k < count; k += 1) d[l][k] = (sigmoid(a[l][k]) - labels[rows[start + k]]) / count;
    for (; l > 0; l -= 1) {
      const layer = this.layers[l - 1];
      products(slopes, layer, d[l], a[l - 1], stride, width);
      if (l === 1) break;
      backSums(theta, layer, d[l], d[l - 1], stride, width);
      straighten(this.activation, a[l - 1], d[l - 1], layer.inputs, stride, width);
    }
  }

  /** θ ← θ − η (∂C/∂θ + λ θ), where the biases have no λ. */
  update(rate, l2) {
    const { theta, slopes } = this;
    for (const { weight, bias, outputs } of this.layers) {
      for (let k = weight; k < bias; k += 1) theta[k] -= rate * (slopes[k] + l2 * theta[k]);
      for (let k = bias; k < bias + outputs; k += 1) theta[k] -= rate * slopes[k];
    }
  }
}

/** A run of training by minibatches, which can be taken up again and again. */
export class Trainer {
  /**
   * @param {{sizes: number[], activation: string, theta: ArrayLike<number>, X: number[][], y: number[],
   *   rate: number, l2: number, batch: number, seed: number}} setup
   */
  constructor({ sizes, activation, theta, X, y, rate, l2, batch, seed }) {
    this.X = X;
    this.y = y;
    this.rate = rate;
    this.l2 = l2;
    this.seed = seed;
    this.batch = Math.min(batch, X.length);
    this.network = new Network(sizes, activation, this.batch, Float64Array.from(theta));
    this.epoch = 0;
  }

  /** Visit every observation once, in an order of its own. */
  run() {
    const { network, X, y, batch, rate, l2 } = this;
    const rows = shuffled(X.length, this.seed + 10_000 * this.epoch);
    for (let start = 0; start < X.length; start += batch) {
      network.load(X, rows, start, Math.min(batch, X.length - start)).forward();
      network.backward(y, rows, start);
      network.update(rate, l2);
    }
    this.epoch += 1;
  }
}

/** Parameters after so many epochs of the run that a Trainer makes. */
export function train(setup, epochs) {
  const trainer = new Trainer(setup);
  while (trainer.epoch < epochs) trainer.run();
  return Array.from(trainer.network.theta);
}

/** Mean loss of the logits z for the labels y, and the share of labels that they get right. */
export function judge(z, y) {
  let sum = 0;
  let right = 0;
  for (let i = 0; i < y.length; i += 1) {
    sum += loss(z[i], y[i]);
    if ((z[i] >= 0) === (y[i] === 1)) right += 1;
  }
  return { loss: sum / y.length, accuracy: right / y.length };
}

/** Activations of every unit, layer by layer, on the rows of X, as typed arrays; for the output, ŷ. */
export function responses(sizes, activation, theta, X) {
  const network = new Network(sizes, activation, X.length, Float64Array.from(theta)).load(X, everyRow(X), 0, X.length);
  network.forward();
  return network.a.map((a, l) => Array.from({ length: sizes[l] }, (_, i) => {
    const row = a.subarray(i * network.stride, i * network.stride + X.length);
    return l === sizes.length - 1 ? row.map(sigmoid) : row;
  }));
}

/** ∂/∂θ of the mean loss on X, y, without the penalty. */
export function gradient(sizes, activation, theta, X, y) {
  const rows = everyRow(X);
  const network = new Network(sizes, activation, X.length, Float64Array.from(theta)).load(X, rows, 0, X.length);
  network.forward();
  network.backward(y, rows, 0);
  return Array.from(network.slopes);
}

const everyRow = (X) => X.map((_, i) => i);

/** z = W x + b of a layer, four observations at a time. */
function sums(theta, { inputs, outputs, weight, bias }, x, z, stride, width) {
  for (let i = 0; i < outputs; i += 1) {
    const row = weight + i * inputs;
    const b = theta[bias + i];
    for (let k = 0; k < width; k += LANES) {
      let s0 = b;
      let s1 = b;
      let s2 = b;
      let s3 = b;
      for (let j = 0, p = k; j < inputs; j += 1, p += stride) {
        const w = theta[row + j];
        s0 += w * x[p];
        s1 += w * x[p + 1];
        s2 += w * x[p + 2];
        s3 += w * x[p + 3];
      }
      const q = i * stride + k;
      z[q] = s0;
      z[q + 1] = s1;
      z[q + 2] = s2;
      z[q + 3] = s3;
    }
  }
}

/** Wᵀ d of a layer, four observations at a time. */
function backSums(theta, { inputs, outputs, weight }, d, into, stride, width) {
  for (let j = 0; j < inputs; j += 1) {
    for (let k = 0; k < width; k += LANES) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let i = 0, p = k, at = weight + j; i < outputs; i += 1, p += stride, at += inputs) {
        const w = theta[at];
        s0 += w * d[p];
        s1 += w * d[p + 1];
        s2 += w * d[p + 2];
        s3 += w * d[p + 3];
      }
      const q = j * stride + k;
      into[q] = s0;
      into[q + 1] = s1;
      into[q + 2] = s2;
      into[q + 3] = s3;
    }
  }
}

/** ∂C/∂W = d xᵀ and ∂C/∂b = the sum of d, over the observations. */
function products(slopes, { inputs, outputs, weight, bias }, d, x, stride, width) {
  for (let i = 0; i < outputs; i += 1) {
    const p = i * stride;
    let sum = 0;
    for (let k = 0; k < width; k += 1) sum += d[p + k];
    slopes[bias + i] = sum;
    for (let j = 0; j < inputs; j += 2) {
      const q = j * stride;
      const next = j + 1 < inputs ? stride : 0; // the last of an odd number goes with itself
      let s0 = 0;
      let s1 = 0;
      let t0 = 0;
      let t1 = 0;
      for (let k = 0; k < width; k += 2) {
        const d0 = d[p + k];
        const d1 = d[p + k + 1];
        s0 += d0 * x[q + k];
        s1 += d1 * x[q + k + 1];
        t0 += d0 * x[q + next + k];
        t1 += d1 * x[q + next + k + 1];
      }
      const at = weight + i * inputs + j;
      slopes[at] = s0 + s1;
      if (next) slopes[at + 1] = t0 + t1;
    }
  }
}

/** Apply the activation to the sums of a layer, in place. */
function bend(activation, a, units, stride, width) {
  for (let i = 0; i < units; i += 1) {
    const end = i * stride + width;
    if (activation === "tanh") for (let k = i * stride; k < end; k += 1) a[k] = 1 - 2 / (1 + Math.exp(2 * a[k]));
    else if (activation === "relu") for (let k = i * stride; k < end; k += 1) a[k] = Math.max(0, a[k]);
    else if (activation === "sigmoid") for (let k = i * stride; k < end; k += 1) a[k] = 1 / (1 + Math.exp(-a[k]));
  }
}

/** Multiply errors by the slope of the activation, which follows from its value. */
function straighten(activation, a, d, units, stride, width) {
  for (let i = 0; i < units; i += 1) {
    const end = i * stride + width;
    if (activation === "tanh") for (let k = i * stride; k < end; k += 1) d[k] *= 1 - a[k] * a[k];
    else if (activation === "relu") for (let k = i * stride; k < end; k += 1) d[k] *= Number(a[k] > 0); // no branch to mispredict
    else if (activation === "sigmoid") for (let k = i * stride; k < end; k += 1) d[k] *= a[k] * (1 - a[k]);
  }
}
