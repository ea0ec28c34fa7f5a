// Derivations that unfold: the page holds every step; this shows them one after another.
// Without it, and on paper (derivation.css), all steps show.
(() => {
  "use strict";

  const button = (text) =>
    Object.assign(document.createElement("button"), { type: "button", textContent: text });

  for (const box of document.querySelectorAll(".derivation")) {
    const items = /** @type {HTMLElement[]} */ ([...box.querySelectorAll(":scope > ol > li")]);
    const bar = Object.assign(document.createElement("p"), { className: "derivation-bar" });
    const next = button("");
    const all = button("All steps");
    bar.append(next, " ", all);
    box.append(bar);

    const show = (count) => {
      items.forEach((item, k) => item.classList.toggle("derivation-folded", k >= count));
      next.textContent = `Step ${count + 1} of ${items.length}`;
      bar.hidden = count >= items.length;
    };
    const shown = () => items.filter((item) => !item.classList.contains("derivation-folded")).length;
    const go = (count) => {
      const first = items[shown()];
      show(count);
      first.tabIndex = -1; // the keyboard, and what reads aloud, go on at the step that has come
      first.focus({ preventScroll: true });
    };
    next.addEventListener("click", () => go(shown() + 1));
    all.addEventListener("click", () => go(items.length));

    // A link to something in a later step shows it.
    const follow = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && items.some((item) => item.contains(target))) {
        show(items.length);
        target.scrollIntoView();
      }
    };
    window.addEventListener("hashchange", follow);
    show(1);
    follow();
  }
})();
