"""Where a label of a plot lies on another, on a line or outside its widget."""

CLASHES = """
() => [...document.querySelectorAll(".sw")].flatMap((widget) => {
  const within = ({ x, y }, box, room = 0) => x > box.left + room && x < box.right - room
    && y > box.top + room && y < box.bottom - room;
  // Points of the lines that are seen: not outside the area, nor under a unit or a number's plate.
  const pointsOf = (plot) => {
    const area = plot.querySelector(".sw-hot").getBoundingClientRect();
    const hides = [...plot.querySelectorAll("rect[rx], path[fill='var(--sw-paper)']")]
      .map((node) => node.getBoundingClientRect());
    return [...plot.querySelectorAll("path[stroke-linejoin]:not([stroke*='edge'])")]
      .flatMap((path) => {
        const matrix = path.getScreenCTM();
        const count = Math.ceil(Math.min(path.getTotalLength(), 5000) / 4);
        return Array.from({ length: count }, (_, k) =>
          path.getPointAtLength(4 * k).matrixTransform(matrix));
      })
      .filter((point) => within(point, area) && !hides.some((box) => within(point, box)));
  };
  const { left, right } = widget.getBoundingClientRect();
  const plots = [...widget.querySelectorAll(".sw-plot")].filter((plot) => plot.checkVisibility());
  return plots.flatMap((plot) => {
    const labels = [...plot.querySelectorAll("text")].filter((node) => node.textContent.trim())
      .map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }));
    const out = labels.filter(({ box }) => box.left < left || box.right > right)
      .map(({ text }) => `${widget.ariaLabel}: “${text}” is cut off`);
    const points = pointsOf(plot);
    const crossed = [...plot.querySelectorAll("text.sw-note")]
      .filter((note) => points.some((p) => within(p, note.getBoundingClientRect(), 2.5)))
      .map((note) => `${widget.ariaLabel}: “${note.textContent}” lies on a line`);
    return out.concat(crossed, labels.flatMap((a, i) => labels.slice(i + 1).filter((b) =>
      Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1
      && Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
      .map((b) => `${widget.ariaLabel}: “${a.text}” lies on “${b.text}”`)));
  });
})
"""
