/** Handles that the reader drags, or moves with the arrow keys. */

import { color, set, svg } from "./dom.js";
import { HORIZONTAL, stepByKey, tidy, VERTICAL, BOTH } from "./keys.js";
import { glyph } from "./marks.js";
import { follow } from "./pointer.js";

const REACH = 14; // px around a handle that take the pointer: a target of 28 px

/**
 * @typedef {Object} Handle one handle as it is now; `plot` asks for the list at each update
 * @property {string} id stays the same for the same handle
 * @property {string} label its name
 * @property {string} [text] its value in words
 * @property {number[]} at in data units
 * @property {(point: number[]) => void} [move] called with the new place; set the state here
 * @property {() => void} [press] instead of `move`: makes it a button, such as a unit to look into
 * @property {boolean} [pressed]
 * @property {{min: number, max: number, step: number}} [x] limits; without them it does not move along x
 * @property {{min: number, max: number, step: number}} [y]
 * @property {string} [color]
 * @property {"dot"|"square"|"diamond"|"triangle"|"line"|"none"} [shape] "line" is a bar across the plot
 * @property {string} [q] the quantity that it moves, for `quantity.js`
 * @property {number} [reach] px around it that take the pointer
 * @property {(event: KeyboardEvent) => void} [key] for further keys, such as Delete
 */

/**
 * Keeps the elements of a plot's handles, by id.
 * @param {SVGElement} layer that holds them
 * @param {SVGElement} root of the plot
 * @param {() => void} released called after each drag
 */
export function handles(layer, root, released) {
  const kept = new Map();
  let held; // the handle that is pressed, its way from the finger, and whether it is being dragged
  const pointOf = (event) => {
    const box = root.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  follow(layer, {
    down(event) {
      const point = pointOf(event);
      const element = nearest([...kept.values()], point);
      const { handle: { at }, geometry: { x, y } } = element;
      // Gripped beside its middle, it does not jump there.
      held = { element, way: [x(at[0]) - point[0], y(at[1]) - point[1]], dragged: false };
      element.focus({ preventScroll: true });
    },
    drag(event) {
      const { element, way } = held;
      if (!element.handle.move) return;
      held.dragged = true;
      const { x, y } = element.geometry;
      const point = pointOf(event);
      moveTo(element.handle, [snap(x, point[0] + way[0]), snap(y, point[1] + way[1])]);
    },
    tap: () => held.element.handle.press?.(),
    end() {
      const { dragged } = held;
      held = null;
      if (dragged) released();
    },
    upright: () => Boolean(held.element.handle.y),
  });
  layer.addEventListener("pointerdown", (event) => event.preventDefault()); // selects no text, moves no focus
  return {
    /** Whether one of them is being dragged. */
    dragging: () => held?.dragged === true,
    /** @param {Handle[]} list */
    update(list, geometry) {
      for (const [id, element] of kept) {
        if (list.some((handle) => handle.id === id)) continue;
        element.remove();
        kept.delete(id);
      }
      for (const handle of list) {
        if (!kept.has(handle.id)) kept.set(handle.id, create(layer));
        place(kept.get(handle.id), handle, geometry);
      }
    },
  };
}

/**
 * The handle whose middle is nearest to a point of the screen: where they overlap, the top one need not be meant.
 * @param {any[]} elements
 * @param {number[]} point
 */
function nearest(elements, [px, py]) {
  const far = ({ handle: { at, shape }, geometry: { x, y } }) =>
    Math.hypot(x(at[0]) - px, shape === "line" ? 0 : y(at[1]) - py);
  return elements.reduce((best, element) => (far(element) <= far(best) ? element : best));
}

const moveTo = (handle, point) => handle.move(limit(handle, point));

function create(layer) {
  const element = svg("g", { class: "sw-handle", tabindex: "0" },
    svg("path", { class: "sw-reach" }), svg("path", { class: "sw-knob" }));
  // A click without a pointer comes from a reader's assistive technology.
  element.addEventListener("click", (event) => event.detail === 0 && element.handle.press?.());
  element.addEventListener("keydown", (event) => {
    const { at: [px, py], x, y, key, press } = element.handle;
    if (press && ["Enter", " "].includes(event.key)) {
      event.preventDefault();
      press();
    }
    const nx = x && stepByKey(event, px, x, y ? HORIZONTAL : BOTH);
    const ny = y && stepByKey(event, py, y, x ? VERTICAL : BOTH);
    if (nx === undefined && ny === undefined) {
      key?.(event);
      return;
    }
    event.preventDefault();
    // Home and End speak of one axis only: the first one that moves.
    moveTo(element.handle, [nx ?? px, nx === undefined ? ny : x && y && !["Home", "End"].includes(event.key) ? ny ?? py : py]);
  });
  layer.append(element);
  return element;
}

/** A data value without more digits than pixels can tell. */
function snap(scale, pixel) {
  const perPixel = Math.abs(scale.invert(1) - scale.invert(0));
  const digits = Math.max(0, Math.ceil(-Math.log10(perPixel)));
  return tidy(Number(scale.invert(pixel).toFixed(digits)));
}

function limit({ at, x, y }, point) {
  return [x, y].map((axis, k) => (axis ? Math.min(axis.max, Math.max(axis.min, point[k])) : at[k]));
}

function place(element, handle, geometry) {
  Object.assign(element, { handle, geometry });
  const { x, y, inner } = geometry;
  const { at, shape = "dot" } = handle;
  const axis = handle.x ?? handle.y;
  const cursor = handle.press ? "pointer" : handle.x && handle.y ? "move" : handle.x ? "ew-resize" : "ns-resize";
  set(element, {
    "aria-label": handle.label,
    "data-q": handle.q,
    transform: `translate(${x(at[0])} ${y(at[1])})`,
    style: `--sw-mark: ${color(handle.color ?? "accent")}; touch-action: ${handle.y ? "none" : "pan-y pinch-zoom"}; cursor: ${cursor}`,
    ...(handle.press ? { role: "button", "aria-pressed": handle.pressed === undefined ? null : String(handle.pressed) } : {
      role: "slider", "aria-valuetext": handle.text, "aria-valuenow": at[handle.x ? 0 : 1],
      "aria-valuemin": axis.min, "aria-valuemax": axis.max, "aria-orientation": handle.x ? "horizontal" : "vertical",
    }),
  });
  const [reach, knob] = element.children;
  if (shape === "line") {
    const [up, down] = [inner.top - y(at[1]), inner.top + inner.height - y(at[1])];
    set(reach, { d: `M${-REACH} ${up}H${REACH}V${down}H${-REACH}Z` });
    set(knob, { d: `M-9 ${up - 14}H9V${up - 4}L1.25 ${up + 6}V${down}H-1.25V${up + 6}L-9 ${up - 4}Z` });
  } else {
    set(reach, { d: glyph("dot", handle.reach ?? REACH) });
    set(knob, { d: shape === "none" ? null : glyph(shape, 7) });
  }
}
