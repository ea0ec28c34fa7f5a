/** The frame of every widget: title, body, sentence, and the buttons for reset, code and link. */

import { h } from "./dom.js";
import { restore, State } from "./state.js";

const CALM = 300; // ms without a change before the sentence is read out

/**
 * @typedef {Object} View
 * @property {(s: any) => void} update draws the values `s` of all settings
 * @property {(s: any) => string} describe says the state in one sentence
 *
 * @typedef {Object} Host
 * @property {() => void} refresh draws again, after a change of something that is no setting
 * @property {AbortSignal} signal fires when the view is removed
 */

/**
 * Make the module that anywidget and the static page load.
 * @param {Object} spec
 * @param {string} spec.title
 * @param {(body: HTMLElement, state: State, host: Host) => View} spec.create builds the view, once
 */
export function widget({ title, create }) {
  return {
    render({ model, el, link }) {
      const state = new State(model);
      const controller = new AbortController();
      const body = h("div", { class: "sw-body" });
      const sentence = h("p", { class: "sw-sentence" });
      const announced = h("p", { class: "sw-hidden", role: "status" });
      const tools = toolbar(state, link);
      const end = h("p", { class: "sw-end", tabindex: "-1" }, `End of the ${title.toLowerCase()}`);
      const skip = h("button", { type: "button", class: "sw-skip", onclick: () => end.focus() }, "Skip this widget");
      // JupyterLab leaves the keys to whatever is marked like this.
      const own = { "data-lm-suppress-shortcuts": "true" };
      const root = h("section", { class: "sw", "aria-label": title, tabindex: "-1", ...own },
        skip, h("p", { class: "sw-title", "aria-hidden": "true" }, title), body, sentence, announced, tools, end);
      el.append(root);

      let timer;
      // What is seen follows every change; what is read out waits for the last of them.
      const announce = () => announced.replaceChildren(sentence.textContent);
      const refresh = () => {
        const values = state.values();
        view.update(values);
        sentence.replaceChildren(view.describe(values));
        clearTimeout(timer);
        timer = setTimeout(announce, CALM);
      };
      const view = create(body, state, { refresh, signal: controller.signal });
      refresh();
      const stop = state.subscribe(refresh);
      const themes = new MutationObserver(refresh); // canvases take their colours from the theme
      for (const node of [document.documentElement, document.body]) {
        themes.observe(node, { attributeFilter: ["data-theme", "data-jp-theme-light"] });
      }
      return () => {
        clearTimeout(timer);
        stop();
        themes.disconnect();
        controller.abort();
        root.remove();
      };
    },
    /** Used by the static page: put a model into the state of a link. */
    restore: ({ model, query }) => restore(model, query),
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
