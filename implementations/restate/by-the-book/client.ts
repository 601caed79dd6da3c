/** A client as the documentation has it: the session id is the workflow's key, which is submitted, and attached to for its result. */
// concern: wiring
import type { WorkflowContext } from "@restatedev/restate-sdk";
import { connect } from "@restatedev/restate-sdk-clients";
import type { ConnectClient } from "../../session/contract.ts";
import { type SessionResult, type SessionSpec, sessionSpecSchema } from "../../session/spec.ts";

type SessionWorkflow = { run: (ctx: WorkflowContext, spec: SessionSpec) => Promise<SessionResult> };

export const connectClient: ConnectClient = async ({ store, group }) => {
  const name = `session-${store.prefix ?? ""}${group}`.replace(/[^a-zA-Z0-9.-]/g, "_");
  const ingress = connect({ url: new URL(store.url).origin });
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      const session = ingress.workflowClient<SessionWorkflow>({ name }, spec.sessionId);
      await session.workflowSubmit(spec);
      return { result: () => session.workflowAttach() };
    },
    close: async () => {},
  };
};
