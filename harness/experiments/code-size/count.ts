/**
 * How much an engineer has to write and keep for each architecture: every file of each implementation, by the concerns that its
 * comments name. What all share is listed apart and belongs to no sum; what only some use of it counts for those.
 */

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import ts from "typescript";
import { byTheBook } from "../../report/target-name.ts";
import { knownEngines, type PlacedEngine } from "../../targets/targets.ts";
import { anotherStore, fromGroundFloor } from "./concerns.ts";
import type { CodeSizeRow } from "./rows.ts";
import { type CountedPart, countSource } from "./source-count.ts";

const root = new URL("../../../", import.meta.url).href;
const groundFloor = `${root}implementations/session/`;

/** An implementation, and what of it only another store than the usual one needs. */
export interface CountedImplementation {
  readonly name: string;
  /** The engine's name. */
  readonly engine: string;
  /** A file URL that ends in `/`. */
  readonly folder: string;
  /** Path from the repository's root, which ends in `/`. */
  readonly path: string;
  readonly filesOfStore: Readonly<Record<string, string>>;
}

/** Every engine, and after it what is written by the book where its folder has that. */
export function countedImplementations(
  engines: readonly PlacedEngine[] = knownEngines(),
): readonly CountedImplementation[] {
  return engines.flatMap(({ name, folder, manifest: { filesOfStore = {} } }) => {
    const hardened = { name, engine: name, folder, path: pathOf(folder, name), filesOfStore };
    const ofBook = new URL("by-the-book/", folder).href;
    if (!existsSync(new URL(ofBook)) || engines.some((other) => other.folder === ofBook)) return [hardened];
    const path = `${hardened.path}by-the-book/`;
    return [hardened, { name: byTheBook(name), engine: name, folder: ofBook, path, filesOfStore: {} }];
  });
}

/** A folder that is not in the repository has the path that it would have there. */
function pathOf(folder: string, name: string): string {
  return folder.startsWith(root) ? folder.slice(root.length) : `implementations/${name}/`;
}

/** Counts implementations, and what they share: a row for each concern of each file, in a fixed order. */
export async function countCode(engines?: readonly PlacedEngine[]): Promise<CodeSizeRow[]> {
  const shared = await partsIn(groundFloor, "implementations/session/");
  const rows: CodeSizeRow[] = [];
  for (const counted of countedImplementations(engines)) {
    const { name: implementation, folder, path, filesOfStore } = counted;
    for (const part of await partsIn(folder, path)) {
      const isBeside = Object.hasOwn(filesOfStore, part.file.slice(path.length));
      rows.push(rowOf(implementation, isBeside ? { ...part, concern: anotherStore } : part));
    }
    const names = namesIn(await sourcesOf(counted));
    for (const part of shared)
      if (part.usedAs !== null && names.has(part.usedAs))
        rows.push(rowOf(implementation, { ...part, concern: fromGroundFloor }));
  }
  return [...rows, ...shared.filter(({ usedAs }) => usedAs === null).map((part) => rowOf("shared", part))];
}

/** The text of every file that counts, but what only another store than its usual one needs. */
export async function sourcesOf({
  folder,
  filesOfStore,
}: Pick<CountedImplementation, "folder" | "filesOfStore">): Promise<readonly string[]> {
  const files = (await filesIn(folder)).filter((file) => !Object.hasOwn(filesOfStore, file));
  return Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")));
}

type PartOfFile = CountedPart & { readonly file: string };

async function partsIn(folder: string, path: string): Promise<readonly PartOfFile[]> {
  const files = (await filesIn(folder)).map(async (name) => {
    const text = await readFile(new URL(name, folder), "utf8");
    return countSource(text).map((part) => ({ ...part, file: path + name }));
  });
  return (await Promise.all(files)).flat();
}

/** What a user would deploy of a folder, by its URL: its own files, without tests, and without what only the harness must know. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(new URL(folder));
  return entries.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort();
}

function rowOf(implementation: string, { usedAs: _, ...part }: PartOfFile): CodeSizeRow {
  return { implementation, ...part };
}

/** The names that stand in the code of sources: neither those in comments nor words in strings. */
function namesIn(sources: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const text of sources) visit(ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest));
  return names;
}
