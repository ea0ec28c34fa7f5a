/** Native controls, each bound to one setting: limits, steps and labels come from the setting. */

import { color, h, set, uid } from "./dom.js";
import { numberField } from "./field.js";
import { decimals, fixed, short } from "./format.js";
import { stepByKey } from "./keys.js";

const LOG_STEPS = 1000; // positions of a slider on a log scale

/**
 * @typedef {Object} Control
 * @property {HTMLElement} node
 * @property {(s: any) => void} update
 */

/**
 * A slider and a number field for a number or an integer.
 * @param {import("./state.js").State} state
 * @param {string} key
 * @param {{label?: string, color?: string}} [options]
 * @returns {Control}
 */
export function slider(state, key, options = {}) {
  const setting = state.settings[key];
  return sliderFor({
    ...setting,
    label: options.label ?? setting.label,
    color: options.color,
    q: key,
    get: (s) => s[key],
    set: (value) => state.set({ [key]: value }),
  });
}

/**
 * A slider and a number field for any number of the state, such as one weight of many.
 * @param {Object} spec
 * @param {string|((s: any) => string)} spec.label
 * @param {number} spec.min
 * @param {number} spec.max
 * @param {number} spec.step
 * @param {string} [spec.scale] "linear" or "log"
 * @param {string} [spec.color] of the label's mark and the slider
 * @param {string|((s: any) => string)} [spec.q] the quantity that it moves, for `quantity.js`
 * @param {(s: any) => number} spec.get
 * @param {(value: number) => void} spec.set
 * @returns {Control}
 */
export function sliderFor(spec) {
  const { min, max, step } = spec;
  const log = spec.scale === "log";
  const toPosition = log ? (v) => (LOG_STEPS * Math.log(v / min)) / Math.log(max / min) : (v) => v;
  const toValue = log ? (p) => Number((min * (max / min) ** (p / LOG_STEPS)).toPrecision(3)) : (p) => p;
  const text = log ? (v) => short(v) : (v) => fixed(v, decimals(step));
  let current = min;

  const id = uid();
  const range = h("input", {
    type: "range", "aria-labelledby": id,
    min: log ? 0 : min, max: log ? LOG_STEPS : max, step: log ? 1 : step,
    oninput: () => spec.set(toValue(range.valueAsNumber)),
    onkeydown: (event) => {
      const value = stepByKey(event, current, spec);
      if (value === undefined) return;
      event.preventDefault();
      spec.set(value);
    },
  });
  const field = numberField({ limits: spec, name: { "aria-labelledby": id }, set: spec.set });
  const title = h("span", { class: "sw-label", id });
  const node = h("div", { class: "sw-control sw-slider", style: spec.color && `--sw-mark: ${color(spec.color)}` }, title, range, field.input, field.note);
  let named;
  return {
    node,
    update(s) {
      const [label, q] = [spec.label, spec.q].map((name) => (typeof name === "function" ? name(s) : name));
      if (named !== `${label} ${q}`) {
        if (named) field.leave(); // what is typed there was meant for another number
        named = `${label} ${q}`;
        title.replaceChildren(label);
        set(node, { "data-q": q });
      }
      current = spec.get(s);
      range.value = String(toPosition(current));
      set(range, { "aria-valuetext": text(current) });
      field.show(current);
    },
  };
}

/**
 * A menu for a choice.
 * @returns {Control}
 */
export function select(state, key, options = {}) {
  const setting = state.settings[key];
  const menu = h("select", { onchange: () => state.set({ [key]: menu.value }) },
    ...setting.options.map(([value, label]) => h("option", { value }, label)));
  return {
    node: h("label", { class: "sw-control" }, h("span", { class: "sw-label" }, options.label ?? setting.label), menu),
    update: (s) => { menu.value = s[key]; },
  };
}

/**
 * A box to tick for a flag.
 * @returns {Control}
 */
export function checkbox(state, key, options = {}) {
  const setting = state.settings[key];
  const box = h("input", { type: "checkbox", onchange: () => state.set({ [key]: box.checked }) });
  return {
    node: h("label", { class: "sw-control sw-check" }, box, options.label ?? setting.label),
    update: (s) => { box.checked = s[key]; },
  };
}

/**
 * A field for a text; what can be read is taken over at once, what cannot is told when the reader is done.
 * @param {import("./state.js").State} state
 * @param {string} key
 * @param {{problem: (text: string) => string, take: (text: string) => void}} options what is wrong with a text, or ""
 * @returns {Control}
 */
export function textField(state, key, { problem, take }) {
  const { label, longest } = state.settings[key];
  const [id, noteId] = [uid(), uid("note")];
  const note = h("span", { class: "sw-field-note", id: noteId, role: "status" });
  const say = (text) => {
    note.replaceChildren(...(text ? [text] : []));
    set(input, { "aria-invalid": text ? "true" : null, "aria-describedby": text ? noteId : null });
  };
  let typed = false; // what is in the field is the reader's
  let known;
  const leave = () => {
    typed = false;
    say("");
    input.value = known;
  };
  const commit = () => {
    const wrong = problem(input.value);
    say(wrong);
    typed = Boolean(wrong);
  };
  const input = h("input", {
    type: "text", class: "sw-text", maxlength: longest, autocomplete: "off", autocapitalize: "none", spellcheck: "false", "aria-labelledby": id,
    oninput: () => {
      typed = true;
      say("");
      if (!problem(input.value)) take(input.value);
    },
    onchange: commit,
    onkeydown: (event) => {
      if (event.key === "Enter") commit();
      if (event.key === "Escape") leave();
    },
  });
  return {
    node: h("div", { class: "sw-control sw-typed" }, h("span", { class: "sw-label", id }, label), input, note),
    update(s) {
      const elsewhere = s[key] !== known && s[key] !== input.value;
      known = s[key];
      if (elsewhere && document.activeElement !== input) leave();
      else if (!typed) input.value = known;
    },
  };
}

/** A button. */
export function button(label, onclick, props = {}) {
  return h("button", { type: "button", class: "sw-button", onclick, ...props }, label);
}

/**
 * Buttons that set several settings at once; the one in force is marked as pressed.
 * @param {import("./state.js").State} state
 * @param {Object<string, Object<string, any>>} states name → settings
 * @param {string} [label]
 * @returns {Control}
 */
export function presets(state, states, label = "Examples") {
  const buttons = Object.entries(states).map(([name, changes]) => ({
    changes,
    node: button(name, () => state.glide(changes), { "aria-pressed": "false" }),
  }));
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  return {
    node: h("div", { class: "sw-presets", role: "group", "aria-label": label },
      h("span", { class: "sw-label" }, label), ...buttons.map((b) => b.node)),
    update(s) {
      for (const { node, changes } of buttons) {
        const on = Object.entries(changes).every(([key, value]) => same(s[key], value));
        set(node, { "aria-pressed": String(on) });
      }
    },
  };
}
