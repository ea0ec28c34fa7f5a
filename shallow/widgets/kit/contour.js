/** Lines of equal value on a grid (marching squares). */

// Corners of a cell in order: top left, top right, bottom right, bottom left; edge k joins corner k and k + 1.
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

/**
 * @param {ArrayLike<number>[]} grid values at the corners of cells, row by row
 * @param {number} level
 * @returns {[[number, number], [number, number]][]} segments in units of cells: [column, row]
 */
export function contourLines(grid, level) {
  const segments = [];
  for (let j = 0; j + 1 < grid.length; j += 1) {
    for (let i = 0; i + 1 < grid[j].length; i += 1) {
      const above = grid[j][i] >= level;
      if (grid[j][i + 1] >= level === above && grid[j + 1][i] >= level === above && grid[j + 1][i + 1] >= level === above) continue;
      const values = CORNERS.map(([di, dj]) => grid[j + dj][i + di]);
      const crossings = [];
      for (let k = 0; k < 4; k += 1) {
        const [a, b] = [values[k], values[(k + 1) % 4]];
        if (a >= level === b >= level) continue;
        const t = (level - a) / (b - a);
        const [[ax, ay], [bx, by]] = [CORNERS[k], CORNERS[(k + 1) % 4]];
        crossings.push([i + ax + t * (bx - ax), j + ay + t * (by - ay)]);
      }
      if (crossings.length === 4 && values[0] >= level === mean(values) >= level) crossings.push(crossings.shift());
      for (let k = 0; k + 1 < crossings.length; k += 2) segments.push([crossings[k], crossings[k + 1]]);
    }
  }
  return segments;
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
