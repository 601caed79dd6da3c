/** What the harness must know of Restate. */
import {
  allThatKeysAllow,
  type Guarantee,
  losses,
  outages,
  whatKeysProvideAgainstLosses,
  whatKeysProvideAgainstZombies,
} from "../../../harness/checks/guarantees.ts";
import type { Engine } from "../../../harness/engines/engine.ts";
import type { EngineClocks } from "../../../harness/history/clocks.ts";
import { concepts } from "./concepts.ts";
import { findings } from "./findings.ts";
import { removeSession } from "./remove-session.ts";
import { retries } from "./retries.ts";
import { restateServer } from "./store.ts";
import { upgrades } from "./upgrades.ts";
import { variants } from "./variants.ts";

/**
 * A sleep ends by the server's clock. Its end is reckoned by a worker's, which drops out unless it is ahead by more than is left of
 * the wait: no end lies in a worker's past. Connections are watched by clocks that only run on.
 */
const clocks: EngineClocks = {
  early: ["store"],
  late: ["store", "worker"],
  leases: [],
  remembersForMs: 30 * 24 * 60 * 60 * 1000, // `workflowRetention`
};

/**
 * A server that was killed may answer, and do nothing yet. On a busy machine no session went on from the second of four restarts until 10 s
 * after the last, 25 s in all (1.7.12, `npm run recovery -- --targets restate@server --lease 1000 --seed 11`); on a quiet one, by the same
 * faults, each restart took 1.8 s at most. The cause is not proven: each restart has all 24 partitions seal their logs, elect and replay anew,
 * and the health checks, which say that the server listens, do not wait for that.
 */
const whatRestartsBreak = ["timer-kept"] as const;

const guarantees: readonly Guarantee[] = [
  ...allThatKeysAllow,
  { faults: [...outages, ...losses], modes: ["idempotent"], except: whatRestartsBreak },
  { faults: outages, modes: ["naive"], except: [...whatKeysProvideAgainstZombies, ...whatRestartsBreak] },
  { faults: losses, modes: ["naive"], except: [...whatKeysProvideAgainstLosses, ...whatRestartsBreak] },
];

export const engine: Engine = {
  stores: [
    {
      name: "server",
      brings: restateServer,
      guarantees,
      clocks,
    },
  ],
  byTheBook: ["server"],
  defaultLeaseMs: 60_000, // 40 s between two pings of the server's, and 20 s for an answer
  versions: { restateSdk: "@restatedev/restate-sdk", restateSdkClients: "@restatedev/restate-sdk-clients" },
  services: ["Restate server", "load balancer before the workers"],
  licences: { "Restate server": "BSL 1.1", "Restate SDK": "MIT" },
  concepts,
  keeps: "its result, for 30 days",
  claims: {
    "throw-retries-one": "holds",
    "crash-between-steps": { outcome: "holds", note: "What has a checkpoint is answered from the journal." },
    "crash-in-idle": "holds",
    "racing-starts": "holds",
    "late-start": {
      outcome: "holds",
      note: "The result of a workflow is kept for 30 days here, by default for one; a caller that comes later runs the session again.",
    },
    "cleanup-once": "holds",
    "crash-after-effect": "measured",
    "all-workers-down": "holds",
    "rolling-deploy": {
      outcome: "holds",
      note: "The SDK has nothing that drains: the worker ends its connections in good order, and hands over between two steps.",
    },
    "long-step": {
      outcome: "holds",
      note: "Nothing is renewed: a worker holds a session for as long as its connection answers the server's pings.",
    },
    "many-crashes": {
      outcome: "holds",
      note: "By default a session is paused after 70 attempts, about an hour, for an operator to resume.",
    },
    "zombie-effects": {
      outcome: "measured",
      note: "The server hands a step no number that grows with a takeover, so a fenced service cannot tell a zombie.",
    },
    "stale-attempts": {
      outcome: "measured",
      note: "The server pushes calls, which wait in the socket of a worker that stands still: it asks on each connection before it begins a step.",
    },
    "replay-cost": { outcome: "measured", note: "The whole journal is sent to whoever resumes a session." },
    "poison-session": {
      outcome: "holds",
      note: "An operator kills the invocation, and whoever waits is told.",
    },
    "no-hot-loop": {
      outcome: "holds",
      note: "A result that cannot be encoded breaks the call off, which comes again after 50 ms, and twice as late each time, up to 500 ms; the clock of a worker starts nothing.",
    },
    "too-large": {
      outcome: "holds",
      note: "A message may have 32 MiB by default (`message-size-limit`): all that is played comes through.",
    },
  },
  retries,
  removeSession,
  stuckSession: { requestsPerS: 20, linesPerS: 20 },
  variants,
  upgrades,
  findings,
};
