// Sections that are far from the window are not laid out as the page loads (theme.css). Once it is
// there they are, one after another while nothing else is to do: then the page has its true height.
(() => {
  "use strict";

  const rest = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".bd-article > section > section")]);
  const idle = window.requestIdleCallback ?? setTimeout;
  const next = () => {
    const section = rest.shift();
    if (!section) return;
    section.style.contentVisibility = "visible";
    idle(next);
  };
  addEventListener("load", () => idle(next));
})();
