/** A client as the documentation has it: the session id names the workflow, and the result is asked for (https://docs.dbos.dev/typescript/reference/client). */
// concern: wiring
import { DBOSClient } from "@dbos-inc/dbos-sdk";
import type { ConnectClient } from "../../session/contract.ts";
import { type SessionResult, sessionSpecSchema } from "../../session/spec.ts";
import { databaseUrl, queueOf } from "./connection.ts";

export const connectClient: ConnectClient = async ({ store, group }) => {
  const client = await DBOSClient.create({ systemDatabaseUrl: databaseUrl(store) });
  const queueName = queueOf(store, group);
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      const workflowID = `${queueName}:${spec.sessionId}`;
      const handle = await client.enqueue({ workflowName: "session", queueName, workflowID }, spec);
      return { result: async () => (await handle.getResult()) as SessionResult };
    },
    close: () => client.destroy(),
  };
};
