/** From data to pixels, and the ticks between. */

/**
 * @typedef {((x: number) => number) & {invert: (p: number) => number, domain: number[]}} Scale
 */

/**
 * A linear map, with its inverse.
 * @param {number[]} domain
 * @param {number[]} range
 * @returns {Scale}
 */
export function linear([d0, d1], [r0, r1]) {
  const k = (r1 - r0) / (d1 - d0 || 1);
  return Object.assign((x) => r0 + (x - d0) * k, { invert: (p) => d0 + (p - r0) / k, domain: [d0, d1] });
}

/** A map that is linear in log x; what is not positive goes to the start. @param {number[]} domain @param {number[]} range @returns {Scale} */
export function logarithmic(domain, range) {
  const scale = linear(domain.map(Math.log10), range);
  return Object.assign((x) => scale(Math.log10(Math.max(x, domain[0]))), { invert: (p) => 10 ** scale.invert(p), domain });
}

/** The powers of ten between `low` and `high`. */
export function powers(low, high) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(`1e${first + i}`));
}

/** About `count` round numbers between `low` and `high`: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low, high, count = 5) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
