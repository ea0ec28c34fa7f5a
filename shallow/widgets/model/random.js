/** Random numbers that a seed makes reproducible. */

/**
 * Uniform numbers in (0, 1): the mulberry32 generator, 32 bits, period 2³².
 * Good enough for pictures, not for science or secrets.
 * Source: Tommy Ettinger, public domain (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c).
 * @param {number} seed any integer; only its lowest 32 bits count
 * @param {number} n how many
 * @returns {number[]} multiples of 2⁻³² moved by half of that, so never 0 or 1
 */
export function uniforms(seed, n) {
  const numbers = [];
  let a = seed | 0;
  for (let i = 0; i < n; i += 1) {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    numbers.push((((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296);
  }
  return numbers;
}
