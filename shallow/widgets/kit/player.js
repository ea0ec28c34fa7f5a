/** Play, pause and step: time for anything that is made of steps. */

import { h, set } from "./dom.js";
import { button } from "./controls.js";

const CALM_RATE = 2; // pictures per second where the reader asks for less motion

/**
 * @param {Object} spec
 * @param {() => boolean} spec.step makes one step; false when there is nothing left to do
 * @param {AbortSignal} spec.signal of the view: playing ends with it
 * @param {number} [spec.rate] steps per second
 * @param {string} [spec.label] of the step button
 * @returns {{node: HTMLElement, pause: () => void, playing: () => boolean}}
 */
export function player({ step, signal, rate = 30, label = "Step" }) {
  let timer = null;
  const pause = () => {
    clearInterval(timer);
    timer = null;
    show();
  };
  const play = () => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pictures = calm ? CALM_RATE : Math.min(rate, 30);
    const stepsEach = Math.max(1, Math.round(rate / pictures));
    timer = setInterval(() => {
      for (let k = 0; k < stepsEach; k += 1) if (!step()) return pause();
      return undefined;
    }, 1000 / pictures);
    show();
  };
  const toggle = button("Play", () => (timer === null ? play() : pause()));
  const show = () => {
    toggle.replaceChildren(timer === null ? "▶ Play" : "⏸ Pause");
    set(toggle, { "aria-label": timer === null ? "Play" : "Pause" });
  };
  show();
  signal.addEventListener("abort", pause);
  const once = button(label, () => {
    pause();
    step();
  });
  return { node: h("div", { class: "sw-player" }, toggle, once), pause, playing: () => timer !== null };
}
