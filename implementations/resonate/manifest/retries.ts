/** What the SDK's log says of retries. */
import type { Engine } from "../../../harness/engines/engine.ts";

export const retries: NonNullable<Engine["retries"]> = async (_trial, { child }, sessionId) => {
  const texts = child.log().filter((line) => line.includes("retrying in") && line.includes(sessionId));
  return { source: "log of the SDK, in the worker", texts };
};
