/** What the arrow keys do to a number: the same for every slider and every handle. */

/**
 * New value after a key press, or undefined if the key means nothing here.
 * Arrows move one step, Shift or Page ten, Alt a tenth; Home and End go to the limits.
 * On a log scale one step is a hundredth of the range.
 * @param {KeyboardEvent} event
 * @param {number} value
 * @param {{min: number, max: number, step: number, scale?: string}} limits
 * @param {{more: string[], less: string[]}} keys which keys go up and down
 * @returns {number|undefined}
 */
export function stepByKey(event, value, limits, keys = BOTH) {
  const { min, max, step, scale } = limits;
  if (event.ctrlKey || event.metaKey) return undefined;
  if (event.key === "Home") return min;
  if (event.key === "End") return max;
  const direction = Number(keys.more.includes(event.key)) - Number(keys.less.includes(event.key));
  if (direction === 0) return undefined;
  const page = event.key.startsWith("Page");
  const size = direction * (event.shiftKey || page ? 10 : event.altKey ? 0.1 : 1);
  const moved = scale === "log" ? value * (max / min) ** (size / 100) : tidy(value + size * step);
  return Math.min(max, Math.max(min, moved));
}

export const HORIZONTAL = { more: ["ArrowRight"], less: ["ArrowLeft"] };
export const VERTICAL = { more: ["ArrowUp", "PageUp"], less: ["ArrowDown", "PageDown"] };
export const BOTH = {
  more: [...HORIZONTAL.more, ...VERTICAL.more],
  less: [...HORIZONTAL.less, ...VERTICAL.less],
};

/** Without the dust of binary fractions: 0.1 + 0.2 → 0.3. */
export function tidy(x) {
  return Number(x.toPrecision(12));
}
