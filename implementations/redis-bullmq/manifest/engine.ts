/** What the harness must know of the baseline on BullMQ. */
import { allThatKeysAllow, throughOutages } from "../../../harness/checks/guarantees.ts";
import type { Engine } from "../../../harness/engines/engine.ts";
import type { EngineClocks } from "../../../harness/history/clocks.ts";
import { concepts } from "./concepts.ts";
import { findings } from "./findings.ts";
import { removeSession } from "./remove-session.ts";
import { retries } from "./retries.ts";
import { tunings } from "./tunings.ts";
import { upgrades } from "./upgrades.ts";
import { variants } from "./variants.ts";

/**
 * A wait is over when a worker's clock calls the job and Redis's agrees. Locks run out by Redis's, and are renewed when a worker's
 * says so: one that has jumped back renews none until it is where it was.
 */
const clocks: EngineClocks = {
  early: ["store"],
  late: ["store", "worker"],
  leases: ["store", "worker"],
  remembersForMs: 24 * 60 * 60 * 1000, // the row's time to live once the session has ended
};

export const engine: Engine = {
  stores: [{ name: "redis", isUsual: true, guarantees: [...allThatKeysAllow, ...throughOutages], clocks }],
  byTheBook: ["redis"],
  defaultLeaseMs: 30_000, // `lockDuration` of a Worker; stalled jobs are looked for as seldom
  versions: { bullmq: "bullmq", ioredis: "ioredis" },
  drivers: ["ioredis"],
  services: ["Redis with an append-only file"],
  licences: { BullMQ: "MIT", ioredis: "MIT", "Redis 7.0": "BSD-3-Clause" },
  concepts,
  keeps: "its row for a day, and of its job some of the last 10,000 events of the queue",
  claims: {
    "throw-retries-one": "holds",
    "crash-between-steps": {
      outcome: "holds",
      note: "What has a checkpoint is skipped: the row's step says so.",
    },
    "crash-in-idle": "holds",
    "racing-starts": "holds",
    "late-start": {
      outcome: "holds",
      note: "The result is kept as a tombstone for a day; a caller that comes later runs the session again.",
    },
    "cleanup-once": "holds",
    "crash-after-effect": "measured",
    "all-workers-down": "holds",
    "rolling-deploy": { outcome: "holds", note: "BullMQ's close() waits for its jobs." },
    "long-step": "holds",
    "many-crashes": {
      outcome: "holds",
      note: "BullMQ fails a job for good at its second stall unless maxStalledCount is raised, whatever its attempts say.",
    },
    "zombie-effects": {
      outcome: "measured",
      note: "The row's fence stops the zombie, and is what a step hands to a service.",
    },
    "replay-cost": {
      outcome: "measured",
      note: "One row that names the next step is read; what grows there is the session's own list of activities, sent and read as a whole.",
    },
    "poison-session": {
      outcome: "holds",
      note: "An operator deletes the session's row: the next start of its job finds that it is over, and whoever waits is told within 10 s. Removing the job alone does not do: it is locked while it runs, and whoever waits adds it again. BullMQ's own maxStalledCount would fail a job at its second crash, and with it any session that two deploys kill.",
    },
    "no-hot-loop": {
      outcome: "holds",
      note: "A job that fails is put back for the retry delay, 200 ms: five tries per second, of seven round trips and a line of log each.",
    },
    "too-large": {
      outcome: "holds",
      note: "A value of Redis may have 512 MiB: all that is played comes through.",
    },
  },
  retries,
  removeSession,
  stuckSession: { requestsPerS: 60, linesPerS: 10 },
  variants,
  tunings,
  upgrades,
  findings,
};
