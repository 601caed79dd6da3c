/** What a report may print of text that it did not write itself: ids, reasons and activity data come from outside. */

/**
 * Control and format characters (escape sequences, bidirectional overrides), line ends, and what is no character at all
 * (halves of surrogate pairs), as one space each run.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]+/gu, " ");
}

/** An id is whole up to so many characters, and of a longer one so many are shown. */
const longestId = 80;
const shownOfId = 40;

/** A session's id as a person reads it: of one that is long, its beginning, its end and its length; files of data have it whole. Pure. */
export function readableId(id: string): string {
  const characters = [...id];
  if (characters.length <= longestId) return id;
  const [from, to] = [characters.slice(0, shownOfId), characters.slice(-shownOfId)].map((part) =>
    part.join(""),
  );
  return `${from}…${to} (${characters.length.toLocaleString("en")} characters)`;
}

/** The same for running Markdown and table cells: nothing in it is markup, HTML or the end of a cell. */
export function markdownText(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]|~#!$]/g, "\\$&");
}

/** The same for a line inside a fenced code block, which only a run of backticks could end. */
function markdownCode(text: string): string {
  return printable(text).replace(/`{3,}/g, (run) => [...run].join(" "));
}

/** These lines as a fenced code block. */
export function fenced(language: string, lines: readonly string[]): string {
  return [`\`\`\`${language}`, ...lines.map(markdownCode), "```"].join("\n");
}
