/** What was found of Restate. */
import type { Finding } from "../../../harness/engines/finding.ts";

const sdk = { of: "@restatedev/restate-sdk", version: "1.17.2" } as const;
const server = { of: "Restate server", version: "1.7.12" } as const;
const packagesOf = "restate";

export const findings: readonly Finding[] = [
  {
    ...sdk,
    id: "restate-stale-calls",
    what: "A worker that stood still runs the calls that waited in its socket, which the server has given up and others have finished.",
    shownBy: [
      { kind: "script", draft: "restate-stale-calls.md", packagesOf },
      { kind: "variant", variant: "restate-runs-what-waited" },
    ],
    takesS: 30,
    status: "present",
    draft: "restate-stale-calls.md",
  },
  {
    ...sdk,
    id: "restate-sleep-clock",
    what: "The end of a sleep is reckoned by the worker's clock: one that is ahead by more than is left of a wait ends it that much too late.",
    shownBy: [{ kind: "script", draft: "restate-sleep-clock.md", packagesOf }],
    takesS: 10,
    status: "present",
    draft: "restate-sleep-clock.md",
  },
  {
    ...server,
    id: "restate-goaway-cuts-calls",
    what: "Once an endpoint has sent GOAWAY on a connection, the next call cuts off those that are under way there.",
    shownBy: [{ kind: "script", draft: "restate-goaway-cuts-calls.md", packagesOf }],
    takesS: 15,
    status: "present",
    draft: "restate-goaway-cuts-calls.md",
  },
  {
    ...server,
    id: "restate-asks-for-releases",
    what: "A server whose telemetry is disabled asks GitHub for the newest release at each start.",
    shownBy: [{ kind: "script", draft: "restate-asks-for-releases.md", packagesOf }],
    takesS: 5,
    status: "present",
    draft: "restate-asks-for-releases.md",
  },
  {
    ...server,
    id: "restate-pauses",
    what: "An invocation whose policy does not say otherwise is paused after 70 attempts, an hour without a worker, and an operator has to resume it.",
    shownBy: [{ kind: "variant", variant: "restate-default-attempts" }],
    takesS: 40,
    status: "by design",
  },
  {
    ...server,
    id: "restate-pins-address",
    what: "An invocation is called at the address that it began on: nobody takes over from a worker that registered its own.",
    shownBy: [{ kind: "variant", variant: "restate-address-of-its-own" }],
    takesS: 40,
    status: "by design",
  },
];
