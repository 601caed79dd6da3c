/** Starts lifecycles by submitting workflows, and attaches to them for their results. One key is one workflow, whoever submits it. */
// concern: wiring
import type { WorkflowContext } from "@restatedev/restate-sdk";
import { connect, defaultShouldRetry, rpc } from "@restatedev/restate-sdk-clients";
import type { ConnectClient } from "../session/contract.ts";
import { type SessionResult, type SessionSpec, sessionSpecSchema } from "../session/spec.ts";
import { authorization, ingressUrl, workflowKey, workflowName } from "./names.ts";

/** How long an answer is waited for before it is asked for again. */
const answerMs = 5_000;
const resultMs = 15_000;
const askAgainMs = 100;

type SessionWorkflow = { run: (ctx: WorkflowContext, spec: SessionSpec) => Promise<SessionResult> };

export const connectClient: ConnectClient = async ({ store, group }) => {
  const name = workflowName(group, store.prefix);
  let isClosed = false;
  // concern: retry and recovery
  const always = {
    initialInterval: askAgainMs,
    maxInterval: askAgainMs,
    exponentiationFactor: 1,
    maxAttempts: Number.POSITIVE_INFINITY,
    maxDuration: Number.POSITIVE_INFINITY,
  };
  const at = { url: ingressUrl(store), headers: authorization(store) };
  const starting = connect({
    ...at,
    retry: {
      ...always,
      // Nobody knows of the workflow before its first worker has come.
      shouldRetry: (failure) =>
        !isClosed && (defaultShouldRetry(failure) || (failure.kind === "response" && failure.status === 404)),
    },
  });
  // concern: result delivery
  const waiting = connect({
    ...at,
    retry: { ...always, shouldRetry: (failure) => !isClosed && defaultShouldRetry(failure) },
  });

  // concern: wiring
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      const key = workflowKey(spec.sessionId);
      const sessions = starting.workflowClient<SessionWorkflow>({ name }, key);
      await sessions.workflowSubmit(spec, rpc.sendOpts({ timeout: answerMs }));
      // concern: result delivery
      const results = waiting.workflowClient<SessionWorkflow>({ name }, key);
      return { result: () => results.workflowAttach(rpc.opts({ timeout: resultMs })) };
    },
    // concern: wiring
    async close() {
      isClosed = true;
    },
  };
};
