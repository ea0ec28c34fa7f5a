/** The box builder: ridges, boxes and surfaces of ReLUs over a plane. */

import { group, presets, select, slider } from "./kit/controls.js";
import { h } from "./kit/dom.js";
import { fixed } from "./kit/format.js";
import { plot } from "./kit/plot.js";
import { memo } from "./kit/state.js";
import { legend, live, table } from "./kit/text.js";
import { widget } from "./kit/widget.js";
import { height, hill, largestGap, mosaic, units } from "./model/boxes.js";

const EXAMPLES = {
  "One ridge": { stage: "ridge", x1: 0, x2: 0, angle: 30, width: 1 },
  "Two, crossed": { stage: "crossed", x1: 0, x2: 0, angle: 30, width: 1 },
  "A box": { stage: "box", x1: 0, x2: 0, angle: 30, width: 1 },
  "6 × 6 boxes": { stage: "surface", x1: 0, x2: 0, tiles: 6 },
  "16 × 16 boxes": { stage: "surface", x1: 0, x2: 0, tiles: 16 },
};

const FORMULAS = {
  ridge: "y = 1 − max(0, u₁) − max(0, −u₁)",
  crossed: "y = (1 − |u₁|) + (1 − |u₂|), each |u| from two ReLUs",
  box: "y = max(0, (1 − |u₁|) + (1 − |u₂|) − 1)",
  surface: "y = Σ hill(middle) · max(0, flat ridge₁ + flat ridge₂ − 1)",
};

const NAMES = { ridge: "One ridge", crossed: "Two crossed ridges", box: "A box", surface: "A surface of boxes" };
const DOMAIN = [-2, 2];
const DENSE = Array.from({ length: 401 }, (_, i) => -2 + i / 100);

export default widget({
  title: "Box builder",
  create(body, state) {
    const gap = memo(["tiles", "x1", "x2"], largestGap);
    const derive = (s) => ({
      ...s,
      y: (place) => (s.stage === "surface" ? mosaic(place, s) : height(s.stage, place, s)),
      gap: s.stage === "surface" ? gap(s) : null,
      units: units(s.stage, s.tiles),
    });
    const shapes = ["angle", "width"].map((key) => slider(state, key));
    const tiles = slider(state, "tiles");
    const parts = [
      presets(state, EXAMPLES),
      mapPlot(state),
      sectionPlot(),
      live((s) => [h("p", {}, h("b", {}, FORMULAS[s.stage]))]),
      table("What it costs", ["", ""], rows),
      group("Build", select(state, "stage"), slider(state, "x1"), slider(state, "x2"), ...shapes, tiles),
    ];
    const [examples, map, section, formula, numbers, controls] = parts.map((part) => part.node);
    body.append(examples,
      h("div", { class: "sw-columns" },
        h("div", {}, map),
        h("div", {}, section, legend([
          { label: "the sum of ReLUs", color: "neg", shape: "line" },
          { label: "the hill to follow", color: "pos", shape: "line", dash: "7 4" },
        ]), formula, numbers)),
      controls);
    return {
      update(s) {
        const derived = derive(s);
        parts.forEach((part) => part.update(derived));
        for (const control of shapes) control.node.style.display = s.stage === "surface" ? "none" : "";
        tiles.node.style.display = s.stage === "surface" ? "" : "none";
      },
      describe: (s) => describe(derive(s)),
    };
  },
});

function mapPlot(state) {
  const { min, max, step } = state.settings.x1;
  return plot({
    label: (s) => `${NAMES[s.stage]} over the plane, as colour: ${fixed(s.y([s.x1, s.x2]))} at ${fixed(s.x1)}, ${fixed(s.x2)}, `
      + `${fixed(s.y([-2, -2]))} at the lower left corner.`,
    x: { domain: DOMAIN, label: "x₁" },
    y: { domain: DOMAIN, label: "x₂" },
    aspect: 1,
    draw(marks, s) {
      marks.heat((a, b) => s.y([a, b]), { domain: [-2, 2], cells: 120 });
      marks.rule({ y: s.x2 }, { color: "ink", width: 1, dash: "4 4" });
      if (s.stage === "ridge") marks.contours((a, b) => s.y([a, b]), [1e-9], { color: "ink" });
      if (s.stage === "crossed") marks.contours((a, b) => s.y([a, b]), [1], { color: "ink" });
      if (s.stage === "box") marks.contours((a, b) => s.y([a, b]), [1e-3], { color: "ink" });
    },
    handles: (s) => [{
      id: "middle", label: "Middle", text: `${fixed(s.x1)}, ${fixed(s.x2)}`, at: [s.x1, s.x2],
      x: { min, max, step }, y: { min, max, step }, move: ([x1, x2]) => state.set({ x1, x2 }),
    }],
  });
}

function sectionPlot() {
  return plot({
    label: (s) => `The height along the dashed line x₂ = ${fixed(s.x2)}: ${fixed(s.y([-2, s.x2]))} at the left end, `
      + `${fixed(s.y([s.x1, s.x2]))} at the middle, ${fixed(s.y([2, s.x2]))} at the right end.`,
    x: { domain: DOMAIN, label: "x₁, along the dashed line" },
    y: { domain: (s) => (s.stage === "box" || s.stage === "surface" ? [-0.3, 1.3] : [-3, 2.3]), label: "y" },
    height: 220,
    draw(marks, s) {
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      if (s.stage === "crossed") marks.rule({ y: 1 }, { color: "control", width: 1, dash: "4 4" });
      if (s.stage === "surface") marks.line(DENSE.map((a) => [a, hill([a, s.x2], s)]), { color: "pos", dash: "7 4" });
      marks.line(DENSE.map((a) => [a, s.y([a, s.x2])]), { color: "neg", width: 2.5 });
    },
  });
}

function rows(s) {
  return [
    ["ReLUs", String(s.units)],
    ["y at the middle", fixed(s.y([s.x1, s.x2]))],
    ["largest error on the tops", s.gap === null ? "–" : fixed(s.gap)],
  ];
}

function describe(s) {
  const start = `${NAMES[s.stage]} of ${s.units} ReLUs; its middle is at ${fixed(s.x1)}, ${fixed(s.x2)}`;
  return s.gap === null
    ? `${start}, where y is ${fixed(s.y([s.x1, s.x2]))}.`
    : `${start}. With ${s.tiles} × ${s.tiles} boxes it misses the hill by at most ${fixed(s.gap)}, seams left out.`;
}
