/** Broken variants of the durable function: what a user of Resonate must get right, each time gone wrong. */

import { edit } from "../../../harness/engines/edit.ts";
import type { Variant } from "../../../harness/engines/variant.ts";
import { cutOff } from "../../../harness/scenarios/deafness.ts";
import {
  crash,
  crashBeforeTimer,
  failOnce,
  killInWait,
  leaveInStep,
  race,
  undisturbed,
} from "../../../harness/scenarios/provocations.ts";
import { duties } from "./duties.ts";

const store = "embedded";

const sleeps = "yield* ctx.sleep({ until: new Date(idle.idleAt + idleTimeoutMs) });";

const recordsOneByOne = `  for (const index of activities.keys()) {
    ({ receipt } = yield* ctx.run(recordActivity, spec, index, receipt, options));
  }`;

export const variants: readonly Variant[] = [
  {
    name: "effect-outside-run",
    duty: duties.inRun,
    store,
    defect: "The activities are recorded by plain calls, outside ctx.run.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        "({ receipt } = yield* ctx.run(recordActivity, spec, index, receipt, options));",
        "void recordActivity(ctx, spec, index, receipt).catch(() => {});",
      ),
    ],
    provocation: undisturbed,
  },
  {
    name: "branch-on-process-state",
    duty: duties.deterministic,
    store,
    defect: "A step is played by the first pass in a process alone: a variable of the module decides.",
    expected: "completed",
    edits: [
      edit(
        "lifecycle.ts",
        "export function* session(",
        "let isFirstPass = true;\n\nexport function* session(",
      ),
      edit(
        "lifecycle.ts",
        "const issued = yield* ctx.run(login, spec, options);",
        `if (isFirstPass) yield* ctx.run(() => {}, options);
  isFirstPass = false;
  const issued = yield* ctx.run(login, spec, options);`,
      ),
    ],
    provocation: undisturbed,
  },
  {
    name: "wait-in-process",
    duty: duties.durableWait,
    store,
    defect: "The idle window is a setTimeout in a step.",
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        sleeps,
        "yield* ctx.run(() => new Promise((resolve) => setTimeout(resolve, idleTimeoutMs)));",
      ),
    ],
    provocation: killInWait,
  },
  {
    name: "relative-sleep",
    duty: duties.deadline,
    store,
    defect: "The idle window counts from whenever the sleep begins, so that a recovery begins it anew.",
    expected: "timer-kept",
    edits: [edit("lifecycle.ts", sleeps, "yield* ctx.sleep(idleTimeoutMs);")],
    provocation: crashBeforeTimer,
  },
  {
    name: "random-key",
    duty: duties.key,
    store,
    defect: "Each attempt draws its idempotency key.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        "operations.recordActivity(world(ctx), spec, index, key(spec, recordStep(index)), null, after);",
        "operations.recordActivity(world(ctx), spec, index, crypto.randomUUID(), null, after);",
      ),
    ],
    provocation: crash({ step: "record:1", when: "after", effect: "append-activity" }),
  },
  {
    name: "random-workflow-id",
    duty: duties.workflowId,
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
    duty: duties.awaited,
    store,
    defect: "The workflow returns without waiting for its cleanup.",
    expected: "cleaned-once",
    edits: [
      edit(
        "lifecycle.ts",
        "const { cleanedAt } = yield* ctx.run(cleanup, spec, issued.jti, expired.receipt, options);",
        "const cleanedAt = expired.expiredAt;\n  void cleanup(ctx, spec, issued.jti, expired.receipt).catch(() => {});",
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
    duty: duties.errors,
    store,
    defect: "A step catches the error of its service and reports success.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        "operations.recordActivity(world(ctx), spec, index, key(spec, recordStep(index)), null, after);",
        "operations.recordActivity(world(ctx), spec, index, key(spec, recordStep(index)), null, after).catch(() => ({ recordedAt: 0, receipt: after }));",
      ),
    ],
    provocation: failOnce,
  },
  {
    name: "short-timeout",
    duty: duties.timeout,
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
    name: "short-step-timeout",
    duty: duties.stepTimeout,
    store,
    defect: "A step is given up after 200 ms, which is less than its service may take.",
    expected: "completed",
    edits: [edit("lifecycle.ts", "timeout: boundMs,", "timeout: 200,")],
    provocation: undisturbed,
  },
  {
    name: "version-not-registered",
    duty: duties.version,
    store,
    defect:
      "The workers register the next version of the function alone, and sessions ask for the one before.",
    expected: "completed",
    edits: [
      edit(
        "worker.ts",
        'resonate.register("session", session, { version });',
        'resonate.register("session", session, { version: version + 1 });',
      ),
    ],
    provocation: undisturbed,
  },
  {
    name: "stop-without-drain",
    duty: duties.drain,
    store,
    defect: "A worker that is told to leave does so at once.",
    expected: "repeats-explained",
    edits: [edit("worker.ts", "await network.drain(longestStopMs);", "")],
    provocation: leaveInStep,
  },
  {
    name: "activities-at-once",
    duty: duties.inTurn,
    store,
    defect: "The activities are started all at once.",
    expected: "in-order",
    edits: [
      edit(
        "lifecycle.ts",
        recordsOneByOne,
        `  const records = [];
  for (const index of activities.keys()) {
    records.push(yield* ctx.beginRun(recordActivity, spec, index, receipt, options));
  }
  for (const record of records) yield* record;`,
      ),
    ],
    provocation: undisturbed,
  },
  {
    name: "stream-not-reopened",
    duty: duties.stream,
    store,
    defect: "A stream of messages that broke is not opened again.",
    expected: "nobody-deaf",
    edits: [edit("message-stream.ts", "this.reopening = setTimeout(() => this.open(), reopenAfterMs);", "")],
    provocation: cutOff,
  },
];
