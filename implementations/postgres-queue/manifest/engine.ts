/** What the harness must know of the table in PostgreSQL. */
import {
  allThatKeysAllow,
  throughOutages,
  whateverWorkersClocksSay,
} from "../../../harness/checks/guarantees.ts";
import type { Engine } from "../../../harness/engines/engine.ts";
import { storesAlone } from "../../../harness/history/clocks.ts";
import { concepts } from "./concepts.ts";
import { removeSession } from "./remove-session.ts";
import { residueIn } from "./residue.ts";
import { upgrades } from "./upgrades.ts";
import { variants } from "./variants.ts";

export const engine: Engine = {
  stores: [
    {
      name: "postgres",
      guarantees: [...allThatKeysAllow, ...throughOutages, ...whateverWorkersClocksSay],
      clocks: storesAlone,
      residueIn,
    },
  ],
  defaultLeaseMs: 30_000, // of its worker
  versions: { pg: "pg" },
  drivers: ["pg"],
  services: ["PostgreSQL"],
  licences: { pg: "MIT", PostgreSQL: "PostgreSQL" },
  concepts,
  keeps: "its row, for good",
  endsWithLastCheckpoint: true,
  claims: {
    "throw-retries-one": "holds",
    "crash-between-steps": {
      outcome: "holds",
      note: "What has a checkpoint is skipped: the row's last step says so.",
    },
    "crash-in-idle": "holds",
    "racing-starts": "holds",
    "late-start": { outcome: "holds", note: "The row is kept for good." },
    "cleanup-once": null, // the last checkpoint is the end, and nobody can die between the two
    "crash-after-effect": "measured",
    "all-workers-down": "holds",
    "rolling-deploy": "holds",
    "long-step": "holds",
    "many-crashes": "holds",
    "zombie-effects": { outcome: "measured", note: "The row's fence stops the zombie." },
    "replay-cost": { outcome: "measured", note: "One row that names the last step is read." },
    "poison-session": {
      outcome: "holds",
      note: "An operator deletes the session's row; whoever waits for its result is not told.",
    },
    "no-hot-loop": {
      outcome: "holds",
      note: "A session that fails is put off for the retry delay, 200 ms: five tries per second, of two or three statements and an error of some lines each.",
    },
    "too-large": {
      outcome: "holds",
      note: "A value of PostgreSQL may have 1 GiB: all that is played comes through.",
    },
  },
  removeSession,
  stuckSession: { requestsPerS: 40, linesPerS: 25 },
  variants,
  upgrades,
};
