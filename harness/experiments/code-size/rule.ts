/** How `codeSize` counts; every report that shows the figures shows it too. */
export const codeSizeRule =
  "Counted are all files of the folder except tests, by the concern that the comment above the code names: a code line is one " +
  "that holds a token of the TypeScript scanner or a non-blank part of a template literal (so Lua and SQL count); a comment " +
  "line holds comment text and no code; statements are those of the syntax tree, blocks and empty ones apart, and those of the " +
  "Lua (likewise) and the SQL (what is between semicolons) in strings; bytes are gzip of the source without comments and blank " +
  "lines. What the ground floor has for some engines only counts for those. A work-around is there for a defect of one version.";
