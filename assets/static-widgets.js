/**
 * Widgets on a page without a kernel.
 *
 * The page carries the state of its widgets and the place of each view as JSON (Jupyter's
 * `widget-state` and `widget-view`). Every anywidget among them is mounted by its public interface
 * (https://anywidget.dev/en/afm/): `initialize`, `render`, a model with get, set, on, off, save_changes.
 *
 * An address `#name?key=value&…`, or a link to one (`a.widget-link`), sets the state of a widget:
 * `name` is its Python module; a second widget of that module is `name-2`.
 * Two things go beyond anywidget's interface: `render` also gets `link(query)`, the address of a
 * state, and a module may offer `restore({ model, query })`, which goes to one.
 *
 * A classic script, not a module: browsers refuse modules from file://. It may be `async`, after the state.
 */
(() => {
  "use strict";

  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

  /** @type {Map<string, {model: Model, definition: any, node: HTMLElement}>} widgets that an address can speak of */
  const named = new Map();
  /** @type {Set<string>} */
  const styles = new Set();
  /** @type {?HTMLAnchorElement} the link of the prose that was just opened */
  let opened = null;

  /** The state of one widget, shared by all its views. */
  class Model {
    constructor(state) {
      this.state = state;
      this.listeners = new Map();
    }

    get(key) {
      return this.state[key];
    }

    set(key, value) {
      if (JSON.stringify(this.state[key]) === JSON.stringify(value)) return;
      this.state[key] = value;
      this._emit(`change:${key}`, value);
      this._emit("change");
    }

    on(event, callback) {
      if (!this.listeners.has(event)) this.listeners.set(event, new Set());
      this.listeners.get(event).add(callback);
    }

    off(event, callback) {
      if (callback) this.listeners.get(event)?.delete(callback);
      else this.listeners.delete(event);
    }

    save_changes() {} // there is no kernel to tell

    send() {}

    _emit(event, ...values) {
      for (const callback of [...(this.listeners.get(event) ?? [])]) callback(...values);
    }
  }

  /** Import the text of an ES module; a data: address where blob: is not allowed. */
  async function importText(text) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    try {
      return await import(address);
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      return await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`);
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  /** Load a model's module once, whatever the number of its views. */
  async function load(state) {
    if (!state?._esm) throw new Error("it needs a running kernel. Download the notebook to use it");
    const model = new Model(state);
    const module = await importText(state._esm);
    const definition = typeof module.default === "function" ? await module.default() : module.default;
    await definition.initialize?.({ model });
    if (state._css) style(state._css);
    return { model, definition };
  }

  /** Add a style sheet, once. */
  function style(text) {
    if (styles.has(text)) return;
    styles.add(text);
    document.head.append(Object.assign(document.createElement("style"), { textContent: text }));
  }

  /** Draw one view, or say in its place why not. */
  async function mount(place, loading) {
    const node = document.createElement("div");
    node.className = "static-widget";
    place.after(node);
    try {
      const { model, definition } = await loading;
      const link = (query) => `${location.href.split("#")[0]}#${nameOf(model)}?${query}`;
      await definition.render({ model, el: node, link });
      return { model, definition, node };
    } catch (error) {
      node.setAttribute("role", "alert");
      node.textContent = `This widget could not start: ${error.message ?? error}.`;
      console.warn(error);
      return undefined;
    }
  }

  function nameOf(model) {
    return [...named].find(([, widget]) => widget.model === model)[0];
  }

  /** Give each widget, not each view, a name, in the order of the page. */
  function name(views) {
    const models = new Set();
    for (const view of views) {
      if (!view || models.has(view.model)) continue;
      models.add(view.model);
      const stem = view.model.get("_anywidget_id").split(".").at(-2);
      let n = 1;
      while (named.has(n === 1 ? stem : `${stem}-${n}`)) n += 1;
      named.set(n === 1 ? stem : `${stem}-${n}`, view);
    }
  }

  /** Set the widget that an address speaks of and go there; false if it speaks of none. */
  function follow(hash) {
    const [name, query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
    const target = named.get(name);
    if (!target?.definition.restore) return false;
    target.definition.restore({ model: target.model, query });
    if (opened) offerReturn(target.node, opened);
    opened = null;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const region = target.node.lastElementChild;
    target.node.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    region.focus({ preventScroll: true }); // its live region then says the new state
    return true;
  }

  /** Put a button above a widget that leads back to the link from which the reader came. */
  function offerReturn(node, link) {
    node.querySelector(".static-widget-back")?.remove();
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "static-widget-back", textContent: "↩ Back to the text",
    });
    button.addEventListener("click", () => {
      link.scrollIntoView({ block: "center" });
      link.focus({ preventScroll: true });
      button.remove();
    });
    node.prepend(button);
  }

  async function start() {
    style(`
      .static-widget { scroll-margin-top: 5rem; }
      .static-widget-back { min-height: 30px; padding: 0.2rem 0.6rem; border: 1px solid currentcolor;
        border-radius: 6px; background: none; color: inherit; font: inherit; font-size: 0.9em; cursor: pointer; }`);
    const states = {};
    for (const script of document.querySelectorAll(STATE)) Object.assign(states, JSON.parse(script.textContent).state);
    // Modules load while the browser still reads the page; the views are mounted when it is all there.
    const loaded = new Map(Object.entries(states).map(([id, { state }]) => [id, load(state)]));
    for (const loading of loaded.values()) loading.catch(() => {}); // its view says so
    if (document.readyState === "loading") {
      await new Promise((resolve) => document.addEventListener("readystatechange", resolve, { once: true }));
    }
    const views = [];
    for (const place of document.querySelectorAll(VIEW)) {
      views.push(await mount(place, loaded.get(JSON.parse(place.textContent).model_id) ?? load()));
      await new Promise((resolve) => setTimeout(resolve)); // the page answers in between
    }
    name(views);
    follow(location.hash);
    addEventListener("hashchange", () => follow(location.hash));
    document.addEventListener("click", (event) => {
      opened = event.target.closest?.("a.widget-link[href^='#']");
      // The same link twice changes no address, so this click counts by itself.
      if (opened?.hash === location.hash && follow(opened.hash)) event.preventDefault();
    });
    document.documentElement.dataset.widgets = "ready";
  }

  start();
})();
