/** Two models on the same test objects: their intervals, McNemar's exact test, and how often it sees them differ. */

import { uniforms } from "./random.js";

const Z = 1.959963984540054; // of a 95% interval
const LEVEL = 0.05; // of the test
const FAR = 9; // standard deviations of a count beyond which nothing is left in double precision

/** Logarithms of 0!, 1!, 2!, …, as far as they were needed. */
const logFactorials = [0];

/** @param {number} n */
function logFactorial(n) {
  for (let k = logFactorials.length; k <= n; k += 1) logFactorials.push(logFactorials[k - 1] + Math.log(k));
  return logFactorials[n];
}

/** The probability of k successes in n trials. @param {number} k @param {number} n @param {number} p */
function chance(k, n, p) {
  const hits = k ? k * Math.log(p) : 0;
  const misses = n - k ? (n - k) * Math.log1p(-p) : 0;
  return Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) + hits + misses);
}

/**
 * The binomial distribution, where it is not zero in double precision.
 * @param {number} n
 * @param {number} p
 * @returns {{from: number, chances: number[]}} the probabilities of from, from + 1, …
 */
export function binomial(n, p) {
  const far = FAR * Math.sqrt(n * p * (1 - p)) + FAR * FAR;
  const from = Math.max(0, Math.ceil(n * p - far));
  const to = Math.min(n, Math.floor(n * p + far));
  return { from, chances: Array.from({ length: to - from + 1 }, (_, k) => chance(from + k, n, p)) };
}

/** The normal 95% interval of a share k/n. @param {number} k @param {number} n @returns {number[]} */
export function normalInterval(k, n) {
  const half = Z * Math.sqrt((k / n) * (1 - k / n) / n);
  return [k / n - half, k / n + half];
}

/** Wilson's 95% interval of a share k/n. @param {number} k @param {number} n @returns {number[]} */
export function wilsonInterval(k, n) {
  const [middle, half] = [k + (Z * Z) / 2, Z * Math.sqrt((k * (n - k)) / n + (Z * Z) / 4)];
  return [(middle - half) / (n + Z * Z), (middle + half) / (n + Z * Z)];
}

/**
 * The 95% interval of the difference of two accuracies on the same n objects: 1.96 standard errors, and the
 * object by which two counts can differ without meaning anything.
 * @param {number} b objects that only the first gets right
 * @param {number} c objects that only the second gets right
 * @param {number} n
 * @returns {number[]}
 */
export function pairedInterval(b, c, n) {
  const half = (Z * Math.sqrt(b + c - (b - c) ** 2 / n) + 1) / n;
  return [(b - c) / n - half, (b - c) / n + half];
}

/** The same as if each had a test set of its own, with k and l right of n. @param {number} k @param {number} l @param {number} n */
export function separateInterval(k, l, n) {
  const half = (Z * Math.sqrt((k * (n - k) + l * (n - l)) / n)) / n;
  return [(k - l) / n - half, (k - l) / n + half];
}

/** The p-value of McNemar's exact test. @param {number} b @param {number} c */
export function mcnemar(b, c) {
  let sum = 0;
  for (let k = 0; k <= Math.min(b, c); k += 1) sum += chance(k, b + c, 0.5);
  return Math.min(1, 2 * sum);
}

/**
 * How few of m disagreements may favour one model, so that the test sees a difference; −1 if none is few enough.
 * @param {number} most
 * @returns {number[]} for m = 0, …, most
 */
export function criticalCounts(most) {
  const counts = [];
  let [c, tail] = [-1, 0]; // tail: the probability of at most c of m
  for (let m = 0; m <= most; m += 1) {
    if (m && c >= 0) tail -= 0.5 * chance(c, m - 1, 0.5); // of at most c of one more
    const next = chance(c + 1, m, 0.5);
    if (2 * (tail + next) <= LEVEL) [c, tail] = [c + 1, tail + next];
    counts.push(c);
  }
  return counts;
}

/**
 * In which share of the test sets with m disagreements the test sees a difference.
 * @param {number} p probability that a disagreement favours the first model
 * @param {number[]} critical of `criticalCounts`
 * @returns {number[]} for each m
 */
export function seenAmong(p, critical) {
  const few = [p, 1 - p].map((favoured) => {
    let tail = 0; // the probability that a model is favoured by no more than the critical count
    return critical.map((c, m) => {
      const before = m ? critical[m - 1] : -1;
      if (before >= 0) tail -= favoured * chance(before, m - 1, favoured);
      if (c > before) tail += chance(c, m, favoured);
      return tail;
    });
  });
  return critical.map((_, m) => few[0][m] + few[1][m]);
}

/**
 * In which share of the test sets of n objects the test sees a difference.
 * @param {number} n
 * @param {number} disagreement probability that only one model is right
 * @param {number[]} seen of `seenAmong`, for as many disagreements as n
 */
export function pairedPower(n, disagreement, seen) {
  const { from, chances } = binomial(n, disagreement);
  return chances.reduce((sum, of, k) => sum + of * seen[from + k], 0);
}

/**
 * The same for a test set of n objects for each model: how often the interval of the difference leaves out zero.
 * @param {number} n
 * @param {number} first accuracy
 * @param {number} second accuracy
 */
export function separatePower(n, first, second) {
  const [one, two] = [binomial(n, first), binomial(n, second)];
  const below = [0]; // below[k]: the probability of fewer than two.from + k
  two.chances.forEach((of, k) => below.push(below[k] + of));
  const fewer = (count) => below[Math.min(below.length - 1, Math.max(0, count - two.from))];
  const [a, z2] = [n + Z * Z, Z * Z];
  return one.chances.reduce((sum, of, k) => {
    // Which j leave zero outside: n(i − j)² > z²(i(n − i) + j(n − j)), a parabola in j.
    const i = one.from + k;
    const [half, rest] = [i + z2 / 2, i * i - z2 * i * (n - i) / n];
    const root = Math.sqrt(Math.max(0, half * half * n * n - a * n * rest));
    const low = Math.ceil((half * n - root) / a); // fewer than these
    const high = Math.floor((half * n + root) / a); // or more than these
    return sum + of * (fewer(low) + Math.max(0, 1 - fewer(high + 1)));
  }, 0);
}

/**
 * How often two models of given accuracies can disagree: from as rarely as can be to never being wrong together.
 * @param {number} accuracy of the first, which is the better one
 * @param {number} difference
 * @returns {number[]}
 */
export function possible(accuracy, difference) {
  const most = Math.min(2 * (1 - accuracy) + difference, 2 * accuracy - difference, 1);
  return [difference, Math.round(1e9 * most) / 1e9];
}

/**
 * A test set: how many of n objects both, only the first, only the second, and none of the models gets right.
 * @param {{accuracy: number, difference: number, disagreement: number}} models
 * @param {number} n
 * @param {number} seed
 * @returns {{both: number, first: number, second: number, none: number}}
 */
export function testSet({ accuracy, difference, disagreement }, n, seed) {
  const ends = [(disagreement + difference) / 2, disagreement, accuracy + (disagreement - difference) / 2];
  const counts = [0, 0, 0, 0];
  for (const u of uniforms(seed, n)) {
    let kind = 0;
    while (kind < 3 && u >= ends[kind]) kind += 1;
    counts[kind] += 1;
  }
  const [first, second, both, none] = counts;
  return { both, first, second, none };
}
