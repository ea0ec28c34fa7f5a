/** The box builder: ridges, boxes and surfaces of ReLUs over a plane. */

import { select, slider } from "./kit/controls.js";
import { fixed } from "./kit/format.js";
import { columns, fold, openFold, stack, when } from "./kit/layout.js";
import { plot } from "./kit/plot.js";
import { quantity } from "./kit/quantity.js";
import { memo } from "./kit/state.js";
import { formula, legend, live, table } from "./kit/text.js";
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

const GOAL = 0.2; // error on the tops
const STEADY = (s) => s.stage !== "surface";

export default widget({
  title: "Box builder",
  opening: { stage: "crossed", x1: 0.4, x2: -0.3 },
  examples: EXAMPLES,
  create(state) {
    const gap = memo(["tiles", "x1", "x2"], largestGap);
    return {
      derive: (s) => ({
        ...s,
        y: (place) => (s.stage === "surface" ? mosaic(place, s) : height(s.stage, place, s)),
        gap: s.stage === "surface" ? gap(s) : null,
        units: units(s.stage, s.tiles),
      }),
      picture: [columns(mapPlot(state), stack(sectionPlot(), legend([
        { label: "the sum of ReLUs", color: "neg", shape: "line" },
        { label: "the hill to follow", color: "pos", shape: "line", dash: "7 4" },
      ])))],
      controls: [
        select(state, "stage"), when(STEADY, slider(state, "angle")), when(STEADY, slider(state, "width")),
        when((s) => !STEADY(s), slider(state, "tiles")),
      ],
      more: [
        openFold("In numbers", live((s) => formula(FORMULAS[s.stage])), table("What it costs", ["", ""], rows)),
        fold("Middle", slider(state, "x1"), slider(state, "x2")),
      ],
      describe,
      goal: ({ stage, tiles, gap: error }) => ({
        text: `a surface that misses the tops of the hill by less than ${GOAL}, of as few ReLUs as you can.`,
        met: stage === "surface" && error < GOAL,
        answer: { stage: "surface", tiles: 16, x1: 0, x2: 0 },
      }),
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
    height: 270,
    narrow: 195,
    even: true,
    draw(marks, s) {
      marks.heat((a, b) => s.y([a, b]), { domain: [-2, 2], cells: 120 });
      marks.rule({ y: s.x2 }, { color: "ink", width: 1, dash: "4 4", q: "section" });
      if (s.stage === "ridge") marks.contours((a, b) => s.y([a, b]), [1e-9], { color: "ink" });
      if (s.stage === "crossed") marks.contours((a, b) => s.y([a, b]), [1], { color: "ink" });
      if (s.stage === "box") marks.contours((a, b) => s.y([a, b]), [1e-3], { color: "ink" });
    },
    handles: (s) => [{
      id: "middle", q: "middle", label: "Middle", text: `${fixed(s.x1)}, ${fixed(s.x2)}`, at: [s.x1, s.x2],
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
    height: 245,
    narrow: 148,
    draw(marks, s) {
      marks.rule({ y: 0 }, { color: "control", width: 1 });
      if (s.stage === "crossed") marks.rule({ y: 1 }, { color: "control", width: 1, dash: "4 4" });
      if (s.stage === "surface") marks.line(DENSE.map((a) => [a, hill([a, s.x2], s)]), { color: "pos", dash: "7 4" });
      marks.line(DENSE.map((a) => [a, s.y([a, s.x2])]), { color: "neg", width: 2.5, q: "section" });
      marks.dots([[s.x1, s.y([s.x1, s.x2])]], { color: "accent", size: 5, q: "middle" });
    },
  });
}

function rows(s) {
  return [
    ["ReLUs", String(s.units)],
    [quantity("middle", "y at the middle"), quantity("middle", fixed(s.y([s.x1, s.x2])))],
    ["largest error on the tops", s.gap === null ? "–" : fixed(s.gap)],
  ];
}

function describe(s) {
  const start = `${NAMES[s.stage]} of ${s.units} ReLUs; its middle is at ${fixed(s.x1)}, ${fixed(s.x2)}`;
  return s.gap === null
    ? `${start}, where y is ${fixed(s.y([s.x1, s.x2]))}.`
    : `${start}. With ${s.tiles} × ${s.tiles} boxes it misses the hill by at most ${fixed(s.gap)}, seams left out.`;
}
