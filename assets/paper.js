// What a page must have before it is printed: answers and code that stand open, the fonts of all formulas.
(() => {
  "use strict";

  const opened = [];
  addEventListener("beforeprint", () => {
    for (const node of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(".predict-reveal:not([open]), .code-on-paper details:not([open]), .timeline details:not([open])"))) {
      node.open = true;
      opened.push(node);
    }
  });
  addEventListener("afterprint", () => {
    for (const node of opened.splice(0)) node.open = false;
  });

  // A printer waits for no font, and a formula far from the window has not asked for its own.
  const idle = window.requestIdleCallback ?? setTimeout;
  addEventListener("load", () => idle(() => {
    for (const font of document.fonts) if (/MJX/.test(font.family)) font.load().catch(() => {}); // offline: what is there is used
  }));
})();
