/** How `codeSize` counts, in one sentence; every report that shows the figures shows it too. */
export const codeSizeRule =
  "Counted are all files of the folder except tests: a code line is one that holds a token of the TypeScript " +
  "scanner or a non-blank part of a template literal (so Lua counts); a comment line holds comment text and no " +
  "code; statements are those of the syntax tree, blocks and empty ones apart; bytes are gzip of the source " +
  "without comments and blank lines.";
