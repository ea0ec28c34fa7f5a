// Questions to answer before the reveal; shallow/book/README.md says what a chapter writes.
//
// The page holds every question as plain text. This script unhides the controls, judges an answer
// and remembers it in this browser: {name: {missed, answer, version}}, where `missed` means that the
// first try was wrong and that no later chapter has seen it answered right yet, and `version` is that
// of the question's text: an answer to another question of that name is not brought back.
import { NUMBER_HINT, parseNumber } from "../widgets/kit/number.js";
import { follow } from "../widgets/kit/pointer.js";

(() => {
  "use strict";

  const KEY = "shallow.predictions";
  const COLUMNS = 11; // points of a sketch: 24 px or more apart on a phone
  const SVG = "http://www.w3.org/2000/svg";

  /** The answers so far; kept in memory alone where storage is refused. */
  const memory = (() => {
    let answers = {};
    try {
      const stored = Object.entries(JSON.parse(localStorage.getItem(KEY)) ?? {});
      answers = Object.fromEntries(stored.filter(([, answer]) => typeof answer?.missed === "boolean"));
    } catch {
      // storage refused, or not ours: start empty
    }
    const save = () => {
      try {
        localStorage.setItem(KEY, JSON.stringify(answers));
      } catch {
        // storage refused: remembered until the page is left
      }
    };
    return {
      get: (name) => answers[name],
      anyMissed: () => Object.values(answers).some(({ missed }) => missed),
      set: (name, answer) => { answers[name] = answer; save(); },
      forget: (name) => { delete answers[name]; save(); },
      forgetAll: () => { answers = {}; save(); },
    };
  })();

  /** A short name for a text: the same text, the same name. */
  function versionOf(text) {
    let hash = 5381;
    for (const letter of text.replace(/\s+/g, " ")) hash = (33 * hash + letter.codePointAt(0)) % 2 ** 32;
    return hash.toString(36);
  }

  const isNumber = (x) => typeof x === "number" && Number.isFinite(x);

  // Each kind reads an answer (null if there is none yet), writes one back, says whether what was
  // stored is an answer of its kind, and judges one:
  // {right, text, because: elements that explain}.

  function choice(question) {
    const inputs = [...question.querySelectorAll(".predict-options input")];
    const reasons = [...question.querySelectorAll(".predict-answer")];
    const isRight = (i) => "right" in reasons[i].dataset;
    const several = inputs[0].type === "checkbox";
    const letter = (i) => String.fromCharCode(97 + i);
    inputs.forEach((input) => { input.hidden = false; });
    return {
      hint: several ? "Choose every answer that holds." : "Choose an answer first.",
      read: () => inputs.some((i) => i.checked) ? inputs.flatMap((x, i) => x.checked ? [i] : []) : null,
      isAnswer: (answer) => Array.isArray(answer) && answer.every((i) => Number.isInteger(i) && i in inputs),
      write: (answer) => inputs.forEach((x, i) => { x.checked = answer?.includes(i) ?? false; }),
      spell: (answer) => answer.map((i) => inputs[i].nextElementSibling.innerText.trim()).join("; "),
      judge: (answer) => {
        const wrong = inputs.flatMap((_, i) => {
          const chosen = answer.includes(i);
          return (several ? chosen !== isRight(i) : chosen && !isRight(i)) ? [i] : [];
        });
        if (!wrong.length) return { right: true, text: "", because: answer.map((i) => reasons[i]) };
        if (!several) return { right: false, text: "", because: wrong.map((i) => reasons[i]) };
        return { right: false, text: `Not yet: look again at ${wrong.map(letter).join(", ")}.`, because: [] };
      },
    };
  }

  function number(question, { unit }) {
    const input = question.querySelector(".predict-controls input");
    const answers = [...question.querySelectorAll(".predict-answer")];
    const right = answers.find((a) => "right" in a.dataset);
    const tolerance = Number(right.dataset.tolerance) * (1 + 1e-9);
    return {
      hint: NUMBER_HINT,
      read: () => parseNumber(input.value, { unit }),
      isAnswer: isNumber,
      write: (answer) => { input.value = answer ?? ""; },
      spell: (answer) => [answer, unit].filter((part) => part !== "").join(" "),
      judge: (answer) => {
        const near = (a) => Math.abs(answer - Number(a.dataset.value)) <= tolerance;
        if (near(right)) return { right: true, text: "Right.", because: [right] };
        const others = answers.filter((a) => a !== right);
        const known = others.find((a) => "value" in a.dataset && near(a))
          ?? others.find((a) => !("value" in a.dataset));
        return { right: false, text: "Not yet.", because: known ? [known] : [] };
      },
    };
  }

  function sketch(question, { x, y, curve, tolerance }) {
    const plot = question.querySelector(".predict-plot");
    const svg = plot.querySelector("svg");
    plot.hidden = false;
    const { width, height } = svg.viewBox.baseVal;
    // As the page says it: to ask for its box would make the browser lay out the page at once.
    const [begin, upper, lower, end] = svg.querySelector(".predict-axes").getAttribute("d").match(/[\d.]+/g).map(Number);
    const axes = { x: begin, y: upper, width: end - begin, height: lower - upper };
    const line = document.createElementNS(SVG, "polyline");
    line.classList.add("predict-sketch");
    svg.append(line);
    let drawn = false;

    const xs = Array.from({ length: COLUMNS }, (_, i) => x.low + (i / (COLUMNS - 1)) * (x.high - x.low));
    const left = (i) => axes.x + (i / (COLUMNS - 1)) * axes.width;
    const top = (value) => axes.y + ((y.high - value) / (y.high - y.low)) * axes.height;
    const round = (value) => Number(value.toPrecision(3));
    const truth = (at) => {
      const j = Math.max(1, curve.findIndex(([cx]) => cx >= at));
      const [[x0, y0], [x1, y1]] = [curve[j - 1], curve[j]];
      return x1 === x0 ? y1 : y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
    };

    const sliders = xs.map((at, i) => {
      const slider = document.createElement("input");
      Object.assign(slider, { type: "range", min: y.low, max: y.high, step: (y.high - y.low) / 40 });
      slider.setAttribute("aria-label", `${y.label} at ${x.label} ${round(at)}`);
      slider.style.left = `${(left(i) / width) * 100}%`;
      slider.style.top = `${(axes.y / height) * 100}%`;
      slider.style.height = `calc(${(axes.height / height) * 100}% + var(--predict-thumb))`;
      slider.addEventListener("input", () => { drawn = true; draw(); });
      plot.append(slider);
      return slider;
    });

    function draw() {
      line.setAttribute("points", sliders.map((s, i) => `${left(i)},${top(Number(s.value))}`).join(" "));
      sliders.forEach((s) => s.setAttribute("aria-valuetext", String(round(Number(s.value)))));
      plot.classList.toggle("is-drawn", drawn);
    }

    let last = null; // the column of the previous pointer event in this stroke
    function stroke(event) {
      const box = svg.getBoundingClientRect();
      const px = ((event.clientX - box.left) / box.width) * width;
      const py = ((event.clientY - box.top) / box.height) * height;
      const column = Math.round(((px - axes.x) / axes.width) * (COLUMNS - 1));
      const i = Math.min(COLUMNS - 1, Math.max(0, column));
      const value = y.high - ((py - axes.y) / axes.height) * (y.high - y.low);
      const from = last ?? i;
      for (let j = Math.min(from, i); j <= Math.max(from, i); j += 1) {
        if (j !== from || from === i) sliders[j].value = String(value);
      }
      last = i;
      drawn = true;
      draw();
    }
    follow(plot, {
      down: () => { last = null; },
      drag: stroke,
      tap: stroke,
    });

    const middle = (y.low + y.high) / 2;
    const api = {
      hint: "Draw your curve first: with the pointer, or with Tab and the arrow keys.",
      read: () => (drawn ? sliders.map((s) => Number(s.value)) : null),
      spell: () => "the dashed line of your sketch",
      isAnswer: (answer) => Array.isArray(answer) && answer.length === COLUMNS && answer.every(isNumber),
      write: (answer) => {
        drawn = Boolean(answer);
        sliders.forEach((s, i) => { s.value = answer ? answer[i] : middle; });
        if (!drawn) svg.querySelector(".predict-truth")?.remove();
        draw();
      },
      judge: (answer) => {
        svg.querySelector(".predict-truth")?.remove();
        svg.append(question.querySelector(".predict-reveal .predict-truth").cloneNode());
        const gaps = xs.map((at, i) => Math.abs(answer[i] - truth(at)) / (y.high - y.low));
        const mean = gaps.reduce((a, b) => a + b) / COLUMNS;
        const right = mean <= tolerance;
        const text = `${right ? "Right" : "Not yet"}: on average your sketch is ${Math.round(mean * 100)} % `
          + `of the plot's height away from the curve (solid line); up to ${Math.round(tolerance * 100)} % counts as right.`;
        return { right, text, because: [...question.querySelectorAll(".predict-answer")] };
      },
    };
    api.write(null);
    return api;
  }

  /** Fold what follows the question, up to the next one or the end of its section. */
  function foldAfter(question) {
    const rest = [];
    for (let node = question.nextElementSibling; node && !node.matches("section, .predict, .predict-revisit"); node = node.nextElementSibling) {
      rest.push(node);
    }
    const fold = (folded) => {
      rest.forEach((node) => node.classList.toggle("predict-folded", folded));
      skip.hidden = !folded;
      if (!folded) window.dispatchEvent(new Event("resize")); // drawings that measured nothing while folded
    };
    const skip = Object.assign(document.createElement("p"), { className: "predict-skip", hidden: true });
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Show me anyway" });
    const said = Object.assign(document.createElement("p"), { className: "predict-said", hidden: true });
    button.addEventListener("click", () => fold(false));
    skip.append("What follows tells the answer. ", button);
    if (rest.length) question.after(skip, said);
    // A link into what is folded unfolds it. One to a widget is no element's id: the widget's page says where it led.
    const leadsTo = (target) => target && rest.some((node) => node.contains(target));
    const follow = () => {
      if (!location.hash) return;
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (leadsTo(target)) {
        fold(false);
        target.scrollIntoView();
      } else if (leadsTo(document.querySelector("[data-linked]"))) fold(false);
    };
    window.addEventListener("hashchange", follow);
    document.addEventListener("linked", ({ target }) => { if (leadsTo(target)) fold(false); });
    return {
      fold: () => { said.hidden = true; if (rest.length) fold(true); follow(); },
      unfold: (answer) => {
        if (rest.length) fold(false);
        said.hidden = !answer;
        said.textContent = answer ? `You predicted: ${answer}` : "";
      },
    };
  }

  function enliven(question) {
    const { name } = question.dataset;
    const version = versionOf(question.textContent);
    const ask = JSON.parse(question.dataset.question);
    const again = question.closest(".predict-revisit") !== null;
    const kind = { choice, number, sketch }[ask.kind](question, ask);
    const verdict = question.querySelector(".predict-verdict");
    const reveal = question.querySelector(".predict-reveal");
    const forget = question.querySelector(".predict-forget");
    const after = again ? null : foldAfter(question);

    function say(state, text, because = []) {
      verdict.dataset.state = state;
      verdict.replaceChildren(...(text ? [Object.assign(document.createElement("p"), { textContent: text })] : []));
      because.forEach((reason) => verdict.append(...[...reason.childNodes].map((n) => n.cloneNode(true))));
    }
    function check() {
      const answer = kind.read();
      if (answer === null) return say("hint", kind.hint);
      const { right, text, because } = kind.judge(answer);
      const before = memory.get(name);
      const missed = again ? !right : before?.missed ?? !right;
      memory.set(name, again ? { ...before, missed } : { missed, answer, version });
      forget.hidden = again;
      say(right ? "right" : "wrong", text, because);
      after?.unfold(kind.spell(answer));
    }

    question.querySelector(".predict-controls").hidden = false;
    question.querySelector(".predict-check").addEventListener("click", check);
    question.querySelector(".predict-controls input")?.addEventListener("keydown", (event) => {
      if (event.key === "Enter") check();
    });
    forget.addEventListener("click", () => {
      memory.forget(name);
      reset();
      question.querySelector("input").focus();
    });
    function reset() {
      kind.write(null);
      say("", "");
      reveal.open = false;
      forget.hidden = true;
      after?.fold();
    }
    reveal.addEventListener("toggle", () => { if (reveal.open) after?.unfold(null); });
    const before = memory.get(name);
    if (before?.version === version && kind.isAnswer(before.answer) && !again) {
      kind.write(before.answer);
      forget.hidden = false;
      after.unfold(kind.spell(before.answer));
    } else {
      after?.fold();
    }
    return reset;
  }

  /** Bring back the missed among the copies of earlier questions; returns them. */
  async function bringBack(revisit) {
    const copies = document.createElement("template");
    if (revisit.dataset.copies && memory.anyMissed()) copies.innerHTML = await fetchCopies(revisit.dataset.copies);
    const missed = /** @type {HTMLElement[]} */ ([...copies.content.children]).filter(({ dataset }) => memory.get(dataset.name)?.missed);
    revisit.querySelector(".predict-missed").after(...missed);
    return missed;
  }

  /** The copies as HTML; they come in a script that calls `revisit`, as file:// allows nothing else. */
  function fetchCopies(src) {
    return new Promise((resolve) => {
      window.revisit = resolve;
      document.head.append(Object.assign(document.createElement("script"), { src, onerror: () => resolve("") }));
    });
  }

  async function main() {
    const resets = [...document.querySelectorAll(".predict")].map(enliven);
    for (const revisit of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".predict-revisit"))) {
      const missed = await bringBack(revisit);
      resets.push(...missed.map(enliven));
      if (revisit.dataset.copies) revisit.querySelector(".predict-missed").textContent = missed.length
        ? `You missed ${missed.length === 1 ? "one question" : `${missed.length} questions`} of earlier chapters. Try again:`
        : "Nothing to revisit: questions of earlier chapters that you miss come back here.";
      /** @type {HTMLElement} */
      const forgetAll = revisit.querySelector(".predict-forget-all");
      forgetAll.hidden = false;
      forgetAll.addEventListener("click", () => {
        memory.forgetAll();
        resets.forEach((reset) => reset());
        missed.forEach((question) => { question.hidden = true; });
        revisit.querySelector(".predict-forgotten").textContent = "All answers are forgotten.";
      });
    }
  }

  main();
})();
