/** Broken variants of the workflow on Restate: what its documentation does not keep anybody from, each lacking one thing that it takes. */

import { edit } from "../../../harness/engines/edit.ts";
import type { Variant } from "../../../harness/engines/variant.ts";
import { afterActivity } from "../../../harness/scenarios/acts.ts";
import {
  crash,
  crashBeforeTimer,
  failOnce,
  killInWait,
  lateCaller,
  leaveInStep,
  slowStep,
} from "../../../harness/scenarios/provocations.ts";
import { duties } from "./duties.ts";
import { callsWait } from "./provocations.ts";

const store = "server";

export const variants: readonly Variant[] = [
  {
    name: "restate-no-keys",
    duty: duties.key,
    store,
    defect: "Effects carry no idempotency key that a retry would repeat.",
    expected: "recorded-once",
    edits: [edit("lifecycle.ts", "return play(key);", "return play(key + crypto.randomUUID());")],
    provocation: crash(afterActivity),
  },
  {
    name: "restate-step-outside-run",
    duty: duties.journaled,
    store,
    defect: "The first step is a plain call, and not a `ctx.run`.",
    expected: "repeats-explained",
    edits: [
      edit(
        "lifecycle.ts",
        'await step(ctx, "login", (key) => login(world, spec, key));',
        "await login(world, spec, `${ctx.key}|login`);",
      ),
    ],
    provocation: slowStep,
  },
  {
    name: "restate-relative-sleep",
    duty: duties.deadline,
    store,
    defect: "The sleep is as long as the idle window, whenever it begins.",
    expected: "timer-kept",
    edits: [edit("lifecycle.ts", "Math.max(0, idle.idleAt + idleTimeoutMs - Date.now())", "idleTimeoutMs")],
    provocation: crashBeforeTimer,
  },
  {
    name: "restate-default-attempts",
    duty: duties.attempts,
    store,
    defect:
      "The service asks for an attempt every 50 ms and says nothing of their number: the server pauses an invocation after 70, which are over in some 4 s.",
    expected: "completed",
    edits: [
      edit("lifecycle.ts", "maxInterval: callAgainAtMostMs", "maxInterval: callAgainMs"),
      edit(
        "lifecycle.ts",
        "        maxAttempts: Number.MAX_SAFE_INTEGER, // by default a session is paused after 70, and an operator has to resume it\n",
        "",
      ),
    ],
    provocation: crashBeforeTimer,
  },
  {
    name: "restate-bounded-run",
    duty: duties.runRetries,
    store,
    defect: "A step is tried once, and its failure is the session's.",
    expected: "completed",
    edits: [
      edit(
        "lifecycle.ts",
        "    retryIntervalFactor: 1,\n",
        "    retryIntervalFactor: 1,\n    maxRetryAttempts: 1,\n",
      ),
    ],
    provocation: failOnce,
  },
  {
    name: "restate-address-of-its-own",
    duty: duties.oneAddress,
    store,
    defect: "A worker registers the port that it listens on, and not the address of its group.",
    expected: "timer-kept",
    edits: [
      edit("worker.ts", "`${reachedAt.url}/v${version}`", "`http://127.0.0.1:${reachedAt.port}/v${version}`"),
    ],
    provocation: killInWait,
  },
  {
    name: "restate-runs-what-waited",
    duty: duties.askBefore,
    store,
    defect: "A worker does each step that it comes to, without asking whether the server still waits for it.",
    expected: "login-once",
    edits: [edit("callers.ts", "    await ask(session);\n", "")],
    provocation: callsWait,
  },
  {
    name: "restate-no-retention",
    duty: duties.retention,
    store,
    defect: "A workflow that has ended is forgotten at once.",
    expected: "started-once",
    edits: [edit("lifecycle.ts", "workflowRetention: { days: 30 }", "workflowRetention: 0")],
    provocation: lateCaller,
  },
  {
    name: "restate-exit-at-once",
    duty: duties.drain,
    store,
    defect: "A worker that is told to leave does so at once.",
    expected: "repeats-explained",
    edits: [edit("worker.ts", "      await Promise.race([closed.promise, delay(longestStopMs)]);\n", "")],
    provocation: leaveInStep,
  },
];
