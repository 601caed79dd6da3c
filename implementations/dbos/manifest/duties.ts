/** What whoever uses DBOS must get right, and what breaks otherwise. Each has a broken variant, in `variants.ts`. */
import type { Duty } from "../../../harness/engines/variant.ts";

export const duties = {
  lease: {
    says: "Somebody looks for executors that died, and lets their workflows be recovered. DBOS does so for its own executor id, when a process starts; else Conductor does, which is proprietary.",
    otherwise: "Without Conductor a dead worker's sessions wait until a process of its executor id starts.",
  },
  executorId: {
    says: "Each life of a worker has an executor id of its own (`local` by default, for all).",
    otherwise: "A worker that starts takes from the living what they are at: the step runs twice at once.",
  },
  renewal: {
    says: "The lease is renewed for as long as its worker lives.",
    otherwise: "A step that takes longer is taken over while it runs.",
  },
  owner: {
    says: "Before a step the worker knows that the session is still its own. DBOS asks when a step is recorded, and never before it runs.",
    otherwise: "A worker that stood still in the wait runs the step that follows beside its successor.",
  },
  stranded: {
    says: "A worker looks for workflows that are its own and that it does not run: DBOS took one and never heard so, or could not record how its run ended.",
    otherwise: "Nobody works at the session for as long as that worker lives.",
  },
  recoveries: {
    says: "`maxRecoveryAttempts` is as high as it goes (100 by default).",
    otherwise:
      "A session whose worker died more often is given up, and its token not revoked, until an operator resumes it.",
  },
  retries: {
    says: "A step is tried again for as long as it takes (by default never; three times where retries are allowed).",
    otherwise:
      "A service that fails once ends the session, and its token is not revoked, until an operator rewinds it.",
  },
  durableWait: {
    says: "The wait is `DBOS.sleep`, which is recorded.",
    otherwise: "The wait dies with its worker, and begins anew on the next one.",
  },
  deadline: {
    says: "The deadline is absolute, counted from the recorded time of mark-idle.",
    otherwise:
      "A worker that dies before the sleep is recorded leaves the next one to begin the window anew.",
  },
  plainClock: {
    says: "What is left of the wait is counted by the plain clock, since `DBOS.sleep` records when it ends.",
    otherwise:
      "By the recorded clock (`DBOS.now`) a worker that dies between the two leaves the next one to sleep for what was left when it died.",
  },
  key: {
    says: "Each effect carries an idempotency key that names session and step, the same at each try.",
    otherwise: "A step that is repeated lands its effect twice.",
  },
  workflowId: {
    says: "The workflow's id is the session's.",
    otherwise: "Each caller starts a lifecycle of its own.",
  },
  drain: {
    says: "A worker that is told to leave takes nothing more, ends the steps that are under way, and puts what it holds into the queue. `DBOS.shutdown` waits for whole workflows or for nothing.",
    otherwise:
      "Each deploy cuts the steps that are under way in two: another worker runs them again, a lease later.",
  },
} as const satisfies Readonly<Record<string, Duty>>;
