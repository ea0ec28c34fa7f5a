/** The state of a widget: its settings, which Python states and checks, over the model of the host. */

import { python } from "./format.js";

/**
 * @typedef {Object} Setting what `Setting.describe()` in Python returns, and the initial value
 * @property {string} name
 * @property {"number"|"integer"|"flag"|"choice"|"text"|"numbers"} kind
 * @property {string} label
 * @property {any} default of the class
 * @property {any} initial of this widget: what reset goes back to
 * @property {number} min of a number, as the next two
 * @property {number} max
 * @property {number} step
 * @property {"linear"|"log"} [scale]
 * @property {[string, string][]} [options]
 * @property {number} [longest] of a text, in characters
 * @property {[number, number]} [length]
 * @property {?number} [width]
 */

/** Models that have just been sent to another state as a whole, which the view may move to. */
const sent = new WeakSet();

export class State {
  /** @param {any} model the host's model: get, set, on, off, save_changes */
  constructor(model) {
    this.model = model;
    /** @type {Object<string, Setting>} */
    this.settings = Object.fromEntries(model.get("_settings").map((setting) => [setting.name, setting]));
  }

  /** Value of one setting. */
  get(key) {
    return this.model.get(key);
  }

  /** Values of all settings, by name. */
  values() {
    return Object.fromEntries(Object.keys(this.settings).map((key) => [key, this.get(key)]));
  }

  /** Change settings; values are moved inside their limits, impossible ones are ignored. */
  set(changes) {
    for (const [key, value] of Object.entries(changes)) {
      const coerced = coerce(this.settings[key], value);
      if (coerced !== undefined) this.model.set(key, coerced);
    }
    this.model.save_changes();
  }

  /** Change settings; the view moves to the new state instead of jumping there. */
  glide(changes) {
    sent.add(this.model);
    this.set(changes);
  }

  /** Whether the latest change was such a move; tells it once. */
  takeGlide() {
    return sent.delete(this.model);
  }

  /** Go back to the initial values. */
  reset() {
    this.glide(this.initial());
  }

  /** The values that Python made the widget with. */
  initial() {
    return Object.fromEntries(Object.entries(this.settings).map(([key, setting]) => [key, setting.initial]));
  }

  /** Whether nothing differs from what the class has by itself. */
  isDefault() {
    return this._changed("default").length === 0;
  }

  /**
   * Call `listener` once after any number of changes.
   * @returns {() => void} stop
   */
  subscribe(listener) {
    let pending = false;
    let stopped = false;
    const onChange = () => {
      if (pending) return;
      pending = true;
      queueMicrotask(() => {
        pending = false;
        if (!stopped) listener();
      });
    };
    const events = Object.keys(this.settings).map((key) => `change:${key}`);
    events.forEach((event) => this.model.on(event, onChange));
    return () => {
      stopped = true;
      events.forEach((event) => this.model.off(event, onChange));
    };
  }

  /** The code that makes this widget in this state: Python's `repr`, with its import. */
  toPython() {
    const name = this.model.get("_python_name");
    const changed = this._changed("default").map(
      ([key, value]) => `${key}=${python(value, this.settings[key].kind)}`,
    );
    return `from shallow.widgets import ${name}\n\n${name}(${changed.join(", ")})`;
  }

  /** The state as the query of a link: what differs from the initial values. */
  toQuery() {
    return this._changed("initial")
      .map(([key, value]) => {
        const text = typeof value === "object" ? JSON.stringify(value) : String(value);
        return `${key}=${encodeURIComponent(text)}`;
      })
      .join("&");
  }

  _changed(reference) {
    return Object.entries(this.values()).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(this.settings[key][reference]),
    );
  }
}

/**
 * Compute something only when one of the named settings has changed: data, curves, a run of training.
 * @template T
 * @param {string[]} keys
 * @param {(s: any) => T} compute
 * @returns {(s: any) => T}
 */
export function memo(keys, compute) {
  let known;
  let value;
  return (s) => {
    const now = JSON.stringify(keys.map((key) => s[key]));
    if (now !== known) {
      value = compute(s);
      known = now;
    }
    return value;
  };
}

/**
 * Values on the way from one state to another: what can be counted moves, all else is there at once.
 * @param {Object<string, Setting>} settings
 * @param {Object<string, any>} from
 * @param {Object<string, any>} to
 * @param {number} part of the way, from 0 to 1
 */
export function between(settings, from, to, part) {
  const mix = (a, b) => a + part * (b - a);
  const way = { log: (a, b) => Math.exp(mix(Math.log(a), Math.log(b))), linear: mix };
  const at = ({ name, kind, scale = "linear" }, a, b) => {
    if (name === "seed" || a === b) return b; // between two seeds lies nothing
    if (kind === "number") return way[scale](a, b);
    if (kind === "integer") return Math.round(mix(a, b));
    if (kind === "numbers" && sameShape(a, b)) return b.map((row, i) => (isNumber(row) ? mix(a[i], row) : row.map((x, j) => mix(a[i][j], x))));
    return b;
  };
  return Object.fromEntries(Object.values(settings).map((setting) => [setting.name, at(setting, from[setting.name], to[setting.name])]));
}

const sameShape = (a, b) => a.length === b.length && a.every((row, i) => isNumber(row) === isNumber(b[i]));

/**
 * Put a model into the state of a link: named settings as given, all others as they were initially.
 * What is unknown or impossible is ignored: a link may be older than the widget.
 * @param {any} model
 * @param {string} query as `toQuery` writes it
 */
export function restore(model, query) {
  const state = new State(model);
  const changes = state.initial();
  for (const [key, text] of new URLSearchParams(query)) {
    if (!(key in changes)) continue;
    const value = coerce(state.settings[key], parse(state.settings[key], text));
    if (value !== undefined) changes[key] = value;
  }
  state.glide(changes);
}

/**
 * `value` moved inside the limits of a setting; undefined if that is not possible.
 * @param {Setting} setting
 * @param {any} value
 */
export function coerce(setting, value) {
  const clamp = (x) => Math.min(setting.max, Math.max(setting.min, x));
  if (setting.kind === "flag") return typeof value === "boolean" ? value : undefined;
  if (setting.kind === "choice") {
    return setting.options.some(([option]) => option === value) ? value : undefined;
  }
  if (setting.kind === "text") return typeof value === "string" && value && value.length <= setting.longest ? value : undefined;
  if (setting.kind === "numbers") return coerceRows(setting, value, clamp);
  if (!isNumber(value)) return undefined;
  return clamp(setting.kind === "integer" ? Math.round(value) : value);
}

function coerceRows(setting, value, clamp) {
  const [low, high] = setting.length;
  if (!Array.isArray(value) || value.length < low || value.length > high) return undefined;
  if (setting.width === null) return value.every(isNumber) ? value.map(clamp) : undefined;
  const fits = (row) => Array.isArray(row) && row.length === setting.width && row.every(isNumber);
  return value.every(fits) ? value.map((row) => row.map(clamp)) : undefined;
}

const isNumber = (x) => typeof x === "number" && Number.isFinite(x);

function parse(setting, text) {
  if (["choice", "text"].includes(setting.kind)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
