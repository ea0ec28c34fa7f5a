/** Widths of elements, kept: to ask for one after a change makes the browser lay out the page at once. */

const FALLBACK = 320; // px, of what is not in the page yet

const widths = new WeakMap();
const listeners = new WeakMap();
const unread = new Set(); // all of them are read before the first is drawn

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const width = target.clientWidth;
    if (width === 0 || width === widths.get(target)) continue;
    widths.set(target, width);
    requestAnimationFrame(listeners.get(target)); // not inside the observer: drawing changes the height
  }
});

/**
 * Keep the width of an element from now on.
 * @param {Element} element
 * @param {() => void} changed called when the element has another width than was last told
 */
export function watchWidth(element, changed) {
  unread.add(element);
  listeners.set(element, changed);
  observer.observe(element);
}

/** Width in pixels of an element that is watched. @param {Element} element */
export function widthOf(element) {
  if (unread.has(element)) {
    for (const each of unread) widths.set(each, each.clientWidth);
    unread.clear();
  }
  if (!widths.get(element)) widths.set(element, element.clientWidth); // it was folded
  return widths.get(element) || FALLBACK;
}
