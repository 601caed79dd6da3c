/** Test support: copies of an implementation with one defect each, which must break a rule of `conform`. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { conform } from "../conform/conform.ts";
import { crashRules } from "../conform/crash-rules.ts";
import { lifecycleRules } from "../conform/lifecycle-rules.ts";
import { storeRules } from "../conform/store-rules.ts";
import { waitRules } from "../conform/wait-rules.ts";
import { type Edit, edit } from "../engines/edit.ts";
import { inRepository, writeEditedCopy } from "../engines/edited-copy.ts";
import type { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";
import { implementationIn, unlistedTarget } from "../targets/targets.ts";

export interface Defect {
  readonly name: string;
  /** Files are named from the folder of `redis-bullmq`. */
  readonly edits: readonly Edit[];
  /** Part of the sentence of the rule. */
  readonly breaks: string;
}

/** Defects of public reports that both a rule of `conform` and an invariant of a drawn plan shows, by name. */
export const reportedDefects = {
  "short-memory": [
    edit("session-row.ts", "redis.call('EXPIRE', KEYS[1], ARGV[3])", "redis.call('PEXPIRE', KEYS[1], 3000)"),
  ],
  "ten-attempts": [edit("client.ts", "attempts: Number.MAX_SAFE_INTEGER,", "attempts: 10,")],
  "growing-delay": [edit("client.ts", 'type: "fixed",', 'type: "exponential",')],
  "delay-changed": [
    edit(
      "client.ts",
      "      if (!isDone) await addJob(sessionId, at);",
      `      if (!isDone) await addJob(sessionId, at);
      const job = await queue.getJob(jobIdOf(sessionId));
      if (await job?.isDelayed()) await job?.changeDelay(spec.idleTimeoutMs);`,
    ),
  ],
} as const;

/** A copy of `redis-bullmq` with these edits, in a folder of tests, under a name of its own: what a run keeps goes by that. */
export function edited(folder: string, name: string, ...edits: readonly Edit[]): Target {
  const copy = join(folder, `copy-${name}`);
  writeEditedCopy(copy, inRepository("redis-bullmq", edits));
  const implementation = join(copy, "implementations", name);
  renameSync(join(copy, "implementations/redis-bullmq"), implementation);
  return unlistedTarget(implementationIn(implementation), "redis");
}

export async function expectBroken(run: Run, folder: string, { name, breaks, edits }: Defect): Promise<void> {
  const rules = [...lifecycleRules, ...waitRules, ...crashRules, ...storeRules].filter(({ sentence }) =>
    sentence.includes(breaks),
  );
  expect(rules).toHaveLength(1);
  const [, outcome] = await conform(run, edited(folder, name, ...edits), () => {}, { rules });
  expect(outcome?.wrong).not.toEqual([]);
  expect(outcome?.isKept).toBe(false);
}
