/** The published run, and the pages whose tables are written from it. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");
export const reference = join(root, "results/reference");

/** Paths of the pages that name a table of the published run: README and those under `docs/`. */
export function pagesWithTables(): readonly string[] {
  return ["README.md", ...globSync("docs/**/*.md", { cwd: root }).sort()]
    .map((page) => join(root, page))
    .filter((page) => readFileSync(page, "utf8").includes("<!-- reference: "));
}
