/** What was found of Resonate: its SDK, the official server, and resonate-pg. */
import type { Finding, StoreForScript } from "../../../harness/engines/finding.ts";

const sdk = { of: "@resonatehq/sdk", version: "0.11.5" } as const;
const server = { of: "resonate server", version: "0.9.8" } as const;
const resonatePg = { of: "resonate-pg", version: "schema 0.1.0" } as const;

/** The state machine that ships in the SDK: a store that is on every machine. */
const anyServer: StoreForScript = {
  kind: "resonate-embedded",
  url: "RESONATE_URL",
  secret: "RESONATE_TOKEN",
};
const serverInPostgres: StoreForScript = { ...anyServer, kind: "resonate-server" };
const inPostgres: StoreForScript = { kind: "resonate-postgres", url: "DATABASE_URL" };

/** Of the SDK alone: the script is its own server, or is given one. */
const ofSdk: readonly Finding[] = [
  {
    ...sdk,
    id: "sdk-stop",
    what: "`stop()` neither waits for the steps that run nor hands them back, and ends their heartbeat.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-stop.md", store: anyServer }],
    takesS: 8,
    status: "by design",
    draft: "resonate-sdk-stop.md",
  },
  {
    ...sdk,
    id: "sdk-stream-after-stop",
    what: "A stream of messages that is broken when `stop()` is called is opened again afterwards.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-stream-after-stop.md" }],
    takesS: 4,
    status: "present",
    draft: "resonate-sdk-stream-after-stop.md",
  },
  {
    ...sdk,
    id: "sdk-stream-back-off",
    what: "A broken stream of messages is opened again after pauses of 1, 2, 4 … 30 s, which nothing sets.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-stream-back-off.md" }],
    takesS: 18,
    status: "present",
    draft: "resonate-sdk-stream-back-off.md",
  },
  {
    ...sdk,
    id: "sdk-body-time-limit",
    what: "The time limit of a request ends with the headers of its answer.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-body-time-limit.md" }],
    takesS: 7,
    status: "present",
    draft: "resonate-sdk-body-time-limit.md",
  },
  {
    ...sdk,
    id: "sdk-token-of-stream",
    what: "The variable `RESONATE_TOKEN` reaches the requests, and not the stream of messages.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-token-of-stream.md" }],
    takesS: 2,
    status: "present",
    draft: "resonate-sdk-token-of-stream.md",
  },
  {
    ...sdk,
    id: "sdk-unrunnable-task",
    what: "A task whose function no worker has registered is acquired and released without a pause.",
    shownBy: [
      { kind: "script", draft: "resonate-sdk-unrunnable-task.md", store: anyServer },
      {
        kind: "claim",
        claim: "unrunnable-task",
        target: "resonate@embedded",
        shows: { outcome: "does-not-hold" },
      },
    ],
    takesS: 20,
    status: "present",
    draft: "resonate-sdk-unrunnable-task.md",
  },
  {
    ...sdk,
    id: "sdk-in-process-start",
    what: "What `resonate.run` has started has no heartbeat: a step that outlasts the lease runs twice at the same time.",
    shownBy: [
      { kind: "script", draft: "resonate-sdk-in-process-start.md", store: anyServer },
      {
        kind: "claim",
        claim: "in-process-start",
        target: "resonate@embedded",
        shows: { figure: "executions of a step", from: 2 },
      },
    ],
    takesS: 30,
    status: "present",
    draft: "resonate-sdk-in-process-start.md",
  },
  {
    ...sdk,
    id: "sdk-embedded-default",
    what: "`new Resonate()` without a URL keeps all state in the process and renews no lease there.",
    shownBy: [
      {
        kind: "claim",
        claim: "embedded-default",
        target: "resonate@embedded",
        shows: { outcome: "does-not-hold" },
      },
    ],
    takesS: 30,
    status: "by design",
  },
  {
    ...sdk,
    id: "sdk-no-bound",
    what: "Nothing bounds how many tasks a worker acquires.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-no-bound.md", store: anyServer }],
    takesS: 9,
    status: "by design",
    draft: "resonate-sdk-no-bound.md",
  },
  {
    ...sdk,
    id: "sdk-retries-of-older-run",
    what: "A run whose lease is lost goes on with the retries of its step, beside the newer run.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-retries-of-older-run.md", store: anyServer }],
    takesS: 12,
    status: "present",
    draft: "resonate-sdk-retries-of-older-run.md",
  },
  {
    ...sdk,
    id: "sdk-results-by-position",
    what: "A recorded result is handed to whatever step stands at its position after a change of the code.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-results-by-position.md", store: anyServer }],
    takesS: 6,
    status: "by design",
    draft: "resonate-sdk-results-by-position.md",
  },
];

/** Of the official server; the script starts one, with the server's own defaults. */
const ofServer: readonly Finding[] = [
  {
    ...sdk,
    id: "sdk-timer-task",
    what: "A sleep makes a task that nobody has to run, which the server sends again and again to the group `default`.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-timer-task.md" }],
    needs: ["resonate-server-sqlite"],
    takesS: 18,
    status: "by design",
    draft: "resonate-sdk-timer-task.md",
  },
  {
    ...server,
    id: "server-lost-wake",
    what: "On PostgreSQL, a task that is suspended while its timer fires can stay suspended for good.",
    shownBy: [{ kind: "script", draft: "resonate-server-lost-wake.md", store: serverInPostgres }],
    takesS: 45,
    status: "present",
    draft: "resonate-server-lost-wake.md",
  },
  {
    ...server,
    id: "server-dropped-message",
    what: "A message that finds nobody of its group connected is dropped, and sent again after 30 s.",
    shownBy: [{ kind: "script", draft: "resonate-server-dropped-message.md" }],
    needs: ["resonate-server-sqlite"],
    takesS: 35,
    status: "present",
    draft: "resonate-server-dropped-message.md",
  },
  {
    ...server,
    id: "server-result-told-once",
    what: "A result is told once, to whoever is connected then; a caller who was not hears of it up to a minute later.",
    shownBy: [{ kind: "script", draft: "resonate-server-result-told-once.md" }],
    needs: ["resonate-server-sqlite"],
    takesS: 65,
    status: "present",
    draft: "resonate-server-result-told-once.md",
  },
];

/** Of resonate-pg, and of the SDK's network to it. */
const ofPostgres: readonly Finding[] = [
  {
    ...resonatePg,
    id: "pg-fresh-lease",
    what: "A lease that was given a moment ago is ended by a process that looked before.",
    shownBy: [
      { kind: "script", draft: "resonate-pg-fresh-lease.md", store: inPostgres },
      {
        kind: "test",
        file: "harness/stores/postgres/fresh-lease.e2e.test.ts",
        name: "resonate-pg takes a lease away that has just been given",
      },
    ],
    takesS: 20,
    status: "present",
    draft: "resonate-pg-fresh-lease.md",
  },
  {
    ...resonatePg,
    id: "pg-worker-role",
    what: "A member of the role `resonate_worker` cannot be a worker: it may not call `process_timeouts`.",
    shownBy: [{ kind: "script", draft: "resonate-pg-worker-role.md", store: inPostgres }],
    takesS: 8,
    status: "present",
    draft: "resonate-pg-worker-role.md",
  },
  {
    ...resonatePg,
    id: "pg-no-preload",
    what: "A session that resumes asks for each recorded step again: no answer carries the others.",
    shownBy: [
      {
        kind: "claim",
        claim: "replay-cost",
        target: "resonate@postgres",
        shows: { figure: "round trips to resume after 100 recorded steps", from: 50 },
      },
    ],
    takesS: 45,
    status: "by design",
  },
  {
    ...sdk,
    id: "sdk-postgres-connection",
    what: "An idle worker on PostgreSQL ends when the database closes its connection.",
    shownBy: [{ kind: "script", draft: "resonate-sdk-postgres-connection.md", store: inPostgres }],
    takesS: 10,
    status: "present",
    draft: "resonate-sdk-postgres-connection.md",
  },
];

export const findings: readonly Finding[] = [...ofSdk, ...ofServer, ...ofPostgres];
