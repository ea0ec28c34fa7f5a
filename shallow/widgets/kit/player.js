/** Play, pause and step: time for anything that is made of steps. */

import { h, set, svg } from "./dom.js";
import { button } from "./controls.js";

const ICONS = { Play: "M1 0L11 6L1 12Z", Pause: "M1 0H4.5V12H1ZM7.5 0H11V12H7.5Z" };
const REST = 2; // times as long as a picture took to make and to show, so that touches and keys come in between
const HELD = 120; // ms after a press in which no picture is made: what it does comes first
const CALM_RATE = 2; // pictures per second where the reader asks for less motion

/**
 * @param {Object} spec
 * @param {() => boolean} spec.step makes one step; false when there is nothing left to do
 * @param {AbortSignal} spec.signal of the view: playing ends with it
 * @param {number} [spec.rate] steps per second
 * @param {string} [spec.label] of the step button
 * @returns {{node: HTMLElement, update: () => void, play: () => void, pause: () => void, playing: () => boolean}}
 */
export function player({ step, signal, rate = 30, label = "Step" }) {
  let turn = null; // what plays now; each press begins another
  let pressed = -Infinity; // when the reader last did something
  const note = (event) => { if (!event.repeat) pressed = performance.now(); };
  for (const kind of ["pointerdown", "pointerup", "keydown"]) addEventListener(kind, note, { capture: true, passive: true, signal });
  const pause = () => {
    if (!turn) return;
    turn = null;
    show();
  };
  const play = () => {
    if (turn) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pictures = calm ? CALM_RATE : Math.min(rate, 30);
    const stepsEach = Math.max(1, Math.round(rate / pictures));
    const now = {};
    const picture = () => {
      if (turn !== now) return;
      const start = performance.now();
      if (start - pressed < HELD) return void setTimeout(picture, HELD);
      let made = start;
      for (let k = 0; k < stepsEach; k += 1) if (!step()) return void pause();
      queueMicrotask(() => { made = performance.now(); }); // after the update that the steps have brought
      requestAnimationFrame(() => {
        const frame = performance.now();
        setTimeout(() => { // after the browser has drawn it
          const end = performance.now();
          setTimeout(picture, Math.max(1000 / pictures - (end - start), REST * (made - start + end - frame)));
        });
      });
    };
    turn = now;
    setTimeout(picture, 1000 / pictures);
    show();
  };
  const toggle = button("Play", () => (turn ? pause() : play()));
  const show = () => {
    const name = turn ? "Pause" : "Play";
    const icon = svg("svg", { class: "sw-icon", viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
    toggle.replaceChildren(icon, name);
    set(toggle, { "aria-label": name });
  };
  show();
  signal.addEventListener("abort", pause);
  const once = button(label, () => {
    pause();
    step();
  });
  return { node: h("div", { class: "sw-player" }, toggle, once), update: () => {}, play, pause, playing: () => turn !== null };
}
