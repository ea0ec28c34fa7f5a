/** Elements in one call each. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element.
 * @param {string} tag
 * @param {Object<string, any>} [props] attributes; `onclick: f` adds a listener; null and false are left out
 * @param {...(Node|string)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  return build(document.createElement(tag), props, children);
}

/**
 * An SVG element; arguments as for `h`.
 * @param {string} tag
 * @param {Object<string, any>} [props]
 * @param {...(Node|string)} children
 * @returns {any}
 */
export function svg(tag, props = {}, ...children) {
  return build(document.createElementNS(SVG, tag), props, children);
}

/**
 * Set attributes of an element that is there; null and false remove one.
 * @param {Element} element
 * @param {Object<string, any>} props
 */
export function set(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else {
      const text = value === true ? "" : String(value);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text); // the browser would style it anew
    }
  }
}

/** An id that no other view in the page has. */
export function uid(prefix = "sw") {
  return `${prefix}-${Math.random().toString(36).slice(2, 10)}`;
}

/** The CSS value of a named colour of kit.css (`"pos"` is `var(--sw-pos)`); other colours pass. */
export function color(name) {
  return /^[a-z]+(-[a-z]+)*$/.test(name) ? `var(--sw-${name}, ${name})` : name;
}

function build(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else set(element, { [name]: value });
  }
  element.append(...children);
  return element;
}
