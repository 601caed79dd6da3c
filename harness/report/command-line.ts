/** The command that makes a run again, so that every finding can be seen by whoever doubts it. */
import type { Results } from "./results-schema.ts";

/** `npm run chaos -- --seed 4711 --sessions 90`, quoted for a POSIX shell. Pure. */
export function commandLineOf({
  command,
  arguments: words,
}: Pick<Results["run"], "command" | "arguments">): string {
  return [`npm run ${command}`, ...(words.length > 0 ? ["--", ...words.map(quoted)] : [])].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
