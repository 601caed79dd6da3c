/** What the harness must know of Resonate. */

import type { Engine } from "../../../harness/engines/engine.ts";
import { type EngineClocks, storesAlone } from "../../../harness/history/clocks.ts";
import { embeddedDefault } from "./claims/embedded-default.ts";
import { inProcessStart } from "./claims/in-process-start.ts";
import { unrunnableTask } from "./claims/unrunnable-task.ts";
import { concepts } from "./concepts.ts";
import { findings } from "./findings.ts";
import { onPostgres, onServerInPostgres, onStreams } from "./guarantees.ts";
import { removeSession } from "./remove-session.ts";
import { retries } from "./retries.ts";
import { tunings } from "./tunings.ts";
import { upgrades } from "./upgrades.ts";
import { variants } from "./variants.ts";

/** The server's clock, and that of the SDK's own one, never runs back (`system_time_ms` in `util.rs`). */
const ofServer: EngineClocks = { ...storesAlone, storeNeverRunsBack: true };

export const engine: Engine = {
  stores: [
    { name: "server", kind: "resonate-server", guarantees: onServerInPostgres, clocks: ofServer },
    { name: "server-sqlite", kind: "resonate-server-sqlite", guarantees: onStreams, clocks: ofServer },
    { name: "postgres", kind: "resonate-postgres", guarantees: onPostgres, clocks: storesAlone },
    {
      name: "embedded",
      kind: "resonate-embedded",
      isUsual: true,
      guarantees: onStreams,
      clocks: ofServer,
    },
  ],
  byTheBook: ["server", "server-sqlite", "embedded"],
  defaultLeaseMs: 60_000, // `ttl` of the SDK's constructor
  versions: { resonateSdk: "@resonatehq/sdk" },
  drivers: ["eventsource", "pg"],
  services: ["a Resonate server"],
  licences: { SDK: "Apache-2.0", server: "Apache-2.0" },
  concepts,
  keeps: "a promise for it and one for each of its steps, for good",
  filesOfStore: { "table-network.ts": "postgres" },
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
      note: "SDK 0.11.5 does not drain; the worker here counts its tasks and leaves when it holds none.",
    },
    "in-process-start": "holds",
    "embedded-default": { outcome: "does-not-hold", store: "embedded" },
    "unrunnable-task": { outcome: "does-not-hold", store: "embedded" },
    "long-step": "holds",
    "many-crashes": "holds",
    "zombie-effects": {
      outcome: "measured",
      note: "The store's fence stops the zombie. SDK 0.11.5 hands a step no fencing number, though its tasks have a version that would do.",
    },
    "replay-cost": {
      outcome: "measured",
      note: "All recorded results come in the answer to one request, and the function runs again from its top: bytes grow with the steps, round trips do not.",
    },
    "poison-session": {
      outcome: "holds",
      note: "An operator cancels the session's promise (resonate promises cancel), which also tells whoever waits; a worker that is at it may go on trying until it is replaced. SDK 0.11.5 retries a step within its process: a worker that drains never sees such a session come to its wait, and leaves it after 20 s.",
    },
    "no-hot-loop": {
      outcome: "holds",
      note: "SDK 0.11.5 releases a task that it cannot run, and the store hands it out again at once: hundreds of times per second (unrunnable-task). The worker here holds each release back for the retry delay, 200 ms: five tries per second, of two or three round trips and two lines of log each.",
    },
    "too-large": {
      outcome: "holds",
      note: "A request may have 2 MiB on the official server and 16 MiB on the embedded one (resonate-pg takes all that is played), and what it carries is text made of JSON, a third longer. A start that is larger is refused to its caller; a result is tried again for as long as the session is there, encoded as a whole each time, and other sessions of that worker wait for seconds.",
    },
  },
  ownClaims: [inProcessStart, embeddedDefault, unrunnableTask],
  retries,
  unknownFunctionClient: new URL("./unknown-function/", import.meta.url).href,
  removeSession,
  stuckSession: { requestsPerS: 40, linesPerS: 25 },
  variants,
  tunings,
  upgrades,
  findings,
};
