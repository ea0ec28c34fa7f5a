/** Where things stand: together, in columns, only sometimes, or one press away. */

import { h } from "./dom.js";

const ROOMY = "(min-width: 700px)"; // windows in which a group may be open from the start
const STORE = "shallow.folds"; // which groups the reader has opened and closed, by title

/** @typedef {import("./controls.js").Control} Control */

/** What never changes is a control too. @param {Control|Node} item @returns {Control} */
const controlOf = (item) => (item instanceof Node ? { node: /** @type {HTMLElement} */ (item), update: () => {} } : item);

/** @param {string} className @param {(Control|Node)[]} items @returns {Control} */
function box(className, items) {
  const controls = items.map(controlOf);
  return {
    node: h("div", { class: className }, ...controls.map(({ node }) => node)),
    update: (s) => controls.forEach((control) => control.update(s)),
  };
}

/** One below the other. @param {...(Control|Node)} items */
export const stack = (...items) => box("sw-stack", items);

/** Side by side where there is room. @param {...(Control|Node)} items */
export const columns = (...items) => box("sw-columns", items);

/** Buttons and other small things in a line. @param {...(Control|Node)} items */
export const line = (...items) => box("sw-line", items);

/**
 * A control that is there only while something holds.
 * @param {(s: any) => boolean} holds
 * @param {Control|Node} item
 * @returns {Control}
 */
export function when(holds, item) {
  const { node, update } = controlOf(item);
  return {
    node,
    update(s) {
      node.hidden = !holds(s);
      if (!node.hidden) update(s);
    },
  };
}

/**
 * A titled group that is one press away; this browser remembers whether it is open.
 * @param {string} title
 * @param {...(Control|Node)} items
 * @returns {Control}
 */
export function fold(title, ...items) {
  return foldFrom(title, false, items);
}

/** As `fold`, but open from the start where the window is wide. @param {string} title @param {...(Control|Node)} items */
export function openFold(title, ...items) {
  return foldFrom(title, matchMedia(ROOMY).matches, items);
}

/** @returns {Control} */
function foldFrom(title, open, items) {
  const inner = box("sw-group", items);
  let waiting = null; // what is folded is drawn when it is unfolded
  const fill = () => {
    if (waiting) inner.update(waiting);
    waiting = null;
  };
  const press = (event) => {
    remember(title, !node.open);
    if (node.open) return;
    event.preventDefault();
    node.open = true; // now, so that what is in it has its width when it is drawn
    fill();
  };
  const node = h("details", { class: "sw-fold", open: remembered()[title] ?? open, ontoggle: () => node.open && fill() },
    h("summary", { onclick: press }, title), inner.node);
  return {
    node,
    update(s) {
      if (node.open) inner.update(s);
      waiting = node.open ? null : s;
    },
  };
}

/** @returns {Object<string, boolean>} */
function remembered() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    return stored && typeof stored === "object" ? stored : {};
  } catch {
    return {}; // no storage, or not ours
  }
}

function remember(title, open) {
  try {
    localStorage.setItem(STORE, JSON.stringify({ ...remembered(), [title]: open }));
  } catch {
    // no storage: remembered until the page is left
  }
}
