/**
 * What a variant lacks, as a person would name it, and the lines of the real implementation that provide it: code lines
 * that hold the defence's own words, so that the count moves with the code.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../repository.ts";
import type { SelftestRow } from "./rows.ts";
import type { Variant } from "./variant.ts";

interface Defence {
  readonly name: string;
  /** File or folder, from the repository's root. */
  readonly where: string;
  readonly words: RegExp;
}

const baseline = "implementations/redis-bullmq";
const durable = "implementations/resonate";

const defences: ReadonlyMap<string, Defence> = new Map([
  ["no-keys", { name: "key", where: baseline, words: /idempotencyKey|\bkey, |sessionId\}\|/ }],
  ["no-fence", { name: "fence", where: baseline, words: /fence/i }],
  ["row-deleted", { name: "tombstone", where: baseline, words: /tombstone|EXPIRE/ }],
  ["relative-delay", { name: "absolute deadline", where: baseline, words: /expireAt|\bnow\b/ }],
  ["default-stall-limit", { name: "stall limit", where: baseline, words: /maxStalledCount/ }],
  ["move-without-token", { name: "token", where: baseline, words: /\btoken\b/ }],
  ["snapshots-only", { name: "AOF", where: "harness/stores/redis.ts", words: /appendfsync no"/ }],
  ["effect-outside-run", { name: "everything in ctx.run", where: durable, words: /ctx\.run\(/ }],
  ["random-workflow-id", { name: "stable workflow id", where: durable, words: /`session\/\$/ }],
  ["random-key", { name: "stable key", where: durable, words: /step\.id/ }],
  ["short-timeout", { name: "timeout", where: durable, words: /timeout\b|activeTimeoutMs/ }],
]);

/** The defence that a variant lacks; null where it lacks none of the named ones. */
export function defenceOf({ name }: Pick<Variant, "name">): SelftestRow["defence"] {
  const defence = defences.get(name);
  if (defence === undefined) return null;
  const files = defence.where.endsWith(".ts")
    ? [defence.where]
    : readdirSync(join(repositoryRoot, defence.where))
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => `${defence.where}/${file}`);
  const lines = files.flatMap((file) => codeLinesOf(readFileSync(join(repositoryRoot, file), "utf8")));
  return { name: defence.name, lines: lines.filter((line) => defence.words.test(line)).length };
}

/** The lines without their comments. Enough for code as it is formatted here; Lua's lines are code. */
function codeLinesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line))
    .map((line) => line.replace(/ \/\/ .*$/, ""));
}
