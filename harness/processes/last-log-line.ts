/** What a process said last. */

/**
 * The last line of a log that says something. Where Node ended for an uncaught exception, which its version is printed below,
 * that is the line of the error, and not what is printed after it. Empty where there is none. Pure.
 */
export function lastLineOf(log: readonly string[]): string {
  const said = log.filter((line) => line.trim() !== "");
  if (!/^Node\.js v\d/.test(said.at(-1) ?? "")) return said.at(-1) ?? "";
  const before = said.slice(0, -1);
  const stackEnd = before.findLastIndex(isOfStack);
  if (stackEnd === -1) return before.at(-1) ?? "";
  return before.slice(0, stackEnd + 1).findLast((line) => !isOfStack(line)) ?? "";
}

const isOfStack = (line: string) => /^ +at /.test(line);
