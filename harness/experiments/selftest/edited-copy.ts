/**
 * A broken variant is the real code with a few lines changed: the repository is copied next to the run's other files,
 * and the edits are made there. So the defect is readable as a difference, nothing is bent to make room for it, and a
 * variant whose place in the real code is gone says so instead of testing nothing.
 */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "../../errors.ts";
import { repositoryRoot } from "../../repository.ts";

/** One place that is changed. */
export interface Edit {
  /** From the repository's root. */
  readonly file: string;
  /** What stands there; it must occur exactly once. */
  readonly replace: string;
  readonly by: string;
}

/** Edits of the files of one implementation. */
export function editsOf(implementation: string) {
  return (file: string, replace: string, by: string): Edit => ({
    file: `implementations/${implementation}/${file}`,
    replace,
    by,
  });
}

/**
 * Copies both implementations and the harness into `folder`, which must not exist, and makes the edits.
 * @throws HarnessError when what is to be replaced does not stand where it should.
 */
export function writeEditedCopy(folder: string, edits: readonly Edit[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ["implementations", "harness"]) {
    cpSync(join(repositoryRoot, name), join(folder, name), {
      recursive: true,
      filter: (path) => !path.endsWith(".test.ts"),
    });
  }
  cpSync(join(repositoryRoot, "package.json"), join(folder, "package.json"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"), "dir");
  for (const edit of edits) {
    const path = join(folder, edit.file);
    writeFileSync(path, editedText(readFileSync(path, "utf8"), edit));
  }
}

/** The text of a file after one edit. Pure. @throws HarnessError as {@link writeEditedCopy} does. */
export function editedText(text: string, { file, replace, by }: Edit): string {
  const [before, after, ...others] = text.split(replace);
  if (before === undefined || after === undefined || others.length > 0) {
    const [place] = replace.trim().split("\n");
    throw new HarnessError(
      `A variant of the selftest wants to change "${place}" in ${file}, which stands there ${after === undefined ? "nowhere" : "more than once"}.`,
      "The real code has changed: bring the variant's edit up to date in harness/experiments/selftest/variants/.",
    );
  }
  return before + by + after;
}
