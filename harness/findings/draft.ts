/** The drafts of reports: where they are, and the script that each holds. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "../errors.ts";
import { repositoryRoot } from "../repository.ts";

/** From the repository's root. */
const folder = "docs/upstream";

/** The script in a draft: its one block of JavaScript. @throws HarnessError where there is none, or more than one. */
export function scriptOf(name: string): string {
  const scripts = scriptsIn(readFileSync(join(repositoryRoot, folder, name), "utf8"));
  const [script] = scripts;
  if (script === undefined || scripts.length > 1) {
    throw new HarnessError(
      `${folder}/${name} holds ${scripts.length} blocks of JavaScript.`,
      "Let it hold one: the script that shows the finding.",
    );
  }
  return script;
}

/** The blocks of JavaScript in a Markdown file. Pure. */
export function scriptsIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```js\n(.*?)^```$/gms)].map(([, script = ""]) => script);
}
