/** What the scripts of a page find beside what the browser itself offers. */

interface Window {
  /** Called by the file that carries the copies of earlier questions. */
  revisit?: (copies: string) => void;
  /** Code of widgets, each from a script of its own. */
  widgetCode?: Record<string, { _esm: string; _css?: string }>;
  /** Of Sphinx: the stemmer of the book's language. */
  Stemmer?: any;
  /** What can be found, from `sections.js`. */
  sections?: { url: string; title: string; page: string; text: string; words: string; term?: boolean }[];
  searchBook?: (query: string) => { url: string }[];
}
