/**
 * Expressions as tapes: a list of nodes, each after those that it is made of, the last one the result.
 * A node is { sign, text, inputs }; a leaf has no inputs, and a variable, however often it is used, is one leaf.
 */

import { sigmoid } from "./sigmoid.js";

export const VARIABLES = ["x", "y", "z", "w", "b"];
const MOST = { operations: 8, constants: 4 };
const TOKEN = / *(?:([a-z]+|σ)|((?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)|(\*\*|[-−+*·×/^()²³]))/y;

/** What an operation computes, and how its result changes with each of its inputs. */
const OPERATIONS = {
  "+": { value: (a, b) => a + b, slopes: () => [1, 1] },
  "−": { value: (a, b) => a - b, slopes: () => [1, -1] },
  "×": { value: (a, b) => a * b, slopes: (_, a, b) => [b, a] },
  "÷": { value: (a, b) => a / b, slopes: (_, a, b) => [1 / b, -a / b ** 2] },
  neg: { value: (a) => -a, slopes: () => [-1] },
  "σ": { value: sigmoid, slopes: (out) => [out * (1 - out)] },
  tanh: { value: Math.tanh, slopes: (out) => [1 - out ** 2] },
  exp: { value: Math.exp, slopes: (out) => [out] },
  log: { value: Math.log, slopes: (_, a) => [1 / a] },
  relu: { value: (a) => Math.max(0, a), slopes: (_, a) => [a > 0 ? 1 : 0] },
  sin: { value: Math.sin, slopes: (_, a) => [Math.cos(a)] },
  cos: { value: Math.cos, slopes: (_, a) => [-Math.sin(a)] },
};
for (let n = 2; n <= 9; n += 1) OPERATIONS[`^${n}`] = { value: (a) => a ** n, slopes: (_, a) => [n * a ** (n - 1)] };

/**
 * Read an expression such as "(x + y)*x".
 * @param {string} text
 * @returns {{nodes?: {sign: string, text: string, inputs: number[], number?: number}[], problem: string}}
 */
export function parse(text) {
  try {
    return { nodes: read(text), problem: "" };
  } catch (error) {
    if (error instanceof Mistake) return { problem: error.message };
    throw error;
  }
}

class Mistake extends Error {}

function tokensOf(text) {
  const trimmed = text.replace(/ +$/, "");
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const start = TOKEN.lastIndex;
    const [whole, word, number, sign] = TOKEN.exec(trimmed) ?? [];
    if (whole === undefined) throw new Mistake(`“${trimmed.slice(start).trim()[0]}” is no sign of an expression.`);
    tokens.push({ word, number, sign: { "−": "-", "·": "*", "×": "*", "^": "**" }[sign] ?? sign, after: trimmed.slice(0, TOKEN.lastIndex) });
  }
  return tokens;
}

function read(text) {
  const tokens = tokensOf(text);
  const nodes = [];
  let at = 0;
  const peek = () => tokens[at]?.sign;
  const before = () => (at ? `After “${tokens[at - 1].after.trim()}”` : "At the start");
  const add = (sign, own, inputs, number) => nodes.push({ sign, text: own, inputs, ...(number === undefined ? {} : { number }) }) - 1;
  const operation = (sign, own, inputs) => {
    if (nodes.filter((node) => node.inputs.length).length === MOST.operations) throw new Mistake(`That is more than ${MOST.operations} operations.`);
    return { node: add(sign, own, inputs), text: own };
  };

  const within = (part) => (part.loose ? `(${part.text})` : part.text);
  function sum() {
    let left = product();
    while (peek() === "+" || peek() === "-") {
      const sign = tokens[at++].sign === "+" ? "+" : "−";
      const right = product();
      left = operation(sign, `${left.text} ${sign} ${within(right)}`, [left.node, right.node]);
      left.loose = true;
    }
    return left;
  }
  function product() {
    let left = signed();
    while (peek() === "*" || peek() === "/") {
      const sign = tokens[at++].sign === "*" ? "×" : "÷";
      const right = signed();
      const shown = right.divided ? `(${right.text})` : within(right);
      left = { ...operation(sign, `${within(left)} ${sign === "×" ? "·" : "/"} ${shown}`, [left.node, right.node]), divided: true };
    }
    return left;
  }
  function signed() {
    if (peek() !== "-") return power();
    at += 1;
    const part = signed();
    return { ...operation("neg", `−${within(part)}`, [part.node]), loose: true };
  }
  function power() {
    const base = atom();
    let exponent;
    if (peek() === "²" || peek() === "³") exponent = tokens[at++].sign === "²" ? "2" : "3";
    else if (peek() === "**") {
      at += 1;
      exponent = tokens[at++]?.number;
      if (!/^[2-9]$/.test(exponent ?? "")) throw new Mistake("A power is a whole number from 2 to 9.");
    }
    if (!exponent) return base;
    if (["²", "³", "**"].includes(peek())) throw new Mistake("A power of a power needs brackets.");
    const shown = base.loose || base.divided || base.raised ? `(${base.text})` : base.text;
    return { ...operation(`^${exponent}`, `${shown}${{ 2: "²", 3: "³" }[exponent] ?? `^${exponent}`}`, [base.node]), raised: true };
  }
  function bracket() {
    if (peek() !== "(") throw new Mistake(`${before()} a bracket ( is missing.`);
    at += 1;
    const inner = sum();
    if (peek() !== ")") throw new Mistake(`${before()} a bracket ) or an operation is missing.`);
    at += 1;
    return inner;
  }
  function atom() {
    const token = tokens[at];
    if (peek() === "(") return bracket();
    if (token?.number !== undefined) {
      at += 1;
      if (nodes.filter((node) => node.number !== undefined).length === MOST.constants) throw new Mistake(`That is more than ${MOST.constants} numbers.`);
      return { node: add(token.number, token.number, [], Number(token.number)), text: token.number };
    }
    if (!token?.word) throw new Mistake(`${before()} a number, a variable or a bracket is missing.`);
    at += 1;
    if (VARIABLES.includes(token.word)) {
      const known = nodes.findIndex((node) => node.sign === token.word && node.number === undefined && !node.inputs.length);
      return { node: known < 0 ? add(token.word, token.word, []) : known, text: token.word };
    }
    const sign = token.word === "sigmoid" ? "σ" : token.word;
    if (!(sign in OPERATIONS) || sign === "neg") throw new Mistake(`“${token.word}” is none of ${VARIABLES.join(", ")}, and no function. Between factors stands *.`);
    const inner = bracket();
    return operation(sign, `${sign}(${inner.text})`, [inner.node]);
  }

  sum();
  if (at < tokens.length) throw new Mistake(peek() === ")" ? `${before()} a bracket is closed that is not open.` : `${before()} an operation is missing, such as *.`);
  if (!nodes.some((node) => node.inputs.length)) throw new Mistake("An operation is missing, such as x*y.");
  return nodes;
}

/** The value of each node. @param {any[]} nodes @param {Object<string, number>} variables */
export function run(nodes, variables) {
  const values = [];
  for (const { sign, inputs, number } of nodes) {
    values.push(inputs.length ? OPERATIONS[sign].value(...inputs.map((i) => values[i])) : number ?? variables[sign]);
  }
  return values;
}

/** The lines of the tape, the last one first: the order of the backward pass. */
export function backwardOrder(nodes) {
  return nodes.flatMap((node, k) => (node.inputs.length ? [k] : [])).reverse();
}

/**
 * The backward pass after some steps: the first one sets the gradient of the result to 1, each other one passes a line.
 * @returns {{slopes: number[], parts: number[][], local: number[][]}} of each node the gradient so far (null if nothing
 *   has come), what it is the sum of, and the local gradients of its inputs once it has been passed
 */
export function backward(nodes, values, steps) {
  const parts = nodes.map(() => []);
  const local = nodes.map(() => []);
  const total = (k) => (parts[k].length ? parts[k].reduce((sum, part) => sum + part) : null);
  if (steps > 0) parts[nodes.length - 1].push(1);
  for (const k of backwardOrder(nodes).slice(0, Math.max(0, steps - 1))) {
    const { sign, inputs } = nodes[k];
    local[k] = OPERATIONS[sign].slopes(values[k], ...inputs.map((i) => values[i]));
    inputs.forEach((i, n) => parts[i].push(total(k) * local[k][n]));
  }
  return { slopes: nodes.map((_, k) => total(k)), parts, local };
}

/** ∂f by a variable without the chain rule: (f(+h) − f(−h)) / 2h. */
export function difference(nodes, variables, name, h) {
  const at = (value) => run(nodes, { ...variables, [name]: value }).at(-1);
  return (at(variables[name] + h) - at(variables[name] - h)) / (2 * h);
}

/**
 * Where the nodes of the graph stand: a column for each level, and for each edge the places that it goes through.
 * @returns {{columns: number, rows: number, places: number[][], edges: {from: number, to: number, input: number, way: number[][]}[]}}
 *   a place is [column, height], the height from 0 at the top to 1
 */
export function layout(nodes) {
  const level = [];
  nodes.forEach(({ inputs }, k) => { level[k] = inputs.length ? 1 + Math.max(...inputs.map((i) => level[i])) : 0; });
  nodes.forEach(({ inputs }, k) => { // a leaf stands just before its first use
    if (!inputs.length) level[k] = Math.min(...nodes.flatMap((node, user) => (node.inputs.includes(k) ? [level[user] - 1] : [])));
  });
  const columns = Array.from({ length: level.at(-1) + 1 }, () => []);
  nodes.forEach((_, k) => columns[level[k]].push({ node: k, near: [] }));
  const itemOf = nodes.map((_, k) => columns[level[k]].find((item) => item.node === k));
  // An edge that is longer than one column keeps a place in each column that it passes.
  const edges = nodes.flatMap(({ inputs }, to) => inputs.map((from, input) => {
    const way = [itemOf[from]];
    for (let c = level[from] + 1; c < level[to]; c += 1) {
      const item = { near: [] };
      columns[c].push(item);
      way.push(item);
    }
    way.push(itemOf[to]);
    for (let n = 1; n < way.length; n += 1) {
      way[n].near.push(way[n - 1]);
      way[n - 1].near.push(way[n]);
    }
    return { from, to, input, way };
  }));
  const spread = (column) => column.forEach((item, n) => { item.height = (n + 0.5) / column.length; });
  columns.forEach(spread);
  for (let sweep = 0; sweep < 8; sweep += 1) {
    for (const column of sweep % 2 ? columns : [...columns].reverse()) {
      const wanted = new Map(column.map((item) => [item, item.near.reduce((sum, { height }) => sum + height, 0) / item.near.length]));
      column.sort((a, b) => wanted.get(a) - wanted.get(b));
      spread(column);
    }
  }
  const placeOf = (item) => [columns.findIndex((column) => column.includes(item)), item.height];
  return {
    columns: columns.length,
    rows: Math.max(...columns.map((column) => column.length)),
    places: itemOf.map(placeOf),
    edges: edges.map(({ way, ...edge }) => ({ ...edge, way: way.map(placeOf) })),
  };
}
