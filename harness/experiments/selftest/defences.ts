/**
 * What a variant lacks, as a person would name it, and the lines of the real implementation that provide it: code lines
 * that hold the defence's own words, so that the count moves with the code.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../../repository.ts";
import type { SelftestRow } from "./rows.ts";
import type { EngineVariant } from "./variants.ts";

/** The defence that a variant lacks; null where it lacks none that has a name. */
export function defenceOf({ folder, duty }: Pick<EngineVariant, "folder" | "duty">): SelftestRow["defence"] {
  if (duty?.defence === undefined) return null;
  const { name, words, where } = duty.defence;
  const files = where === undefined ? filesOf(fileURLToPath(folder)) : [join(repositoryRoot, where)];
  const lines = files.flatMap((file) => codeLinesOf(readFileSync(file, "utf8")));
  return { name, lines: lines.filter((line) => words.test(line)).length };
}

/** What a user would deploy: not its tests, nor what stands in folders of its own. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => join(folder, file));
}

/** The lines without their comments. Enough for code as it is formatted here; Lua's lines are code. */
function codeLinesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line))
    .map((line) => line.replace(/ \/\/ .*$/, ""));
}
