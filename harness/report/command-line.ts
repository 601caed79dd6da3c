/** The command that makes a run again, so that every finding can be seen by whoever doubts it. */
import packageJson from "../../package.json" with { type: "json" };
import type { RunFacts } from "./run-facts.ts";

/** The commands that npm knows by their own names; `npm run killproof -- NAME` knows all. */
const scripts = new Set(Object.keys(packageJson.scripts));

/** `npm run chaos -- --seed 4711 --sessions 90`, quoted for a POSIX shell. Pure. */
export function commandLineOf({
  command,
  arguments: words,
}: Pick<RunFacts["run"], "command" | "arguments">): string {
  const given = words.map(quoted);
  if (!scripts.has(command)) return ["npm run killproof --", command, ...given].join(" ");
  return [`npm run ${command}`, ...(given.length > 0 ? ["--", ...given] : [])].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What stands for a secret. */
const hidden = "***";

/** The words of a command line with every password and token in them replaced, so that they can be shown and kept. Pure. */
export function withoutSecrets(words: readonly string[]): readonly string[] {
  return words.map((word, index) => {
    if (/^--[\w-]*token$/.test(words[index - 1] ?? "")) return hidden;
    return word
      .replace(/^(--[\w-]*token=).*/s, `$1${hidden}`)
      .replace(/^((?:--[a-z-]+=)?[a-z]+:\/\/[^:@/]*):[^/]*@/i, `$1:${hidden}@`)
      .replace(/([?&](?:password|token)=)[^&#]*/gi, `$1${hidden}`); // as the clients of Redis and PostgreSQL take it too
  });
}
