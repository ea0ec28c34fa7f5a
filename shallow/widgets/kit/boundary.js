/** Two handles for a line w·x + b = 0: one moves it, the other turns it. */

import { moved, nearest, turned } from "../model/line.js";
import { fixed } from "./format.js";

const ARM = 0.2; // length of the arm that turns the line, as a share of the plane

/**
 * Draw the line, and the direction of w from the handle that moves it.
 * @param {import("./marks.js").Marks} marks
 * @param {number[]} weights
 * @param {number[]} domain of both axes
 */
export function drawBoundary(marks, weights, domain) {
  const at = grips(weights, domain);
  if (!at) {
    marks.text([domain[0], domain[1]], "w = 0: no boundary", { color: "accent", dx: 8, dy: 18 });
    return;
  }
  marks.rule({ normal: weights.slice(0, 2), offset: weights[2] }, { color: "accent", width: 2.5 });
  marks.line([at.foot, at.grip], { color: "accent", width: 1.5 });
  marks.arrow(at.foot, at.tip, { color: "accent" });
  marks.text(at.tip, "w", { color: "accent", dx: 9, dy: -9 });
}

/**
 * @param {number[]} weights
 * @param {number[]} domain of both axes
 * @param {(weights: number[]) => void} change
 * @returns {import("./handle.js").Handle[]} none if w = 0, where there is no line
 */
export function boundaryHandles(weights, domain, change) {
  const at = grips(weights, domain);
  if (!at) return [];
  const [min, max] = domain;
  const limits = { min, max, step: (max - min) / 80 };
  const text = `${fixed(weights[0])} x₁ + ${fixed(weights[1])} x₂ + ${fixed(weights[2])} = 0`;
  const opposite = (point) => point.map((x, k) => 2 * at.foot[k] - x);
  // The end of w that is gripped may change under the finger; the line turns on without a jump.
  const forward = (point) => weights[0] * (point[0] - at.foot[0]) + weights[1] * (point[1] - at.foot[1]) >= 0;
  return [
    {
      id: "move", label: "Move the boundary", text, at: at.foot, x: limits, y: limits,
      color: "accent", shape: "square", move: (point) => change(moved(weights, point)),
    },
    {
      id: "turn", label: "Turn the boundary", text, at: at.grip, x: limits, y: limits, color: "accent",
      move: (point) => change(turned(weights, at.foot, forward(point) ? point : opposite(point))),
    },
  ];
}

/**
 * The point of the line next to the middle of the plane, the tip of w from there, and which end of w can be gripped.
 * @param {number[]} weights
 * @param {number[]} domain of both axes
 */
function grips(weights, [low, high]) {
  const length = Math.hypot(weights[0], weights[1]);
  if (length === 0) return null;
  const middle = (low + high) / 2;
  const foot = nearest(weights, [middle, middle]).map((x) => Math.min(high, Math.max(low, x)));
  const arm = weights.slice(0, 2).map((w) => (ARM * (high - low) * w) / length);
  const tip = foot.map((x, k) => x + arm[k]);
  const inside = tip.every((x) => x >= low && x <= high);
  return { foot, tip, grip: inside ? tip : foot.map((x, k) => x - arm[k]) };
}
