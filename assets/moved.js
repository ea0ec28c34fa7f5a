// A link to what has moved goes on to where it is now; the state of a widget comes along.
// Without this the page shows, at its end, where the part is (moved.css).
(() => {
  "use strict";

  const follow = () => {
    const [, name, state] = location.hash.match(/^#([^?]*)(\?.*)?$/s) ?? [];
    if (!name) return;
    const pointer = state
      ? document.querySelector(`.moved[data-from="${CSS.escape(name)}"]`)
      : document.querySelector(`.moved[id="${CSS.escape(name)}"]`);
    if (pointer) location.replace(pointer.querySelector("a").href + (state ?? ""));
  };

  addEventListener("hashchange", follow);
  follow();
})();
