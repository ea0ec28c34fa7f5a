/**
 * Widgets on a page without a kernel.
 *
 * The page carries the state of its widgets and the place of each view as JSON (Jupyter's
 * `widget-state` and `widget-view`). Every anywidget among them is mounted by its public interface
 * (https://anywidget.dev/en/afm/): `initialize`, `render`, a model with get, set, on, off, save_changes.
 *
 * An address `#name?key=value&…`, or a link to one (`a.widget-link`), sets the state of a widget:
 * `name` is its Python module; a second widget of that module is `name-2`.
 * Three things go beyond anywidget's interface: `render` also gets `link(query)`, the address of a
 * state, and a module may offer `restore({ model, query })`, which goes to one, and `open({ model })`,
 * which goes to the moment that a page without a kernel opens on.
 *
 * The page may keep the space of a widget: an empty `.static-widget` after the place of its view.
 * It may leave a widget's code in a script of its own, `_code: [name, address]`, which adds
 * `_esm` and `_css` to `window.widgetCode` under that name.
 *
 * What an address leads to has `data-linked` and is sent `linked` first, for what hides it.
 * A widget is mounted when it comes near the window; all are, once the reader does something.
 *
 * A classic script, not a module: browsers refuse modules from file://. It runs when the page is read.
 */
(() => {
  "use strict";

  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

  /**
   * Widgets that an address can speak of, known before they are mounted.
   * @type {Map<string, {id: string, node: HTMLElement, mounted: Promise<?{model: Model, definition: any}>, settle: Function, draw: Function}>}
   */
  const named = new Map();
  const NEAR = 3; // windows that the eye can follow a glide
  const SETTLE = 400; // ms without news after everything has come
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

  /** Fetch the code of a widget; by a script, because a page from file:// can load nothing else. */
  async function fetchCode([name, src]) {
    if (!window.widgetCode?.[name]) {
      await new Promise((resolve, reject) => {
        document.head.append(Object.assign(document.createElement("script"), {
          src, onload: resolve, onerror: () => reject(new Error("its code could not be fetched")),
        }));
      });
    }
    return window.widgetCode[name];
  }

  /** Load a model's module once, whatever the number of its views. */
  async function load(state) {
    if (state?._code) Object.assign(state, await fetchCode(state._code));
    if (!state?._esm) throw new Error("it needs a running kernel. Download the notebook to use it");
    const model = new Model(state);
    const module = await importText(state._esm);
    const definition = typeof module.default === "function" ? await module.default() : module.default;
    await definition.initialize?.({ model });
    definition.open?.({ model }); // a link goes on from here to its own state
    if (state._css) style(state._css);
    return { model, definition };
  }

  /** Add a style sheet, once. */
  function style(text) {
    if (styles.has(text)) return;
    styles.add(text);
    document.head.append(Object.assign(document.createElement("style"), { textContent: text }));
  }

  /** The element that a view is drawn in: what the page keeps for it, or a new one. */
  function room(place) {
    const kept = place.parentElement.querySelector(":scope > .static-widget-place > .static-widget:not([data-taken])");
    const node = kept ?? document.createElement("div");
    node.classList.add("static-widget");
    node.dataset.taken = "";
    if (!kept) place.after(node);
    return node;
  }

  /** Draw one view, or say in its place why not. */
  async function mount(node, name, loading) {
    try {
      const { model, definition } = await loading;
      const link = (query) => `${location.href.split("#")[0]}#${name}?${query}`;
      await definition.render({ model, el: node, link });
      return { model, definition };
    } catch (error) {
      node.setAttribute("role", "alert");
      node.textContent = `This widget could not start: ${error.message ?? error}.`;
      console.warn(error);
      return null;
    }
  }

  /** Give each widget, not each view, a name, in the order of the page: the stem of its module, then with a number. */
  function nameOf(id, state, node) {
    const known = [...named].find(([, widget]) => widget.id === id);
    if (known) return known[0];
    const stem = state?._anywidget_id?.split(".").at(-2);
    if (!stem) return "";
    let n = 1;
    while (named.has(n === 1 ? stem : `${stem}-${n}`)) n += 1;
    const name = n === 1 ? stem : `${stem}-${n}`;
    named.set(name, { id, node, mounted: Promise.resolve(null), settle: () => {}, draw: () => {} });
    return name;
  }

  /** Go to the widget that an address speaks of and set it as soon as it is there; false if it speaks of none. */
  function follow(hash, smooth) {
    const [name, query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
    const target = named.get(name);
    document.querySelector("[data-linked]")?.removeAttribute("data-linked");
    if (!target) return false;
    const link = opened;
    opened = null;
    target.node.dataset.linked = "";
    target.node.dispatchEvent(new Event("linked", { bubbles: true })); // what hides it shows it now
    target.draw();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const near = Math.abs(target.node.getBoundingClientRect().top) < NEAR * innerHeight;
    if (smooth && near && !calm) glide(target.node);
    else hold(target.node);
    target.mounted.then((widget) => {
      widget?.definition.restore?.({ model: widget.model, query });
      if (link) offerReturn(target.node, link);
      /** @type {HTMLElement} */
      const region = target.node.querySelector(":scope > section") ?? target.node;
      if (region === target.node) target.node.tabIndex = -1;
      region.focus({ preventScroll: true }); // its live region then says the new state
    });
    return true;
  }

  /** A signal that comes once the reader moves on. */
  function movesOn() {
    const over = new AbortController();
    for (const event of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(event, () => over.abort(), { signal: over.signal, passive: true });
    }
    return over;
  }

  /** Scroll to an element near by as the eye can follow, and hold it there: what is laid out on the way may move it. */
  function glide(node) {
    const over = movesOn();
    addEventListener("scrollend", () => { over.abort(); hold(node); }, { signal: over.signal });
    node.scrollIntoView({ behavior: "smooth", block: "start" });
  }

  /** Keep an element at the top of the window until fonts, formulas and images have settled, or the reader moves on. */
  function hold(node) {
    const over = movesOn();
    const { signal } = over;
    const go = () => signal.aborted || node.scrollIntoView({ behavior: "instant", block: "start" });
    const grows = new ResizeObserver(go);
    grows.observe(document.body);
    for (const above of document.querySelectorAll("main section")) grows.observe(above);
    signal.addEventListener("abort", () => grows.disconnect());
    go();
    const loaded = document.readyState === "complete" ? null
      : new Promise((resolve) => addEventListener("load", resolve, { once: true }));
    Promise.all([loaded, document.fonts.ready])
      .then(() => setTimeout(() => { go(); over.abort(); }, SETTLE));
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

  /** Draw each widget when it is less than a screen away. */
  function whenNear(nodes, draw) {
    const watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        draw(target);
      }
    }, { rootMargin: "100%" });
    for (const node of nodes) watch.observe(node);
  }

  /** Mark the page while a widget is in the window: a wide one then takes the margin. */
  function markSeen(nodes) {
    const seen = new Set();
    const watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) seen[isIntersecting ? "add" : "delete"](target);
      document.body.classList.toggle("static-widget-seen", seen.size > 0);
    });
    for (const node of nodes) watch.observe(node);
  }

  /** Draw all, one after another, from the first thing that the reader does: the keyboard finds each; for paper, at once. */
  function drawTheRest(waiting, draw) {
    const over = new AbortController();
    const { signal } = over;
    const idle = window.requestIdleCallback ?? setTimeout;
    const next = () => {
      const [node] = waiting.keys();
      if (!node) return;
      draw(node);
      idle(next);
    };
    const begin = () => {
      over.abort();
      idle(next);
    };
    for (const event of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(event, begin, { signal, passive: true });
    addEventListener("beforeprint", () => [...waiting.keys()].forEach(draw));
  }

  async function start() {
    style(`
      .static-widget { scroll-margin-top: 0.5rem; }
      .static-widget-back { min-height: 30px; padding: 0.2rem 0.6rem; border: 1px solid currentcolor;
        border-radius: 6px; background: none; color: inherit; font: inherit; font-size: 0.9em; cursor: pointer; }`);
    if (document.readyState === "loading") {
      await new Promise((resolve) => document.addEventListener("readystatechange", resolve, { once: true }));
    }
    const states = {};
    for (const script of document.querySelectorAll(STATE)) Object.assign(states, JSON.parse(script.textContent).state);
    const loaded = new Map();
    const views = [...document.querySelectorAll(VIEW)].map((place) => {
      const id = JSON.parse(place.textContent).model_id;
      const node = room(place);
      return { id, node, name: nameOf(id, states[id]?.state, node) };
    });
    /** @type {Map<HTMLElement, Function>} draws what is not yet there */
    const waiting = new Map();
    const draw = (node) => {
      waiting.get(node)?.();
      waiting.delete(node);
    };
    const all = views.map(({ id, node, name }) => new Promise((resolve) => {
      waiting.set(node, () => {
        if (!loaded.has(id)) loaded.set(id, load(states[id]?.state));
        const mounted = mount(node, name, loaded.get(id));
        if (named.get(name)?.node === node) named.get(name).settle(mounted);
        resolve(mounted);
      });
    }));
    for (const widget of named.values()) {
      widget.mounted = new Promise((resolve) => { widget.settle = resolve; });
      widget.draw = () => draw(widget.node);
    }
    follow(location.hash);
    addEventListener("hashchange", () => follow(location.hash, true));
    document.addEventListener("click", (event) => {
      opened = /** @type {Element} */ (event.target).closest?.("a.widget-link[href^='#']");
      // The same link twice changes no address, so this click counts by itself.
      if (opened?.hash === location.hash && follow(opened.hash, true)) event.preventDefault();
    });
    markSeen(views.map(({ node }) => node));
    whenNear([...waiting.keys()], draw);
    drawTheRest(waiting, draw);
    await Promise.all(all);
    document.documentElement.dataset.widgets = "ready";
  }

  start();
})();
