/** A quantity that shows in several places: under the pointer or the focus it is marked in all of them. */

import { h } from "./dom.js";

const NEAR = [[0, 0], [-5, 0], [5, 0], [0, -5], [0, 5]]; // px around a pointer: lines are thin

/**
 * A piece of text that stands for a quantity; controls, handles and marks carry its name as `q`.
 * @param {string} name
 * @param {...(Node|string)} content
 */
export function quantity(name, ...content) {
  return h("span", { class: "sw-q", "data-q": name }, ...content);
}

/**
 * Mark what the pointer or the focus is on, wherever else it shows.
 * @param {HTMLElement} root of the widget
 * @param {AbortSignal} signal
 * @returns {() => void} to be called after the widget has been drawn anew
 */
export function markQuantities(root, signal) {
  let under = ""; // the pointer
  let held = ""; // by the focus
  let marked = "";
  const show = () => {
    const now = under || held;
    if (!now && !marked) return; // most presses: the whole widget need not be searched
    marked = now;
    for (const element of root.querySelectorAll(".sw-marked")) {
      if (!same(element, now)) element.classList.remove("sw-marked");
    }
    if (!now) return;
    for (const element of root.querySelectorAll(`[data-q~="${now}"]`)) element.classList.add("sw-marked");
  };
  const listen = (name, listener) => root.addEventListener(name, listener, { signal, passive: true });
  listen("pointermove", (/** @type {PointerEvent} */ event) => {
    if (event.buttons) return; // what is being dragged is seen anyway
    const before = under;
    under = nameAt(root, event.clientX, event.clientY);
    if (under !== before) show();
  });
  listen("pointerleave", () => { under = ""; show(); });
  listen("focusin", (/** @type {any} */ { target }) => { held = nameOf(target); show(); });
  listen("focusout", () => { held = ""; show(); });
  return show;
}

const same = (element, name) => Boolean(name) && element.dataset.q.split(" ").includes(name);

/** The first of the names that the nearest element with one has. */
function nameOf(element) {
  return element?.closest("[data-q]")?.dataset.q.split(" ")[0] ?? "";
}

/** What lies at a point of the screen, under the glass that takes a plot's presses too. */
function nameAt(root, x, y) {
  for (const [dx, dy] of NEAR) {
    for (const element of document.elementsFromPoint(x + dx, y + dy)) {
      const name = root.contains(element) && nameOf(element);
      if (name) return name;
    }
  }
  return "";
}
