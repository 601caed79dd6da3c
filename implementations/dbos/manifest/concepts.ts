/** The named concepts of the engine that the code uses, each with the word by which it shows that. */
import type { Concept } from "../../../harness/engines/engine.ts";

export const concepts: readonly Concept[] = [
  { name: "durable workflow", word: "registerWorkflow" },
  { name: "step", word: "DBOS.runStep" },
  { name: "durable sleep", word: "DBOS.sleep" },
  { name: "retry policy", word: "retriesAllowed" },
  { name: "workflow id", word: "workflowID" },
  { name: "queue", word: "registerQueue" },
  { name: "queue's polling interval", word: "minPollingIntervalMs" },
  { name: "client", word: "DBOSClient" },
  { name: "list of workflows", word: "listWorkflows" },
  { name: "executor id", word: "executorID" },
  { name: "application version", word: "applicationVersion" },
  { name: "recovery of an executor's workflows", word: "recoverPendingWorkflows" },
  { name: "limit of recoveries", word: "maxRecoveryAttempts" },
  { name: "owner of a workflow", word: "getWorkflowOwner" },
  { name: "conflict of owners", word: "DBOSWorkflowConflictError" },
  { name: "migration", word: "ensureSystemDatabase" },
  { name: "lease and its renewal", word: "renewalsPerLease" },
  { name: "row lock that skips", word: "SKIP LOCKED" },
  { name: "advisory lock", word: "pg_try_advisory_lock" },
  { name: "database's clock", word: "now()" },
  { name: "monotonic clock", word: "performance.now" },
  { name: "idempotency key", word: "play(`" },
  { name: "connection pool", word: "new Pool" },
  { name: "answer that takes too long", word: "setTimeout(answerMs" },
];
