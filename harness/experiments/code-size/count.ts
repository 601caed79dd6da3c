/**
 * How much an engineer has to write and keep for each architecture: every file of both implementations, by
 * the concern that it serves. What both sides share is listed apart and belongs to neither sum.
 */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { repositoryRoot } from "../../repository.ts";
import type { CodeSizeRow } from "./rows.ts";
import { countSource } from "./source-count.ts";
import { anotherStore } from "./tables.ts";

/** The concern that a file serves, by its name: the same name means the same on both sides. */
const concerns: ReadonlyMap<string, string> = new Map([
  ["lifecycle.ts", "lifecycle"],
  ["session-row.ts", "state store"],
  ["session-table.ts", "state store"],
  ["idle-timer.ts", "timer"],
  ["idempotency.ts", "idempotency"],
  ["worker.ts", "wiring"],
  ["client.ts", "wiring"],
  ["connection.ts", "wiring"],
  ["connection-log.ts", "wiring"],
  ["draining-network.ts", "wiring"],
  ["network.ts", "wiring"],
  ["store-network.ts", "wiring"],
  ["table-network.ts", anotherStore],
  ["single-run.ts", "retry and recovery"],
  ["spec.ts", "vocabulary"],
  ["steps.ts", "vocabulary"],
  ["operations.ts", "operations"],
  ["contract.ts", "contract"],
  ["world.ts", "contract"],
]);

interface CountedFolder {
  readonly implementation: string;
  /** From the repository's root. */
  readonly folder: string;
}

const countedFolders: readonly CountedFolder[] = [
  { implementation: "resonate", folder: "implementations/resonate" },
  { implementation: "redis-bullmq", folder: "implementations/redis-bullmq" },
  { implementation: "postgres-outbox", folder: "implementations/postgres-outbox" },
  { implementation: "shared", folder: "implementations/session" },
];

/** Counts both implementations and what they share, one row per file, in a fixed order. */
export async function countCode(): Promise<CodeSizeRow[]> {
  const rows: CodeSizeRow[] = [];
  for (const { implementation, folder } of countedFolders) {
    for (const file of await filesIn(folder)) rows.push(await rowOf(implementation, file));
  }
  return rows;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(repositoryRoot, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => relative(repositoryRoot, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

async function rowOf(implementation: string, file: string): Promise<CodeSizeRow> {
  const text = await readFile(join(repositoryRoot, file), "utf8");
  return { implementation, file, concern: concernOf(file), ...countSource(text) };
}

/** `other` for a file that nobody has given a concern. */
export function concernOf(file: string): string {
  return concerns.get(file.slice(dirname(file).length + 1)) ?? "other";
}
