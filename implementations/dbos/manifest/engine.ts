/** What the harness must know of DBOS. */
import type { Engine } from "../../../harness/engines/engine.ts";
import type { EngineClocks } from "../../../harness/history/clocks.ts";
import { concepts } from "./concepts.ts";
import { findings } from "./findings.ts";
import { guarantees } from "./guarantees.ts";
import { removeSession } from "./remove-session.ts";
import { residueIn } from "./residue.ts";
import { retries } from "./retries.ts";
import { upgrades } from "./upgrades.ts";
import { variants } from "./variants.ts";

/** A worker sleeps by its own clock; the leases are ours, and told by the database's. */
const clocks: EngineClocks = { early: ["worker"], late: ["worker"], leases: ["store"] };

export const engine: Engine = {
  stores: [{ name: "postgres", guarantees, clocks, residueIn }],
  byTheBook: ["postgres"],
  defaultLeaseMs: 30_000, // of its worker: DBOS itself has no lease
  versions: { dbosSdk: "@dbos-inc/dbos-sdk" },
  drivers: ["pg"],
  licences: { SDK: "MIT", PostgreSQL: "PostgreSQL" },
  services: ["PostgreSQL"],
  concepts,
  keeps: "its workflow and what each of its steps returned, for good",
  claims: {
    "throw-retries-one": "holds",
    "crash-between-steps": {
      outcome: "holds",
      note: "What has a checkpoint is answered from it: the local variable holds it.",
    },
    "crash-in-idle": "holds",
    "racing-starts": "holds",
    "late-start": { outcome: "holds", note: "The result is kept for good." },
    "cleanup-once": "holds",
    "crash-after-effect": "measured",
    "all-workers-down": "holds",
    "rolling-deploy": {
      outcome: "holds",
      note: "`DBOS.shutdown` waits for whole workflows or for nothing; the worker here ends its steps, and puts what it holds into the queue again.",
    },
    "long-step": "holds",
    "many-crashes": "holds",
    "stale-attempts": {
      outcome: "measured",
      note: "The worker asks who owns a session before a step of an execution that may have lost it; DBOS itself asks when a step is recorded.",
    },
    "zombie-effects": {
      outcome: "measured",
      note: "The record's owner stops the zombie. DBOS hands a step no fencing number.",
    },
    "replay-cost": null, // it replays when it takes a session over, and not when that wakes
    "poison-session": {
      outcome: "holds",
      note: "An operator cancels the workflow (dbos workflow cancel), which also tells whoever waits.",
    },
    "no-hot-loop": "holds",
    "too-large": {
      outcome: "holds",
      note: "A value of PostgreSQL may have 1 GiB: all that is played comes through.",
    },
  },
  retries,
  removeSession,
  stuckSession: { requestsPerS: 40, linesPerS: 25 },
  variants,
  upgrades,
  findings,
};
