/**
 * Another version of an implementation is the real code with a few lines changed: the repository is copied next to the run's
 * other files, and the edits are made there. So what is different is readable as a difference, nothing is bent to make room for
 * it, and a version whose place in the real code is gone says so instead of testing nothing.
 */
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { HarnessError } from "../errors.ts";
import { repositoryRoot } from "../repository.ts";
import type { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";
import type { Edit } from "./edit.ts";
import type { NextVersion } from "./upgrade.ts";

/** Edits of the files of a folder below `implementations/`, as those of the repository's. Pure. */
export function inRepository(folder: string, edits: readonly Edit[]): readonly Edit[] {
  return edits.map((edit) => ({ ...edit, file: `implementations/${folder}/${edit.file}` }));
}

/**
 * The target with a copy of its implementation in which files are copied and edits are made; `name` is unique in the run.
 * @throws HarnessError when what is to be replaced does not stand where it should.
 */
export function editedTarget(run: Run, target: Target, name: string, version: NextVersion): Target {
  const folder = join(run.reaper.folder, "versions", name);
  const implementations = join(repositoryRoot, "implementations");
  const from = fileURLToPath(target.implementation);
  const isListed = !relative(implementations, from).startsWith("..");
  // By the book it is a folder of its engine's.
  const engine = basename(from) === "by-the-book" ? dirname(from.replace(/\/$/, "")) : from;
  const place = isListed ? relative(implementations, from) : relative(dirname(engine), from);
  copyRepository(folder, isListed ? undefined : engine);
  const inCopy = (file: string) => join(folder, "implementations", place, file);
  for (const copy of version.copies ?? []) cpSync(inCopy(copy.from), inCopy(copy.to));
  makeEdits(folder, inRepository(place, version.edits));
  return { ...target, implementation: `${pathToFileURL(join(folder, "implementations", place)).href}/` };
}

/**
 * Copies all implementations and the harness into `folder`, which must not exist; then makes the edits.
 * @throws HarnessError when what is to be replaced does not stand where it should.
 */
export function writeEditedCopy(folder: string, edits: readonly Edit[]): void {
  copyRepository(folder);
  makeEdits(folder, edits);
}

/** With an implementation of another place, by its folder, where one is given. */
function copyRepository(folder: string, elsewhere?: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ["implementations", "harness"]) {
    cpSync(join(repositoryRoot, name), join(folder, name), {
      recursive: true,
      filter: (path) => !path.endsWith(".test.ts") && basename(path) !== "node_modules",
    });
  }
  for (const packages of globSync("implementations/*/node_modules", { cwd: repositoryRoot }))
    symlinkSync(join(repositoryRoot, packages), join(folder, packages), "dir"); // a guest's own: hundreds of megabytes
  cpSync(join(repositoryRoot, "package.json"), join(folder, "package.json"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"), "dir");
  if (elsewhere !== undefined) copyImplementation(elsewhere, join(folder, "implementations"));
}

function makeEdits(folder: string, edits: readonly Edit[]): void {
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

/** The text of a file after one edit. Pure. @throws HarnessError when what is to be replaced does not stand there once. */
export function editedText(text: string, { file, replace, by }: Edit): string {
  const [before, after, ...others] = text.split(replace);
  if (before === undefined || after === undefined || others.length > 0) {
    const [place] = replace.trim().split("\n");
    throw new HarnessError(
      `An edit wants to change "${place}" in ${file}, which stands there ${after === undefined ? "nowhere" : "more than once"}.`,
      "The real code has changed: bring the edit up to date, in the engine's manifest or in harness-variant-list.ts.",
    );
  }
  return before + by + after;
}
