/** How an operator gets rid of a session: its invocation is killed, as `restate invocations kill` does it. Whoever waits is told. */
import type { Engine } from "../../../harness/engines/engine.ts";
import { workflowKey, workflowName } from "../names.ts";
import { kill, openInvocations } from "./admin.ts";

export const removeSession: NonNullable<Engine["removeSession"]> = async (store, group, sessionId) => {
  const [name, key] = [workflowName(group, store.prefix), workflowKey(sessionId)];
  for (const invocation of await openInvocations(store))
    if (invocation.target_service_name === name && invocation.target_service_key === key)
      await kill(store, invocation);
};
