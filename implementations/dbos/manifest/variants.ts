/** Broken variants of the implementation on DBOS: what its users easily leave out, each time left out. */
import { edit } from "../../../harness/engines/edit.ts";
import type { Variant } from "../../../harness/engines/variant.ts";
import { afterActivity } from "../../../harness/scenarios/acts.ts";
import {
  crash,
  crashBeforeTimer,
  failOnce,
  killAtStartOfWait,
  killInWait,
  leaveInStep,
  pauseAtStartOfWait,
  race,
  slowStep,
  windowMs,
} from "../../../harness/scenarios/provocations.ts";
import { duties } from "./duties.ts";
import { joinInStep, refuseInStep } from "./provocations.ts";

const store = "postgres";

export const variants: readonly Variant[] = [
  {
    name: "dbos-nobody-looks",
    duty: duties.lease,
    store,
    defect: "Nobody looks for executors that died.",
    expected: "completed",
    edits: [edit("worker.ts", "  void again(recover, leaseMs / 4, stopping.signal);\n", "")],
    provocation: crash(afterActivity),
  },
  {
    name: "dbos-one-executor-id",
    duty: duties.executorId,
    store,
    defect: "All workers share an executor id, as they do by default.",
    expected: "repeats-explained",
    edits: [edit("executor-table.ts", "const id = randomUUID();", "const id = queue || randomUUID();")],
    provocation: joinInStep,
  },
  {
    name: "dbos-lease-not-renewed",
    duty: duties.renewal,
    store,
    defect: "A lease is taken and never renewed.",
    expected: "repeats-explained",
    edits: [
      edit(
        "worker.ts",
        "setInterval(() => void row.renew().catch(() => {}), leaseMs",
        "setInterval(() => {}, leaseMs",
      ),
    ],
    provocation: slowStep,
  },
  {
    name: "dbos-owner-not-asked",
    duty: duties.owner,
    store,
    defect: "Nobody asks, before a step, whose the session is.",
    expected: "repeats-explained",
    edits: [edit("executions.ts", "          await ensureOwned();\n", "")],
    provocation: pauseAtStartOfWait,
  },
  {
    name: "dbos-stranded",
    duty: duties.stranded,
    store,
    defect: "Nobody looks for workflows whose run ended without an outcome.",
    expected: "completed",
    edits: [edit("worker.ts", "  void again(resumeStranded, leaseMs / 2, stopping.signal);\n", "")],
    provocation: refuseInStep,
  },
  {
    name: "dbos-recovery-limit",
    duty: duties.recoveries,
    store,
    defect: "A session is given up at its second recovery; by default it is at its 101st.",
    expected: "completed",
    edits: [
      edit(
        "worker.ts",
        "const maxRecoveryAttempts = Number.MAX_SAFE_INTEGER;",
        "const maxRecoveryAttempts = 1;",
      ),
    ],
    provocation: crash({ ...afterActivity, times: 3 }),
  },
  {
    name: "dbos-no-retries",
    duty: duties.retries,
    store,
    defect: "A step is tried once, as it is by default.",
    expected: "completed",
    edits: [edit("executions.ts", "retriesAllowed: true", "retriesAllowed: false")],
    provocation: failOnce,
  },
  {
    name: "dbos-timer-in-process",
    duty: duties.durableWait,
    store,
    defect: "The idle window is a setTimeout in the worker.",
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        "await execution.sleep(Math.max(0, idle.idleAt + idleTimeoutMs - Date.now()));",
        "await new Promise((resolve) => setTimeout(resolve, idleTimeoutMs));",
      ),
    ],
    provocation: killInWait,
  },
  {
    name: "dbos-relative-sleep",
    duty: duties.deadline,
    store,
    defect: "The idle window counts from whenever the sleep is recorded, so that a recovery begins it anew.",
    expected: "timer-kept",
    edits: [edit("lifecycle.ts", "Math.max(0, idle.idleAt + idleTimeoutMs - Date.now())", "idleTimeoutMs")],
    provocation: crashBeforeTimer,
  },
  {
    name: "dbos-recorded-clock",
    duty: duties.plainClock,
    store,
    defect: `What is left of the wait is counted by DBOS.now() (and the sleep begins ${windowMs} ms later, so that a kill finds the gap).`,
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        'import type { World } from "../session/world.ts";',
        'import type { World } from "../session/world.ts";\nimport { DBOS } from "@dbos-inc/dbos-sdk";',
      ),
      edit(
        "lifecycle.ts",
        "  await execution.sleep(Math.max(0, idle.idleAt + idleTimeoutMs - Date.now()));",
        `  const now = await DBOS.now();
  await new Promise((resolve) => setTimeout(resolve, ${windowMs}));
  await execution.sleep(Math.max(0, idle.idleAt + idleTimeoutMs - now - ${windowMs}));`,
      ),
    ],
    provocation: killAtStartOfWait,
  },
  {
    name: "dbos-no-keys",
    duty: duties.key,
    store,
    defect: "Effects carry no idempotency key that a retry would repeat.",
    expected: "recorded-once",
    edits: [edit("lifecycle.ts", "play(`${sessionId}|${name}`)", "play(crypto.randomUUID())")],
    provocation: crash(afterActivity),
  },
  {
    name: "dbos-random-workflow-id",
    duty: duties.workflowId,
    store,
    defect: "Each start draws a workflow id.",
    expected: "started-once",
    edits: [
      edit(
        "client.ts",
        "const workflowID = workflowIdOf(queue, spec.sessionId);",
        "const workflowID = workflowIdOf(queue, crypto.randomUUID());",
      ),
    ],
    provocation: race,
  },
  {
    name: "dbos-exit-at-once",
    duty: duties.drain,
    store,
    defect: "A worker that is told to leave does so at once.",
    expected: "repeats-explained",
    edits: [edit("worker.ts", "executions.drain(longestStopMs),", "executions.drain(0),")],
    provocation: leaveInStep,
  },
];
