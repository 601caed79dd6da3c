/** What DBOS's log says of retries. */
import type { Engine } from "../../../harness/engines/engine.ts";

export const retries: NonNullable<Engine["retries"]> = async (_testCase, { child }, sessionId) => {
  const texts = child
    .log()
    .filter((line) => line.includes("automatically retried") && line.includes(sessionId));
  return { source: "log of DBOS, in the worker", texts };
};
