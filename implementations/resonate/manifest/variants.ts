/** Broken variants of the durable function: what a user of Resonate must get right, each time gone wrong. */

import { edit } from "../../../harness/engines/edit.ts";
import type { Variant } from "../../../harness/engines/variant.ts";
import { crash, failOnce, killInWait, race, undisturbed } from "../../../harness/scenarios/provocations.ts";

const store = "embedded";

const recordsOneByOne = `  for (const index of activities.keys()) {
    yield* ctx.run(recordActivity, spec, index, options);
  }`;

export const variants: readonly Variant[] = [
  {
    name: "effect-outside-run",
    defence: { name: "everything in ctx.run", words: /ctx\.run\(/ },
    store,
    defect: "The activities are recorded by plain calls, outside ctx.run.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        "yield* ctx.run(recordActivity, spec, index, options);",
        "void recordActivity(ctx, spec, index).catch(() => {});",
      ),
    ],
    provocation: undisturbed,
  },
  {
    name: "wait-in-process",
    store,
    defect: "The idle window is a setTimeout in a step.",
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        "yield* ctx.sleep({ until: new Date(idleAt + idleTimeoutMs) });",
        "yield* ctx.run(() => new Promise((resolve) => setTimeout(resolve, idleTimeoutMs)));",
      ),
    ],
    provocation: killInWait,
  },
  {
    name: "random-key",
    defence: { name: "stable key", words: /\bkey\(|const key|\}\|/ },
    store,
    defect: "Each attempt draws its idempotency key.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        "operations.recordActivity(world(ctx), spec, index, key(spec, recordStep(index)));",
        "operations.recordActivity(world(ctx), spec, index, crypto.randomUUID());",
      ),
    ],
    provocation: crash({ step: "record:1", when: "after", effect: "append-activity" }),
  },
  {
    name: "random-workflow-id",
    defence: { name: "stable workflow id", words: /`session\/\$/ },
    store,
    defect: "Each call starts a workflow under an id of its own.",
    expected: "started-once",
    edits: [
      edit(
        "client.ts",
        "const id = `session/${prefix}${spec.sessionId}`;",
        "const id = `session/${prefix}${spec.sessionId}-${randomUUID()}`;",
      ),
    ],
    provocation: race,
  },
  {
    name: "cleanup-not-awaited",
    store,
    defect: "The workflow returns without waiting for its cleanup.",
    expected: "cleaned-once",
    edits: [
      edit(
        "lifecycle.ts",
        "const { cleanedAt } = yield* ctx.run(cleanup, spec, jti, options);",
        "const cleanedAt = expiredAt;\n  void cleanup(ctx, spec, jti).catch(() => {});",
      ),
    ],
    provocation: crash({
      step: "cleanup",
      when: "after",
      effect: "revoke-token",
      workMs: { cleanup: [500, 0] },
    }),
  },
  {
    name: "error-swallowed",
    store,
    defect: "A step catches the error of its service and reports success.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        "operations.recordActivity(world(ctx), spec, index, key(spec, recordStep(index)));",
        "operations.recordActivity(world(ctx), spec, index, key(spec, recordStep(index))).catch(() => ({ recordedAt: 0 }));",
      ),
    ],
    provocation: failOnce,
  },
  {
    name: "short-timeout",
    defence: { name: "timeout", words: /timeout\b|boundMs/ },
    store,
    defect: "The workflow's timeout is shorter than the idle window.",
    expected: "completed",
    edits: [
      edit("client.ts", "timeout: spec.idleTimeoutMs + boundMs,", "timeout: spec.idleTimeoutMs / 2,"),
      edit("client.ts", "import { boundMs, version }", "import { version }"),
    ],
    provocation: undisturbed,
  },
  {
    name: "activities-at-once",
    store,
    defect: "The activities are started all at once.",
    expected: "in-order",
    edits: [
      edit(
        "lifecycle.ts",
        recordsOneByOne,
        `  const records = [];
  for (const index of activities.keys()) {
    records.push(yield* ctx.beginRun(recordActivity, spec, index, options));
  }
  for (const record of records) yield* record;`,
      ),
    ],
    provocation: undisturbed,
  },
];
