/** Sums of ReLUs over the plane: ridges, boxes, and a surface of flat boxes over [−2, 2]². */

const SIDE = 4; // of the plane
const FLANK = 0.04; // half the width of a box's flank, as a share of the box

const relu = (z) => Math.max(0, z);

/** A ridge of two ReLUs: 1 at u = 0, falling by 1 for each unit of |u|. */
export function ridge(u) {
  return 1 - relu(u) - relu(-u);
}

/**
 * Height of a stage at a place.
 * @param {"ridge"|"crossed"|"box"} stage
 * @param {[number, number]} place
 * @param {{x1: number, x2: number, angle: number, width: number}} s angle in degrees
 */
export function height(stage, [a, b], { x1, x2, angle, width }) {
  const [c, d] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const first = ridge((c * (a - x1) + d * (b - x2)) / width);
  if (stage === "ridge") return first;
  const sum = first + ridge((c * (b - x2) - d * (a - x1)) / width);
  return stage === "crossed" ? sum : relu(sum - 1);
}

/** The hill that the surface follows. */
export function hill([a, b], { x1, x2 }) {
  return Math.exp(-((a - x1) ** 2 + (b - x2) ** 2));
}

/** A flat ridge of four ReLUs around `middle`, for boxes of a size: 1 on its top, 0 beyond its flanks. */
export function flatRidge(u, middle, size) {
  const [half, flank] = [size / 2, FLANK * size];
  const v = u - middle;
  const up = relu(v + half + flank) - relu(v + half - flank);
  const down = relu(v - half + flank) - relu(v - half - flank);
  return (up - down) / (2 * flank);
}

/** The sum of all boxes at a place; only those around it are not 0 there. */
export function mosaic([a, b], { tiles, x1, x2 }) {
  const size = SIDE / tiles;
  const near = (u) => {
    const k = Math.floor((u + SIDE / 2) / size);
    return [k - 1, k, k + 1].filter((i) => i >= 0 && i < tiles).map((i) => (i + 0.5) * size - SIDE / 2);
  };
  let sum = 0;
  for (const m of near(a)) {
    for (const n of near(b)) {
      sum += hill([m, n], { x1, x2 }) * relu(flatRidge(a, m, size) + flatRidge(b, n, size) - 1);
    }
  }
  return sum;
}

/** Largest difference between mosaic and hill on the flat tops of the boxes, at 7 × 7 points of each. */
export function largestGap(s) {
  const size = SIDE / s.tiles;
  const line = Array.from({ length: 7 * s.tiles }, (_, i) => {
    const inside = ((i % 7) / 3 - 1) * (0.5 - FLANK); // from edge to edge of a top
    return (Math.floor(i / 7) + 0.5 + inside) * size - SIDE / 2;
  });
  return Math.max(...line.map((a) => Math.max(...line.map((b) => Math.abs(mosaic([a, b], s) - hill([a, b], s))))));
}

/** How many ReLUs a stage takes; the boxes of a row share the ReLUs of their ridge. */
export function units(stage, tiles) {
  return { ridge: 2, crossed: 4, box: 5, surface: 8 * tiles + tiles ** 2 }[stage];
}
