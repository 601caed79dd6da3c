/**
 * A broken variant is the real code with a few lines changed: the repository is copied next to the run's other files,
 * and the edits are made there. So the defect is readable as a difference, nothing is bent to make room for it, and a
 * variant whose place in the real code is gone says so instead of testing nothing.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Edit } from "../../engines/edit.ts";
import { HarnessError } from "../../errors.ts";
import { repositoryRoot } from "../../repository.ts";

/** Edits of an engine's files, as those of the repository's. Pure. */
export function inRepository(engine: string, edits: readonly Edit[]): readonly Edit[] {
  return edits.map((edit) => ({ ...edit, file: `implementations/${engine}/${edit.file}` }));
}

/**
 * Copies all implementations and the harness into `folder`, which must not exist, and an implementation of another
 * place, by its URL, where one is given; then makes the edits.
 * @throws HarnessError when what is to be replaced does not stand where it should.
 */
export function writeEditedCopy(folder: string, edits: readonly Edit[], elsewhere?: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ["implementations", "harness"]) {
    cpSync(join(repositoryRoot, name), join(folder, name), {
      recursive: true,
      filter: (path) => !path.endsWith(".test.ts"),
    });
  }
  cpSync(join(repositoryRoot, "package.json"), join(folder, "package.json"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"), "dir");
  if (elsewhere !== undefined) copyImplementation(fileURLToPath(elsewhere), join(folder, "implementations"));
  for (const edit of edits) {
    const path = join(folder, edit.file);
    writeFileSync(path, editedText(readFileSync(path, "utf8"), edit));
  }
}

/** Its packages are where they were: only their folder's place changes, which a link says. */
function copyImplementation(from: string, into: string): void {
  const to = join(into, basename(from));
  cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== "node_modules" });
  const packages = parentsOf(from)
    .map((parent) => join(parent, "node_modules"))
    .find((path) => existsSync(path));
  if (packages !== undefined) symlinkSync(packages, join(to, "node_modules"), "dir");
}

/** The folder, and those that hold it, from the innermost. Pure. */
function parentsOf(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...parentsOf(parent)];
}

/** The text of a file after one edit. Pure. @throws HarnessError as {@link writeEditedCopy} does. */
export function editedText(text: string, { file, replace, by }: Edit): string {
  const [before, after, ...others] = text.split(replace);
  if (before === undefined || after === undefined || others.length > 0) {
    const [place] = replace.trim().split("\n");
    throw new HarnessError(
      `A variant of the selftest wants to change "${place}" in ${file}, which stands there ${after === undefined ? "nowhere" : "more than once"}.`,
      "The real code has changed: bring the edit up to date, in the engine's manifest/variants.ts or in harness-variant-list.ts.",
    );
  }
  return before + by + after;
}
