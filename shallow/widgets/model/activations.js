/** Activation functions g(z), their slopes g′(z), and one neuron around them. */

import { density } from "./distributions.js";
import { sigmoid, sigmoidPrime, softplus } from "./sigmoid.js";

/**
 * @typedef {Object} Activation
 * @property {string} formula as a reader sees it
 * @property {(z: number, p: Parameters) => number} g
 * @property {(z: number, p: Parameters) => number} slope
 *   g′(z); at a kink, where there is none, the slope on the left, as frameworks choose
 * @property {keyof Parameters} [parameter] that g takes
 * @property {boolean} [kink] whether g has none at 0
 *
 * @typedef {{epsilon: number, beta: number}} Parameters
 */

/** @type {Object<string, Activation>} */
export const ACTIVATIONS = {
  linear: { formula: "z", g: (z) => z, slope: () => 1 },
  step: { formula: "1 if z ≥ 0, else 0", g: (z) => Number(z >= 0), slope: () => 0, kink: true },
  sigmoid: { formula: "1 / (1 + exp(−z))", g: sigmoid, slope: sigmoidPrime },
  tanh: {
    formula: "(exp(z) − exp(−z)) / (exp(z) + exp(−z))",
    g: Math.tanh,
    slope: (z) => 4 * sigmoidPrime(2 * z),
  },
  relu: {
    formula: "max(0, z)",
    g: (z) => Math.max(0, z),
    slope: (z) => Number(z > 0),
    kink: true,
  },
  leaky: {
    formula: "ε z + (1 − ε) max(0, z)",
    parameter: "epsilon",
    g: (z, { epsilon }) => epsilon * z + (1 - epsilon) * Math.max(0, z),
    slope: (z, { epsilon }) => (z > 0 ? 1 : epsilon),
    kink: true,
  },
  softplus: {
    formula: "log(1 + exp(β z)) / β",
    parameter: "beta",
    g: (z, { beta }) => softplus(beta * z) / beta,
    slope: (z, { beta }) => sigmoid(beta * z),
  },
  gelu: {
    formula: "z Φ(z)",
    g: (z) => z * normalCdf(z),
    slope: (z) => normalCdf(z) + z * density("normal", z),
  },
  silu: {
    formula: "z σ(β z)",
    parameter: "beta",
    g: (z, { beta }) => z * sigmoid(beta * z),
    slope: (z, { beta }) => sigmoid(beta * z) + beta * z * sigmoidPrime(beta * z),
  },
};

/** A slope smaller than this share of the steepest one counts as saturated. */
export const SATURATED = 0.05;

/** Φ(z), the standard normal distribution function, by Kummer's series: all its terms have one sign. */
export function normalCdf(z) {
  if (Math.abs(z) > 9) return Number(z > 0);
  let term = z;
  let sum = z;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (z * z) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + density("normal", z) * sum;
}

/**
 * One neuron: z = w x + b, a = g(z), g′(z), and the slope of a over the input, da/dx = w g′(z).
 * @param {string} name a key of ACTIVATIONS
 * @param {number} x
 * @param {number} w
 * @param {number} b
 * @param {Parameters} parameters
 */
export function neuron(name, x, w, b, parameters) {
  const { g, slope } = ACTIVATIONS[name];
  const z = w * x + b;
  const steepness = slope(z, parameters);
  return { z, a: g(z, parameters), steepness, gain: w * steepness };
}

/**
 * What the slope at z means for learning: "kink", "dead" (no slope at all), "saturated" or "live".
 * @param {string} name
 * @param {number} z
 * @param {Parameters} parameters
 */
export function condition(name, z, parameters) {
  const { slope, kink } = ACTIVATIONS[name];
  if (kink && z === 0) return "kink";
  const steepness = Math.abs(slope(z, parameters));
  if (steepness === 0) return "dead";
  const steepest = name === "sigmoid" ? 1 / 4 : 1;
  return !kink && steepness < SATURATED * steepest ? "saturated" : "live";
}
