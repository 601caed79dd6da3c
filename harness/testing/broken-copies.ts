/** Test support: copies of an implementation with one defect each, which must break a rule of `conform`. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { conform } from "../conform/conform.ts";
import { crashRules } from "../conform/crash-rules.ts";
import { lifecycleRules } from "../conform/lifecycle-rules.ts";
import { storeRules } from "../conform/store-rules.ts";
import type { Edit } from "../engines/edit.ts";
import { writeEditedCopy } from "../engines/edited-copy.ts";
import type { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";
import { implementationIn, unlistedTarget } from "../targets/targets.ts";

export interface Defect extends Edit {
  readonly name: string;
  /** Part of the sentence of the rule. */
  readonly breaks: string;
}

/** A copy of `redis-bullmq` with one defect, in a folder of tests, under a name of its own: what a run keeps goes by that. */
export function edited(folder: string, name: string, edit: Edit): Target {
  const copy = join(folder, `copy-${name}`);
  writeEditedCopy(copy, [edit]);
  const implementation = join(copy, "implementations", name);
  renameSync(join(copy, "implementations/redis-bullmq"), implementation);
  return unlistedTarget(implementationIn(implementation), "redis");
}

export async function expectBroken(
  run: Run,
  folder: string,
  { name, breaks, ...edit }: Defect,
): Promise<void> {
  const rules = [...lifecycleRules, ...crashRules, ...storeRules].filter(({ sentence }) =>
    sentence.includes(breaks),
  );
  expect(rules).toHaveLength(1);
  const [, outcome] = await conform(run, edited(folder, name, edit), () => {}, { rules });
  expect(outcome?.wrong).not.toEqual([]);
  expect(outcome?.isKept).toBe(false);
}
