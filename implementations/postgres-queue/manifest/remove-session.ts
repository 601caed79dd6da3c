/** How an operator gets rid of a session: its row goes. */
import type { Engine } from "../../../harness/engines/engine.ts";
import { openPool } from "../connection.ts";

const answerMs = 5_000;

export const removeSession: NonNullable<Engine["removeSession"]> = async (store, group, sessionId) => {
  const pool = openPool(store, answerMs);
  try {
    const queue = `${store.prefix ?? ""}${group}`;
    await pool.query("DELETE FROM sessions WHERE queue = $1 AND session_id = $2", [queue, sessionId]);
  } finally {
    await pool.end();
  }
};
