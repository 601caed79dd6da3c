/** How an operator gets rid of a session: its row goes, and the next start of its job finds that it is over. */
import { Redis } from "ioredis";
import type { Engine } from "../../../harness/engines/engine.ts";
import { connectionOptions } from "../connection.ts";

export const removeSession: NonNullable<Engine["removeSession"]> = async (store, group, sessionId) => {
  const redis = new Redis(connectionOptions(store));
  try {
    await redis.del(`${store.prefix ?? ""}${group}:session:${sessionId}`);
  } finally {
    redis.disconnect();
  }
};
