/** What the scripts of a page find beside what the browser itself offers. */

interface Window {
  MathJax?: any;
  /** Called by the file that carries the copies of earlier questions. */
  revisit?: (copies: string) => void;
}
