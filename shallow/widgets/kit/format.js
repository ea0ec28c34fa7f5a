/** Numbers as readers see them. */

/** `x` with a fixed number of decimals and a true minus sign; "undefined" for NaN. */
export function fixed(x, digits = 2) {
  if (Number.isNaN(x)) return "undefined";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const text = x.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** `x` with at most `digits` significant digits and no trailing zeros. */
export function short(x, digits = 3) {
  if (!Number.isFinite(x)) return fixed(x);
  return String(Number(x.toPrecision(digits))).replace("-", "−");
}

/** Decimals that a step of this size needs: 0.05 → 2. */
export function decimals(step) {
  return Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
}

/** A value as Python writes it. */
export function python(value, kind) {
  if (Array.isArray(value)) return `[${value.map((v) => python(v, kind)).join(", ")}]`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${value.replace(/[\\']/g, "\\$&")}'`;
  if (kind !== "integer" && Number.isInteger(value)) return `${value}.0`;
  const text = value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2"); // Python's exponents have two digits
}
