/**
 * Typesets formulas with MathJax where no browser is: lines of JSON in, lines of JSON out.
 *
 * `[tex, isDisplayed]` is answered by `{ html, rules }`, with the MathML for what reads aloud and
 * the rules of style that this formula needs beyond those that all need; these come first, as
 * `{ rules }`, before anything is asked. In them %FONTS% stands for the folder of the fonts.
 * A formula that MathJax refuses is answered by `{ error }`.
 */
"use strict";

const path = require("node:path");
const { createInterface } = require("node:readline");

const EM = 16;
const SIZES = { em: EM, ex: EM / 2, containerWidth: 80 * EM };

globalThis.MathJax = {
  loader: {
    paths: { mathjax: path.join(__dirname, "mathjax") },
    load: ["core", "adaptors/liteDOM", "input/tex", "output/chtml", "a11y/assistive-mml"],
    require,
  },
  tex: { packages: { "[-]": ["noundefined", "noerrors"] } },
  chtml: { fontURL: "%FONTS%" },
  startup: { typeset: false },
};
require("./mathjax/startup.js");

async function main() {
  const { MathJax } = globalThis;
  await MathJax.startup.promise;
  const { adaptor, document } = MathJax.startup;
  const rules = () => adaptor.textContent(MathJax.chtmlStylesheet()).replace(/\s+/g, " ")
    .split(/(?<=\})/).map((rule) => rule.trim()).filter(Boolean);
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

  const shared = new Set(rules());
  say({ rules: [...shared] });
  for await (const line of createInterface({ input: process.stdin })) {
    const [tex, display] = JSON.parse(line);
    document.outputJax.clearCache();
    const node = await MathJax.tex2chtmlPromise(tex, { display, ...SIZES });
    const html = adaptor.outerHTML(node);
    const error = html.match(/data-mjx-error="([^"]*)"/)?.[1];
    say(error ? { error } : { html, rules: rules().filter((rule) => !shared.has(rule)) });
  }
}

main();
