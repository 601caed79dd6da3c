/** What the server says of an invocation that it tries again. */
import type { Engine } from "../../../harness/engines/engine.ts";
import { workflowKey } from "../names.ts";
import { openInvocations } from "./admin.ts";

export const retries: NonNullable<Engine["retries"]> = async ({ environment }, _worker, sessionId) => {
  const open = await openInvocations(environment.store.address);
  const texts = open
    .filter(({ target_service_key: key }) => key === workflowKey(sessionId))
    .flatMap(({ status, retry_count: count, last_failure: failure }) =>
      failure == null ? [] : [`${status}, tried ${count} times; last failure: ${failure}`],
    );
  return { source: "sys_invocation of the Restate server", texts };
};
