/** Broken variants of the baseline: what people really write, each lacking one thing that it takes. */

import { edit } from "../../../harness/engines/edit.ts";
import type { Variant } from "../../../harness/engines/variant.ts";
import { afterActivity } from "../../../harness/scenarios/acts.ts";
import { cutOff } from "../../../harness/scenarios/deafness.ts";
import {
  crash,
  crashBeforeTimer,
  failOnce,
  killAtStartOfWait,
  killInWait,
  killStore,
  lateCaller,
  leaveInStep,
  pauseAtStartOfWait,
  pauseInStep,
  pauseOfTheOnly,
  race,
  windowMs,
} from "../../../harness/scenarios/provocations.ts";
import { startRedisStoreWithSnapshots } from "../../../harness/stores/redis.ts";
import { duties } from "./duties.ts";

const store = "redis";

const beforeActivity = { ...afterActivity, when: "before" } as const;

const armsAbsoluteTimer = `      const { idleAt, receipt } = await markIdle(world, spec, key, fence, row.receipt);
      await advance({ expireAt: idleAt + idleTimeoutMs, receipt });`;

/** The documented step job: the step stands in the job's own data, and parking the job and naming the step are two calls. */
function stepJob(first: string, second: string): string {
  return `      if ("waited" in job.data) {
        await advance({ expireAt: 0, receipt: String(job.data.waited) });
        return;
      }
      const { receipt } = await markIdle(world, spec, key, fence, row.receipt);
      ${first}
      await new Promise((resolve) => setTimeout(resolve, ${windowMs}));
      ${second}
      throw new DelayedError();`;
}

const park = "await job.moveToDelayed(Date.now() + idleTimeoutMs, token);";
const nameStep = "await job.updateData({ ...job.data, waited: receipt } as SessionJob);";
const importsDelayedError = edit(
  "lifecycle.ts",
  'import type { Processor } from "bullmq";',
  'import { DelayedError, type Processor } from "bullmq";',
);

export const variants: readonly Variant[] = [
  {
    name: "no-keys",
    duty: duties.key,
    store,
    defect: "Effects carry no idempotency key that a retry would repeat.",
    expected: "recorded-once",
    edits: [edit("idempotency.ts", "return `${sessionId}|${step}`;", "return crypto.randomUUID();")],
    provocation: crash(afterActivity),
  },
  {
    name: "mark-before-effect",
    duty: duties.effectFirst,
    store,
    defect: "A step is marked as done before its effect.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        `        const { receipt } = await recordActivity(world, spec, index, key, fence, row.receipt);
        await advance({ receipt });`,
        `        const { receipt } = row;
        await advance({});
        await recordActivity(world, spec, index, key, fence, receipt);`,
      ),
    ],
    provocation: crash(beforeActivity),
  },
  {
    name: "step-job",
    duty: duties.truthInRow,
    store,
    defect: `The step job as documented: moveToDelayed, then updateData (here ${windowMs} ms later, so that a kill finds the gap).`,
    expected: "timer-kept",
    edits: [importsDelayedError, edit("lifecycle.ts", armsAbsoluteTimer, stepJob(park, nameStep))],
    provocation: killAtStartOfWait,
  },
  {
    name: "step-job-reversed",
    duty: duties.truthInRow,
    store,
    defect: `The step job the other way round: updateData, then moveToDelayed (here ${windowMs} ms later).`,
    expected: "not-early",
    edits: [importsDelayedError, edit("lifecycle.ts", armsAbsoluteTimer, stepJob(nameStep, park))],
    provocation: killAtStartOfWait,
  },
  {
    name: "timer-in-process",
    duty: duties.durableWait,
    store,
    defect: "The idle window is a setTimeout in the worker.",
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        "await waitUntil(row.expireAt, await rows.now(), job, token);",
        "await new Promise((resolve) => setTimeout(resolve, idleTimeoutMs));",
      ),
      edit("lifecycle.ts", 'import { waitUntil } from "./idle-timer.ts";\n', ""),
    ],
    provocation: killInWait,
  },
  {
    name: "wake-in-process",
    duty: duties.durableWait,
    store,
    defect: "The job is parked for years, and a setTimeout in the worker promotes it.",
    expected: "timer-kept",
    edits: [
      edit(
        "idle-timer.ts",
        "  await job.moveToDelayed(Date.now() + (expireAt - now), token);",
        `  await job.moveToDelayed(expireAt + 10 ** 11, token);
  setTimeout(() => void job.promote().catch(() => {}), expireAt - now);`,
      ),
    ],
    provocation: killInWait,
  },
  {
    name: "relative-delay",
    duty: duties.deadline,
    store,
    defect: "The idle window counts from whenever the timer is armed, so that a recovery arms it anew.",
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        "expireAt: idleAt + idleTimeoutMs",
        "expireAt: (await rows.now()) + idleTimeoutMs",
      ),
    ],
    provocation: crashBeforeTimer,
  },
  {
    name: "row-deleted",
    duty: duties.tombstone,
    store,
    defect: "The row is deleted after cleanup.",
    expected: "started-once",
    edits: [
      edit("session-row.ts", "redis.call('EXPIRE', KEYS[1], ARGV[3])", "redis.call('PEXPIRE', KEYS[1], 1)"),
    ],
    provocation: lateCaller,
  },
  {
    name: "default-stall-limit",
    duty: duties.stallLimit,
    store,
    defect: "maxStalledCount is left at its default of 1.",
    expected: "completed",
    edits: [edit("worker.ts", "    maxStalledCount: Number.MAX_SAFE_INTEGER,", "    ")],
    provocation: crash({ ...afterActivity, times: 2 }),
  },
  {
    name: "default-attempts",
    duty: duties.attempts,
    store,
    defect: "attempts is left at its default of 1.",
    expected: "completed",
    edits: [edit("client.ts", "attempts: Number.MAX_SAFE_INTEGER,", "")],
    provocation: failOnce,
  },
  {
    name: "random-job-id",
    duty: duties.jobId,
    store,
    defect: "Each call adds a job under an id of its own.",
    expected: "login-once",
    edits: [edit("client.ts", "jobId: jobIdOf(sessionId),", "jobId: `s-${crypto.randomUUID()}`,")],
    provocation: race,
  },
  {
    name: "move-without-token",
    duty: duties.token,
    store,
    defect: `moveToDelayed is called without the token (and ${windowMs} ms late, so that a pause finds the gap).`,
    expected: "repeats-explained",
    edits: [
      edit(
        "idle-timer.ts",
        "  await job.moveToDelayed(Date.now() + (expireAt - now), token);",
        `  await new Promise((resolve) => setTimeout(resolve, ${windowMs}));
  await job.moveToDelayed(expireAt);`, // a time: a delay that was counted before the pause would park the job, and disturb nobody
      ),
    ],
    provocation: pauseAtStartOfWait,
  },
  {
    name: "result-only-published",
    duty: duties.result,
    store,
    defect: "Whoever waits for a result hears it when it is published, and never reads the row.",
    expected: "completed",
    edits: [edit("client.ts", "await look();", ""), edit("client.ts", "void lookAgain()", "{}")],
    provocation: lateCaller,
  },
  {
    name: "no-single-run",
    duty: duties.singleRun,
    store,
    defect: "A worker takes a job again while an older run of it, which lost its lock, goes on.",
    expected: "repeats-explained",
    edits: [
      edit(
        "worker.ts",
        "singleRun(sessionProcessor(world, rows), retryDelayMs)",
        "sessionProcessor(world, rows)",
      ),
      edit("worker.ts", 'import { singleRun } from "./single-run.ts";\n', ""),
    ],
    provocation: pauseOfTheOnly,
  },
  {
    name: "exit-without-close",
    duty: duties.drain,
    store,
    defect: "A worker that is told to leave does so at once.",
    expected: "repeats-explained",
    edits: [edit("worker.ts", "await Promise.race([worker.close(), delay(longestStopMs)]);", "")],
    provocation: leaveInStep,
  },
  {
    name: "snapshots-only",
    duty: duties.appendOnly,
    store,
    defect: "Redis keeps snapshots (its default) and no append-only file.",
    expected: "completed",
    edits: [],
    startStore: startRedisStoreWithSnapshots,
    provocation: killStore,
  },
  {
    name: "no-fence",
    duty: duties.fence,
    store,
    defect: `The row is updated whoever asks (and the lost lock aborts the job ${windowMs} ms late, so that a pause finds the gap).`,
    expected: "repeats-explained",
    edits: [
      edit(
        "session-row.ts",
        "if not row[2] or tonumber(row[2]) > tonumber(ARGV[1]) then return false end",
        "if not row[2] then return false end",
      ),
      edit(
        "worker.ts",
        "worker.cancelJob(jobId);",
        `setTimeout(() => worker.cancelJob(jobId), ${windowMs});`,
      ),
    ],
    provocation: pauseInStep,
  },
  {
    name: "connection-given-up",
    duty: duties.reconnect,
    store,
    defect: "A connection that broke is not made again.",
    expected: "nobody-deaf",
    edits: [edit("connection.ts", "retryStrategy: () => 200,", "retryStrategy: () => null,")],
    provocation: cutOff,
  },
];
