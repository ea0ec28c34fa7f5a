// In the place of a part of the theme's script, which measures the whole page after each change of it:
// lets the keyboard reach what scrolls, when it is laid out or its size changes.
(() => {
  "use strict";

  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
      if (scrolls) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  const scrollers = "main :is(pre, .nboutput > .output_area, .cell_output > .output, .pst-scrollable-table-container)";
  for (const node of document.querySelectorAll(scrollers)) watch.observe(node);
})();
