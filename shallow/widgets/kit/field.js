/** The field for a number, wherever one can be typed. */

import { h, set, uid } from "./dom.js";
import { short } from "./format.js";
import { stepByKey, VERTICAL } from "./keys.js";
import { NUMBER_HINT, parseNumber } from "./number.js";

/**
 * @param {Object} spec
 * @param {{min: number, max: number, step: number, scale?: string}} spec.limits
 * @param {Object<string, string>} spec.name `aria-labelledby` or `aria-label`
 * @param {(value: number) => void} spec.set called with a number that the reader has typed or stepped to
 * @returns {{input: HTMLInputElement, note: HTMLElement, show: (value: number) => void, leave: () => void}}
 *   the field, what stands beside it when it cannot be followed, how to show a value, and how to drop what is typed
 */
export function numberField({ limits, name, set: change }) {
  const { min, max } = limits;
  const id = uid("note");
  const note = h("span", { class: "sw-field-note", id, role: "status" });
  let current = min;
  let taken; // what the field itself has set
  let typed = false; // what is in the field is the reader's, and is not taken over yet
  const written = () => String(Number(current.toPrecision(6)));
  const say = (text) => {
    note.replaceChildren(...(text ? [text] : []));
    set(input, { "aria-invalid": text ? "true" : null, "aria-describedby": text ? id : null });
  };
  /** The number in the field; undefined, and said why, if there is none. */
  const read = () => {
    const value = parseNumber(input.value, { max });
    if (value === null) say(NUMBER_HINT);
    else say(value < min ? `At least ${short(min)}.` : value > max ? `At most ${short(max)}.` : "");
    return value ?? undefined;
  };
  const take = (value) => {
    typed = false;
    taken = Math.min(max, Math.max(min, value));
    change(value);
    queueMicrotask(() => { input.value = written(); }); // after the update, if the change has brought one
  };
  const commit = () => {
    if (!typed) return;
    if (input.value === written()) {
      leave();
      return;
    }
    const value = read();
    if (value !== undefined) take(value);
  };
  const leave = () => {
    typed = false;
    say("");
    input.value = written();
  };
  /** @type {HTMLInputElement} */
  const input = h("input", {
    // The keyboard of a phone for decimals has no minus on some.
    type: "text", inputmode: min < 0 ? "text" : "decimal", class: "sw-number", autocomplete: "off", ...name,
    oninput: () => { typed = true; say(""); },
    onchange: commit,
    onblur: () => { if (input.value.trim() === "") leave(); else commit(); },
    onkeydown: (event) => {
      if (event.key === "Enter") commit();
      if (event.key === "Escape") leave();
      if (!/^(Arrow(Up|Down)|Page(Up|Down))$/.test(event.key)) return;
      const from = typed ? read() : Number(written());
      const value = from === undefined ? undefined : stepByKey(event, from, limits, VERTICAL);
      if (value === undefined) return;
      event.preventDefault();
      take(value);
    },
  });
  return {
    input,
    note,
    leave,
    show(value) {
      const elsewhere = value !== current && value !== taken;
      current = value;
      if (elsewhere && document.activeElement !== input) typed = false;
      if (elsewhere && !typed) say("");
      if (!typed) input.value = written();
    },
  };
}
