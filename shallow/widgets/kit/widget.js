/** The frame of every widget: a picture, what moves it, a goal, a sentence, and what is one press away. */

import { presets } from "./controls.js";
import { h, set, svg } from "./dom.js";
import { stack } from "./layout.js";
import { markQuantities } from "./quantity.js";
import { between, restore, State } from "./state.js";

const CALM = 300; // ms without a change before the sentence is read out
const GLIDE = 450; // ms that the picture takes to another state
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const ICONS = { met: "M1.5 6.5L4.8 9.8L10.5 2.5", open: "M1.5 6a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0M5 6a1 1 0 1 0 2 0a1 1 0 1 0 -2 0" };

/**
 * @typedef {import("./controls.js").Control} Control
 *
 * @typedef {Object} View
 * @property {(s: any) => any} [derive] all that follows from the settings `s`; what the rest is given
 * @property {(Control|Node)[]} picture what is seen, and stays in sight on a phone
 * @property {Control[]} controls three at most, beside the picture
 * @property {Control[]} more folds with all else
 * @property {(d: any) => void} [update] further changes
 * @property {(d: any) => string} describe says the state in one sentence
 * @property {(d: any) => Goal} goal
 *
 * @typedef {Object} Goal something to reach
 * @property {string} text
 * @property {boolean} met
 * @property {Object<string, any>} answer settings that reach it
 *
 * @typedef {Object} Host
 * @property {() => void} refresh draws again, after a change of something that is no setting
 * @property {AbortSignal} signal fires when the view is removed
 */

/**
 * Make the module that anywidget and the static page load.
 * @param {Object} spec
 * @param {string} spec.title
 * @param {Object<string, any>} spec.opening settings that a page opens on, unless it or its link names others
 * @param {Object<string, Object<string, any>>} spec.examples name → settings
 * @param {boolean} [spec.glides] whether the picture moves from one example to the next; else it jumps
 * @param {(state: State, host: Host) => View} spec.create builds the view, once
 */
export function widget({ title, opening, examples, glides = true, create }) {
  return {
    render({ model, el, link }) {
      const state = new State(model);
      const controller = new AbortController();
      const { signal } = controller;
      const sentence = h("p", { class: "sw-sentence" });
      const announced = h("p", { class: "sw-hidden", role: "status" });
      const end = h("p", { class: "sw-end", tabindex: "-1" }, `End of the ${title.toLowerCase()}`);
      const skip = h("button", { type: "button", class: "sw-skip", onclick: () => end.focus() }, "Skip this widget");
      // JupyterLab leaves the keys to whatever is marked like this.
      const own = { "data-lm-suppress-shortcuts": "true" };
      const body = h("div", { class: "sw-body" });
      const name = title.toLowerCase().replace(/\W+/g, "-");
      const root = h("section", { class: `sw sw-${name}`, "aria-label": title, tabindex: "-1", ...own },
        skip, h("p", { class: "sw-title", "aria-hidden": "true" }, title), announced, body, end);
      el.append(root);

      const view = create(state, { refresh: () => refresh(), signal });
      const goal = goalLine((answer) => state.glide(answer));
      const places = { examples: presets(state, examples), picture: stack(...view.picture), controls: stack(...view.controls) };
      for (const [name, { node }] of Object.entries(places)) node.classList.add(`sw-${name}`);
      const parts = [...Object.values(places), ...view.more];
      const more = h("div", { class: "sw-more" }, ...view.more.map(({ node }) => node), toolbar(state, link));
      body.append(...Object.values(places).map(({ node }) => node), goal.node, sentence, more);

      const mark = markQuantities(root, signal);
      let shown; // the values that the picture shows
      let frame;
      let timer;
      const draw = (values) => {
        shown = values;
        const derived = view.derive?.(values) ?? values;
        parts.forEach((part) => part.update(derived));
        view.update?.(derived);
        mark();
        return derived;
      };
      // What is seen follows every change; what is read out waits for the last of them.
      const announce = () => announced.replaceChildren(sentence.textContent);
      const arrive = (values) => {
        const derived = draw(values);
        set(root, { "aria-busy": null });
        const said = view.describe(derived);
        if (said !== sentence.textContent) sentence.replaceChildren(said);
        goal.update(view.goal(derived));
        clearTimeout(timer);
        timer = setTimeout(announce, CALM);
      };
      const glide = (from, to) => {
        const start = performance.now();
        set(root, { "aria-busy": "true" });
        const move = (now) => {
          const part = Math.min(1, Math.max(0, (now - start) / GLIDE));
          if (part === 1) arrive(to);
          else {
            draw(between(state.settings, from, to, part * part * (3 - 2 * part)));
            frame = requestAnimationFrame(move);
          }
        };
        frame = requestAnimationFrame(move);
      };
      const refresh = () => {
        cancelAnimationFrame(frame);
        const values = state.values();
        if (state.takeGlide() && glides && shown && !STILL.matches) glide(shown, values);
        else arrive(values);
      };
      refresh();
      const stop = state.subscribe(refresh);
      const themes = new MutationObserver(refresh); // canvases take their colours from the theme
      for (const node of [document.documentElement, document.body]) {
        themes.observe(node, { attributeFilter: ["data-theme", "data-jp-theme-light"] });
      }
      return () => {
        cancelAnimationFrame(frame);
        clearTimeout(timer);
        stop();
        themes.disconnect();
        controller.abort();
        root.remove();
      };
    },
    /** Used by the static page: put a model into the state of a link. */
    restore: ({ model, query }) => restore(model, query),
    /** Used by the static page: go to the opening moment, unless the page has made the widget otherwise. */
    open({ model }) {
      const state = new State(model);
      if (state.isDefault()) state.set(opening);
    },
  };
}

/** The goal, with a mark and a word for whether it is met, and a button that shows how. */
function goalLine(show) {
  const sign = svg("path", { fill: "none" });
  const icon = svg("svg", { class: "sw-icon", viewBox: "0 0 12 12", "aria-hidden": "true" }, sign);
  const said = h("span", { class: "sw-hidden", role: "status" });
  const text = h("span");
  const how = h("button", { type: "button", class: "sw-button", onclick: () => show(goal.answer) }, "Show how");
  let goal;
  return {
    node: h("div", { class: "sw-goal" }, icon, text, how, said),
    /** @param {Goal} now */
    update(now) {
      const before = goal;
      goal = now;
      if (before?.met === now.met && before.text === now.text) return;
      set(sign, { d: ICONS[now.met ? "met" : "open"] });
      set(icon.parentNode, { "data-met": now.met });
      text.replaceChildren(h("b", {}, now.met ? "Reached: " : "Goal: "), now.text);
      said.replaceChildren(now.met && before ? `Goal reached: ${now.text}` : "");
    },
  };
}

function toolbar(state, link) {
  const said = h("span", { class: "sw-said", role: "status" });
  const copy = (label, text) =>
    h("button", { type: "button", class: "sw-button", onclick: async () => {
      const written = text();
      said.replaceChildren((await toClipboard(written)) ? "Copied." : written);
    } }, label);
  const reset = h("button", { type: "button", class: "sw-button", onclick: () => {
    state.reset();
    said.replaceChildren("Back to the start.");
  } }, "Reset");
  const tools = h("div", { class: "sw-tools" }, reset, copy("Copy as Python", () => state.toPython()));
  if (link) tools.append(copy("Copy link", () => link(state.toQuery())));
  tools.append(said);
  return tools;
}

/** Copy text; false if the browser refuses (an old page protocol, no permission). */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
