/**
 * Pictures of the widgets of a page as they open: what `stills.py` asks Chromium for.
 *
 * Each is one SVG that holds a copy of the widget's picture and the style of it.
 * They are left in the page as JSON: `[{ title, sentence, width, height, svg }, …]`.
 */
(() => {
  "use strict";

  const XHTML = "http://www.w3.org/1999/xhtml";
  // What a picture cannot do: all that is pressed, typed or unfolded.
  const ACTIVE = ".sw-skip, .sw-tools, .sw-presets, .sw-player, .sw-fold, .sw-control, .sw-end, .sw-hidden, .sw-sentence, input, select, script, style";

  /** @param {number} ms @returns {Promise<void>} */
  const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

  /** A copy whose canvases are images. */
  function copyOf(picture) {
    const copy = /** @type {HTMLElement} */ (picture.cloneNode(true));
    const painted = [...picture.querySelectorAll("canvas")];
    [...copy.querySelectorAll("canvas")].forEach((canvas, k) => {
      const { width, height } = painted[k].getBoundingClientRect();
      const image = Object.assign(document.createElement("img"), { src: painted[k].toDataURL(), className: canvas.className, alt: "" });
      image.style.cssText = `${canvas.style.cssText};width:${width}px;height:${height}px`;
      canvas.replaceWith(image);
    });
    copy.querySelectorAll(ACTIVE).forEach((node) => node.remove());
    for (const group of copy.querySelectorAll("fieldset, .sw-group")) if (!group.querySelector(":not(legend)")) group.remove();
    return copy;
  }

  function stillOf(widget) {
    const picture = widget.querySelector(".sw-picture") ?? widget.querySelector(".sw-body");
    const root = document.createElement("section");
    root.className = "sw";
    root.style.cssText = "margin:0";
    const body = Object.assign(document.createElement("div"), { className: "sw-body" });
    body.append(copyOf(picture));
    root.append(body);
    widget.closest(".room").append(root);
    const { width, height } = root.getBoundingClientRect();
    const [wide, high] = [Math.ceil(width), Math.ceil(height)];
    root.setAttribute("xmlns", XHTML);
    const style = [...document.querySelectorAll("style")].map((node) => node.textContent).join("\n");
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}">`
      + `<style><![CDATA[${style}]]></style><foreignObject width="${wide}" height="${high}">`
      + `${new XMLSerializer().serializeToString(root)}</foreignObject></svg>`;
    root.remove();
    return {
      title: widget.getAttribute("aria-label"),
      sentence: widget.querySelector(".sw-sentence").textContent.trim(),
      width: wide,
      height: high,
      svg,
    };
  }

  async function main() {
    while (document.documentElement.dataset.widgets !== "ready") {
      dispatchEvent(new Event("beforeprint")); // then all are mounted
      await wait(20);
    }
    await wait(1000); // what was told its width has drawn itself again
    const stills = [...document.querySelectorAll(".sw")].map(stillOf);
    const script = Object.assign(document.createElement("script"), { type: "application/json", id: "stills" });
    script.textContent = JSON.stringify(stills).replaceAll("<", "\\u003c");
    document.body.append(script);
  }

  main();
})();
