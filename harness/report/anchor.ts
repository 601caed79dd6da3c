/** A name for `id` and `href` of the page out of any text. Pure. */
export function anchorOf(...words: readonly (string | number)[]): string {
  return words
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
}
