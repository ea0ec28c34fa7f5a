/**
 * A small dense network of sigmoids, one observation at a time, with all that a chain rule passes.
 * Parameters are one list, layer by layer: the rows of W[l], then b[l]. Sizes are [inputs, …, outputs].
 */

import { sigmoid } from "./sigmoid.js";

/** Where layer l (from 1) keeps the weight from unit j to unit i, and the bias of unit i. */
export function places(sizes) {
  let start = 0;
  return sizes.slice(1).map((outputs, k) => {
    const inputs = sizes[k];
    const first = start;
    start += outputs * (inputs + 1);
    return { inputs, outputs, weight: first, bias: first + outputs * inputs };
  });
}

/** Weighted sums z[l] and activations a[l] of every layer; a[0] is the input and z[0] is empty. */
export function forward(theta, sizes, x) {
  const z = [[]];
  const a = [x];
  for (const { inputs, outputs, weight, bias } of places(sizes)) {
    const from = a.at(-1);
    const sums = [];
    for (let i = 0; i < outputs; i += 1) {
      let sum = theta[bias + i];
      for (let j = 0; j < inputs; j += 1) sum += theta[weight + i * inputs + j] * from[j];
      sums.push(sum);
    }
    z.push(sums);
    a.push(sums.map(sigmoid));
  }
  return { z, a };
}

/** ℓ = ½ Σ (ŷ − y)². */
export function loss(output, y) {
  return output.reduce((sum, value, k) => sum + (value - y[k]) ** 2 / 2, 0);
}

/** The forward pass, then ∂ℓ/∂a[l], ∂ℓ/∂z[l] and ∂ℓ/∂θ from the loss back to the input. */
export function backward(theta, sizes, x, y) {
  const { z, a } = forward(theta, sizes, x);
  const da = [];
  const dz = [];
  const gradient = new Array(theta.length);
  const layers = places(sizes);
  da[layers.length] = a.at(-1).map((value, k) => value - y[k]);
  for (let l = layers.length; l > 0; l -= 1) {
    const { inputs, outputs, weight, bias } = layers[l - 1];
    dz[l] = a[l].map((value, i) => da[l][i] * value * (1 - value));
    da[l - 1] = new Array(inputs).fill(0);
    for (let i = 0; i < outputs; i += 1) {
      gradient[bias + i] = dz[l][i];
      for (let j = 0; j < inputs; j += 1) {
        const k = weight + i * inputs + j;
        gradient[k] = dz[l][i] * a[l - 1][j];
        da[l - 1][j] += dz[l][i] * theta[k];
      }
    }
  }
  dz[0] = [];
  return { z, a, da, dz, gradient };
}

/** C = Σ ℓ over the rows of X and Y. */
export function cost(theta, sizes, X, Y) {
  return X.reduce((sum, x, i) => sum + loss(forward(theta, sizes, x).a.at(-1), Y[i]), 0);
}

/** ∂C/∂θ: the gradients of all rows, added up. */
export function gradient(theta, sizes, X, Y) {
  const total = theta.map(() => 0);
  X.forEach((x, i) => backward(theta, sizes, x, Y[i]).gradient.forEach((slope, k) => { total[k] += slope; }));
  return total;
}

/** θ − η ∂C/∂θ. */
export function update(theta, slopes, rate) {
  return theta.map((value, k) => value - rate * slopes[k]);
}

/** Parameters after 0, 1, …, `steps` updates; goes on from the end of `path`, which it extends. */
export function train(path, sizes, X, Y, rate, steps) {
  while (path.length <= steps) path.push(update(path.at(-1), gradient(path.at(-1), sizes, X, Y), rate));
  return path;
}

/** ∂ℓ/∂θ_k without the chain rule: (ℓ(θ_k + h) − ℓ(θ_k − h)) / 2h. */
export function difference(theta, sizes, x, y, k, h) {
  const at = (value) => loss(forward(theta.with(k, value), sizes, x).a.at(-1), y);
  return (at(theta[k] + h) - at(theta[k] - h)) / (2 * h);
}

/** ∂ℓ/∂x_j in the same way. */
export function inputDifference(theta, sizes, x, y, j, h) {
  const at = (value) => loss(forward(theta, sizes, x.with(j, value)).a.at(-1), y);
  return (at(x[j] + h) - at(x[j] - h)) / (2 * h);
}
