/**
 * A network that reads digits of 8 × 8 pixels: one layer of ReLUs, then a softmax.
 * A network is { W1, b1, W2, b2 }, the rows of W1 and W2 its units; a pixel is a number from 0 to 16.
 */

export const SIDE = 8; // pixels
export const POINTS = 4; // points along the side of a pixel, which counts how many of its 16 are inked
const FULL = POINTS ** 2;
const FINE = SIDE * POINTS;

const affine = (W, b, x) => W.map((row, i) => row.reduce((sum, w, j) => sum + w * x[j], b[i]));

/** Sums and activations of the hidden units, scores and probabilities of the ten digits. */
export function forward({ W1, b1, W2, b2 }, pixels) {
  const x = pixels.map((value) => value / FULL);
  const z = affine(W1, b1, x);
  const a = z.map((value) => Math.max(0, value));
  const scores = affine(W2, b2, a);
  const highest = Math.max(...scores);
  const e = scores.map((value) => Math.exp(value - highest));
  const total = e.reduce((sum, value) => sum + value);
  return { x, z, a, scores, p: e.map((value) => value / total) };
}

/** ∂ℓ/∂x: how the cross-entropy of a digit changes with each input, from 0 to 1. */
export function pixelSlopes(network, pixels, digit) {
  const { W1, W2 } = network;
  const { a, p } = forward(network, pixels);
  const d2 = p.map((value, k) => value - Number(k === digit));
  const d1 = a.map((value, i) => (value > 0 ? d2.reduce((sum, d, k) => sum + d * W2[k][i], 0) : 0));
  return pixels.map((_, j) => d1.reduce((sum, d, i) => sum + d * W1[i][j], 0));
}

/** The pixels after a step along the signs of these slopes, which makes the digit's loss rise. */
export function adversarialStep(network, pixels, digit, epsilon) {
  const slopes = pixelSlopes(network, pixels, digit);
  return pixels.map((value, j) => Math.min(FULL, Math.max(0, value + FULL * epsilon * Math.sign(slopes[j]))));
}

/**
 * 32 × 32 points, 0 or 1, with ink wherever a pen of this radius passes between two places; all in pixels.
 * @param {number[]} ink @param {number[]} from @param {number[]} to @param {number} radius
 */
export function stroke(ink, from, to, radius) {
  const [[x0, y0], [x1, y1]] = [from, to];
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx ** 2 + dy ** 2;
  return ink.map((inked, k) => {
    const [x, y] = [((k % FINE) + 0.5) / POINTS - x0, (Math.floor(k / FINE) + 0.5) / POINTS - y0];
    const part = length ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
    return inked || Number((x - part * dx) ** 2 + (y - part * dy) ** 2 <= radius ** 2);
  });
}

/** The 64 pixels of 32 × 32 points: how many of its 4 × 4 points are inked, from 0 to 16. */
export function counts(ink) {
  const pixels = new Array(SIDE ** 2).fill(0);
  ink.forEach((inked, k) => {
    pixels[SIDE * Math.floor(k / FINE / POINTS) + Math.floor((k % FINE) / POINTS)] += inked;
  });
  return pixels;
}

/** The picture moved to the right, by whole pixels; what leaves the pad is lost. */
export function shift(pixels, columns) {
  return pixels.map((_, j) => {
    const from = (j % SIDE) - columns;
    return from >= 0 && from < SIDE ? pixels[j - columns] : 0;
  });
}

/** Pixels written as one sign each, in the digits of base 17: "0" is paper and "g" is full. */
export function decode(text) {
  return [...text].map((sign) => parseInt(sign, FULL + 1));
}
