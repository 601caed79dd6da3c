/**
 * How much an engineer has to write and keep for each architecture: every file of each implementation, by the concern
 * that it serves. What all share is listed apart and belongs to no sum.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Engine } from "../../engines/engine.ts";
import { knownEngines } from "../../targets/targets.ts";
import type { CodeSizeRow } from "./rows.ts";
import { countSource } from "./source-count.ts";
import { anotherStore } from "./tables.ts";

/** Of the ground floor, which is listed apart and belongs to no sum. */
const groundFloor: Readonly<Record<string, string>> = {
  "spec.ts": "vocabulary",
  "steps.ts": "vocabulary",
  "operations.ts": "operations",
  "contract.ts": "contract",
  "world.ts": "contract",
  "index.ts": "contract",
};

/** `other` for a file that nobody has given a concern. */
const other = "other";

const groundFloorFolder = new URL("../../../implementations/session/", import.meta.url).href;

/** Counts every implementation that is known, and what they share, one row per file, in a fixed order. */
export async function countCode(): Promise<CodeSizeRow[]> {
  const rows: CodeSizeRow[] = [];
  for (const { name, folder, manifest } of knownEngines()) {
    for (const file of await filesIn(folder)) {
      const counted = await countOf(folder, file);
      rows.push({ implementation: name, concern: concernOf(manifest, file), ...counted });
    }
  }
  for (const file of await filesIn(groundFloorFolder)) {
    const counted = await countOf(groundFloorFolder, file);
    rows.push({ implementation: "shared", concern: groundFloor[file] ?? other, ...counted });
  }
  return rows;
}

/** What a user would deploy of a folder, by its URL: its own files, without tests, and without what only the harness must know. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(new URL(folder));
  return entries.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort();
}

async function countOf(
  folder: string,
  name: string,
): Promise<Omit<CodeSizeRow, "implementation" | "concern">> {
  const file = `implementations/${basename(fileURLToPath(folder))}/${name}`;
  return { file, ...countSource(await readFile(new URL(name, folder), "utf8")) };
}

/** The concern that a file of an engine's folder serves, by its manifest. Pure. */
export function concernOf({ concerns = {}, filesOfStore = {} }: Engine, name: string): string {
  return Object.hasOwn(filesOfStore, name) ? anotherStore : (concerns[name] ?? other);
}
