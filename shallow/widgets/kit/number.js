/** Numbers as readers write them. */

const FRACTION = /^(-?[\d.]+)\/([\d.]+)$/;
const GROUPED = /^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/; // 1,234.5; with one comma it may also be a decimal comma

export const NUMBER_HINT = "Type a number, such as 0.25, −2 or 3/4.";

/**
 * The number that a text says, or null: decimal point or comma, any minus, thousands, a fraction.
 * @param {string} text
 * @param {{unit?: string, max?: number}} [options] a unit that may follow; a size beyond which a comma is no thousand's
 * @returns {number|null}
 */
export function parseNumber(text, { unit = "", max = Infinity } = {}) {
  let plain = text.trim();
  if (unit && plain.endsWith(unit)) plain = plain.slice(0, -unit.length);
  plain = plain.replace(/\s/g, "").replace(/[−–]/g, "-").replace(/^\+/, "");
  if (GROUPED.test(plain)) {
    const grouped = Number(plain.replaceAll(",", ""));
    if (Math.abs(grouped) <= max) return grouped;
  }
  plain = plain.replace(/,(?=[^,]*$)/, ".");
  const [, top, bottom] = FRACTION.exec(plain) ?? [];
  const value = top === undefined ? decimal(plain) : decimal(top) / decimal(bottom);
  return Number.isFinite(value) ? value : null;
}

/** The value of digits with a point and an exponent; NaN for anything else, such as 0x10. */
function decimal(text) {
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
