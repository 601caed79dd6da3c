/** What the SDK's log says of a step that is to be tried again. */
import type { Engine } from "../../../harness/engines/engine.ts";
import { workflowKey } from "../names.ts";

export const retries: NonNullable<Engine["retries"]> = async (_case, { child }, sessionId) => {
  const texts = child
    .log()
    .filter((line) => line.includes(`/${workflowKey(sessionId)}/run: Error when processing ctx.run`));
  return { source: "log of the SDK, in the worker", texts };
};
