/** Formulas in the letters of the page: variables in italics, numbers and words upright. */

import { h } from "./dom.js";

const RAISED = { "²": "2", "³": "3", "⁻": "−", "¹": "1", "′": "′", "″": "″" };
const LOWERED = Object.fromEntries([..."₀₁₂₃₄₅₆₇₈₉"].map((sign, digit) => [sign, String(digit)]));
const TOKEN = /([²³⁻¹′″]+)|([₀-₉]+)|(\p{L}\u0302?(?:\p{L}\u0302?)*)|[^\p{L}²³⁻¹′″₀-₉]+/gu;

/**
 * A formula that is written in plain signs, such as "w₁ ← w₁ − η·∂ℓ/∂w₁".
 * One letter is a variable, and so is one with a digit behind it; longer words are words.
 * @param {string} text
 * @returns {HTMLElement}
 */
export function math(text) {
  const parts = [...text.matchAll(TOKEN)].map(([token, raised, lowered, letters]) => {
    if (raised) return h("sup", {}, [...raised].map((sign) => RAISED[sign]).join(""));
    if (lowered) return h("sub", {}, [...lowered].map((sign) => LOWERED[sign]).join(""));
    if (letters && [...letters.normalize("NFC")].length === 1) return h("i", {}, letters);
    return token;
  });
  return h("span", { class: "sw-math" }, ...parts);
}
