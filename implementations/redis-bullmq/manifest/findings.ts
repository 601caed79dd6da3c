/** What was found of BullMQ. */
import type { Finding, StoreForScript } from "../../../harness/engines/finding.ts";

const bullmq = { of: "bullmq", version: "6.7.0" } as const;
const redis: StoreForScript = { kind: "redis", url: "REDIS_URL" };

export const findings: readonly Finding[] = [
  {
    ...bullmq,
    id: "bullmq-lock-of-retaken-job",
    what: "A worker that loses a job's lock and takes the same job again can start it again and again, and never complete it.",
    shownBy: [{ kind: "script", draft: "bullmq-lock-of-retaken-job.md", store: redis }],
    takesS: 48,
    status: "present",
    draft: "bullmq-lock-of-retaken-job.md",
  },
  {
    ...bullmq,
    id: "bullmq-delay-clock",
    what: "A delayed job is due by the clock of whichever worker looks, and not by that of Redis.",
    shownBy: [{ kind: "script", draft: "bullmq-delay-clock.md", store: redis }],
    takesS: 6,
    status: "present",
    draft: "bullmq-delay-clock.md",
  },
  {
    ...bullmq,
    id: "bullmq-update-data",
    what: "`updateData` takes no token: a worker that has lost the lock overwrites its successor's step.",
    shownBy: [{ kind: "script", draft: "bullmq-update-data.md", store: redis }],
    takesS: 6,
    status: "present",
    draft: "bullmq-update-data.md",
  },
  {
    ...bullmq,
    id: "bullmq-step-job-gap",
    what: "The documented step job does a step twice, and waits anew, when it dies between its two calls.",
    shownBy: [
      { kind: "script", draft: "bullmq-step-job-gap.md", store: redis },
      { kind: "variant", variant: "step-job" },
    ],
    takesS: 45,
    status: "present",
    draft: "bullmq-step-job-gap.md",
  },
  {
    ...bullmq,
    id: "bullmq-stall-limit",
    what: "A job fails for good at its second stall, whatever its `attempts` say, unless `maxStalledCount` is raised.",
    shownBy: [{ kind: "variant", variant: "default-stall-limit" }],
    takesS: 40,
    status: "by design",
  },
  {
    ...bullmq,
    id: "bullmq-move-without-token",
    what: "`moveToDelayed` without its token is not fenced: a worker that stood still moves its successor's job.",
    shownBy: [{ kind: "variant", variant: "move-without-token" }],
    takesS: 40,
    status: "by design",
  },
];
