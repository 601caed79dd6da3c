/** The named concepts of the engine that the code uses, each with the word by which it shows that. */
import type { Concept } from "../../../harness/engines/engine.ts";

export const concepts: readonly Concept[] = [
  { name: "workflow", word: "workflow(" },
  { name: "workflow key", word: "workflowKey" },
  { name: "journaled step", word: "ctx.run" },
  { name: "retry policy of a step", word: "initialRetryInterval" },
  { name: "durable sleep", word: "ctx.sleep" },
  { name: "retry policy of an invocation", word: "retryPolicy" },
  { name: "error with a delay", word: "RetryableError" },
  { name: "inactivity timeout", word: "inactivityTimeout" },
  { name: "retention of a result", word: "workflowRetention" },
  { name: "retention of the journal", word: "journalRetention" },
  { name: "endpoint over HTTP/2", word: "http2Handler" },
  { name: "deployment and its address", word: "/deployments" },
  { name: "version of a deployment", word: "version = 1" },
  { name: "ingress client", word: "workflowSubmit" },
  { name: "attach to a workflow", word: "workflowAttach" },
  { name: "client's retries", word: "defaultShouldRetry" },
  { name: "connection that ends in good order", word: "goaway" },
  { name: "ping of a connection", word: "session.ping" },
  { name: "monotonic clock", word: "performance.now" },
  { name: "context of a call", word: "AsyncLocalStorage" },
  { name: "idempotency key", word: "const key" },
];
