/**
 * The search of the book: sections by how well they answer, and the glossary's definition above them.
 *
 * `sections.js` holds the sections, `language_data.js` of Sphinx the stemmer. Scores are BM25
 * (Robertson and Zaragoza 2009), with a word of the title counted as several of the text.
 */
(() => {
  "use strict";

  const LENGTHS = { k: 1.2, b: 0.5 };
  const FIELDS = { title: 8, words: 6, page: 2, text: 1 }; // how much a word of each counts
  const SHOWN = 20;
  const AROUND = 110; // letters of an excerpt on either side
  const SLICE = 10; // ms

  const stemmer = new window.Stemmer();
  const stems = new Map(); // the book has each word some twenty times

  function stemOf(word) {
    if (!stems.has(word)) stems.set(word, stemmer.stemWord(word));
    return stems.get(word);
  }

  /** Words in their plain form; what is joined by a hyphen is one word, and its parts. */
  function wordsOf(text) {
    const plain = text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[‐‑–]/g, "-").replace(/ization|ize\b|izing\b|ized\b/g, (end) => end.replace("z", "s"));
    return plain.split(/[^\p{L}\p{N}-]+/u).flatMap((word) => {
      const parts = word.split("-").filter(Boolean);
      return parts.length > 1 ? [parts.join(""), ...parts] : parts;
    }).map(stemOf);
  }

  const entries = [];
  const inHow = new Map(); // entries each word is
  let mean = 0; // length of an entry

  function addEntry(section) {
    const counts = new Map();
    let length = 0;
    for (const [field, weight] of Object.entries(FIELDS)) {
      for (const word of wordsOf(section[field])) {
        counts.set(word, (counts.get(word) ?? 0) + weight);
        length += weight;
      }
    }
    const names = [section.title, ...section.words.split(",")].map((name) => wordsOf(name).join(" ")).filter(Boolean);
    entries.push({ ...section, counts, length, names });
    for (const word of counts.keys()) inHow.set(word, (inHow.get(word) ?? 0) + 1);
  }

  /** Read all sections, a little at a time: the page answers in between. */
  async function readAll() {
    let end = performance.now() + SLICE;
    for (const section of window.sections) {
      addEntry(section);
      if (performance.now() < end) continue;
      await new Promise((resolve) => setTimeout(resolve));
      end = performance.now() + SLICE;
    }
    mean = entries.reduce((sum, { length }) => sum + length, 0) / entries.length;
  }

  /** The words of the query that the book has; what it lacks may be the beginning of one. */
  function known(word) {
    if (inHow.has(word)) return [word];
    const longer = word.length > 2 ? [...inHow.keys()].filter((other) => other.startsWith(word)) : [];
    if (longer.length) return longer;
    return word.length > 4 ? [...inHow.keys()].filter((other) => isNear(word, other)) : [];
  }

  /** Whether two words differ by one letter that is changed, added, left out or swapped with the next. */
  function isNear(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const [x, y] = [a.slice(i), b.slice(i)];
    return x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1)
      || (x.slice(2) === y.slice(2) && x[0] === y[1] && x[1] === y[0]);
  }

  /** Sections that answer a query, the best first. */
  function search(query) {
    const words = wordsOf(query);
    const wanted = words.map(known).filter((forms) => forms.length);
    const whole = words.join(" ");
    const scored = entries.map((entry) => {
      let score = 0;
      let met = 0;
      for (const forms of wanted) {
        const count = forms.reduce((sum, form) => sum + (entry.counts.get(form) ?? 0), 0);
        if (!count) continue;
        met += 1;
        const rarity = Math.log(1 + entries.length / Math.min(...forms.map((form) => inHow.get(form))));
        score += (rarity * count * (LENGTHS.k + 1)) / (count + LENGTHS.k * (1 - LENGTHS.b + (LENGTHS.b * entry.length) / mean));
      }
      if (whole && entry.names.includes(whole)) score += entry.page ? 20 : 30; // that is its name
      return { entry, score: score * (met / wanted.length) ** 2 };
    });
    return scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).map(({ entry }) => entry);
  }

  /** The part of a text around the first word that was asked for, with these words marked. */
  function excerpt(text, query) {
    const wanted = new Set(wordsOf(query).flatMap(known));
    const isWanted = (word) => wordsOf(word).some((stem) => wanted.has(stem));
    const pieces = text.split(/(\s+)/);
    let first = Math.max(0, pieces.findIndex(isWanted));
    for (let room = AROUND; first > 0 && room > pieces[first - 1].length; first -= 1) room -= pieces[first - 1].length;
    let last = first;
    for (let room = 2 * AROUND; last < pieces.length && room > pieces[last].length; last += 1) room -= pieces[last].length;
    const parts = pieces.slice(first, last).map((piece) => (isWanted(piece) ? make("mark", {}, piece) : piece));
    return [first > 0 ? "… " : "", ...parts, last < pieces.length ? " …" : ""];
  }

  function make(tag, props, ...children) {
    const element = Object.assign(document.createElement(tag), props);
    element.append(...children);
    return element;
  }

  function show(query) {
    const place = document.getElementById("search-results");
    const found = search(query);
    const term = found.find((entry) => entry.term && entry.names.includes(wordsOf(query).join(" ")));
    const others = found.filter((entry) => !entry.term).slice(0, SHOWN);
    const count = found.filter((entry) => !entry.term).length;
    place.replaceChildren(
      make("p", { role: "status" }, count === 0 && !term ? `Nothing was found for “${query}”: try another word, or look into the glossary.`
        : `${count === 1 ? "One section" : `${count} sections`} for “${query}”${count > SHOWN ? `; the first ${SHOWN}:` : ":"}`),
      ...(term ? [make("p", { className: "search-term" }, make("a", { href: term.url }, term.title), ": ", term.text)] : []),
      make("ol", { className: "search-sections" }, ...others.map((entry) => make("li", {},
        make("a", { href: entry.url }, entry.title), entry.page ? make("span", { className: "search-page" }, ` in ${entry.page}`) : "",
        make("p", {}, ...excerpt(entry.text, query))))));
  }

  const query = new URLSearchParams(location.search).get("q")?.trim();
  if (query) {
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("form.bd-search input[name=q]"))) input.value = query;
  }
  readAll().then(() => {
    if (query) show(query);
    window.searchBook = search;
  });
})();
