/**
 * The least that Restate can do in this deployment, one call on each connection and a balancer before the workers: a workflow that is
 * submitted, called once, and ended by what it returns. What it reaches bounds every lifecycle here, and is no bound of the server's.
 */
import { createServer } from "node:http2";
import { endpoint, type WorkflowContext, workflow } from "@restatedev/restate-sdk";
import type { StartWorker } from "../../../session/contract.ts";
import type { SessionSpec } from "../../../session/spec.ts";
import { workflowName } from "../../names.ts";
import { register } from "../../register.ts";

export const startWorker: StartWorker = async ({ store, group, reachedAt }) => {
  if (reachedAt === undefined) throw new Error("this worker was not told where to listen");
  const run = async (_ctx: WorkflowContext, { sessionId }: SessionSpec) => ({ sessionId });
  const name = workflowName(group, store.prefix);
  const options = { journalRetention: 0 };
  const handler = endpoint()
    .bind(workflow({ name, handlers: { run }, options }))
    .setLogger(() => {})
    .http2Handler();
  const server = createServer(handler).listen(reachedAt.port, "127.0.0.1");
  await register(store, reachedAt.url);
  return {
    async stop() {
      server.close();
    },
  };
};
