/** What was found of DBOS. */
import type { Finding, Showing } from "../../../harness/engines/finding.ts";

const sdk = { of: "@dbos-inc/dbos-sdk", version: "5.3.0" } as const;
const script = (draft: string): Showing => ({
  kind: "script",
  draft,
  store: { kind: "postgres", url: "DATABASE_URL" },
  packagesOf: "dbos",
});

export const findings: readonly Finding[] = [
  {
    ...sdk,
    id: "dbos-step-without-owner",
    what: "A worker that stood still in `DBOS.sleep` while its workflow was recovered runs the next step beside its successor.",
    shownBy: [script("dbos-step-without-owner.md"), { kind: "variant", variant: "dbos-owner-not-asked" }],
    takesS: 45,
    status: "present",
    draft: "dbos-step-without-owner.md",
  },
  {
    ...sdk,
    id: "dbos-claim-without-answer",
    what: "A workflow that was taken from its queue, and whose COMMIT was not answered, is pending with a living executor that never runs it.",
    shownBy: [script("dbos-claim-without-answer.md")],
    takesS: 25,
    status: "present",
    draft: "dbos-claim-without-answer.md",
  },
  {
    ...sdk,
    id: "dbos-record-error-ends-workflow",
    what: "A step that could not be recorded, for a timeout or a read-only server, ends its workflow as `ERROR`, until an operator rewinds it.",
    shownBy: [script("dbos-record-error-ends-workflow.md")],
    takesS: 5,
    status: "present",
    draft: "dbos-record-error-ends-workflow.md",
  },
  {
    ...sdk,
    id: "dbos-migrations-at-once",
    what: "Of processes that launch at once on an empty database all but one fail with a deadlock.",
    shownBy: [script("dbos-migrations-at-once.md")],
    takesS: 8,
    status: "present",
    draft: "dbos-migrations-at-once.md",
  },
  {
    ...sdk,
    id: "dbos-default-executor-id",
    what: "By the default executor id, which the documentation asks to replace, a second process that starts runs again what the first one is at.",
    shownBy: [script("dbos-default-executor-id.md"), { kind: "variant", variant: "dbos-one-executor-id" }],
    takesS: 40,
    status: "by design",
    draft: "dbos-default-executor-id.md",
  },
  {
    ...sdk,
    id: "dbos-nobody-looks",
    what: "Without Conductor, which is proprietary, nobody takes over the workflows of an executor that died and does not come back.",
    shownBy: [{ kind: "variant", variant: "dbos-nobody-looks" }],
    takesS: 35,
    status: "by design",
  },
];
