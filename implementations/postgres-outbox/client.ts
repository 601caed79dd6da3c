/** Starts lifecycles by adding rows, and waits for their results. Every caller adds; the primary key lets one row in. */
import type { ConnectClient } from "../../harness/contract.ts";
import type { SessionResult } from "../session/spec.ts";
import { connectionOptions, listen, openPool, untilAnswered } from "./connection.ts";
import { doneChannel, SessionTable } from "./session-table.ts";

const answerMs = 5_000;
/** A notice can be missed while its connection is lost; the row cannot. */
const pollIntervalMs = 2_000;

export const connectClient: ConnectClient = async ({ store, group }) => {
  const lane = (store.prefix ?? "") + group;
  const connection = connectionOptions(store, answerMs);
  const pool = openPool(connection);
  const table = new SessionTable(pool, lane, 0); // a client holds nothing
  const waiting = new Map<string, PromiseWithResolvers<SessionResult>>();

  /** Looks for the results of these sessions; a look that fails is followed by the next poll's. */
  async function look(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    for (const result of await table.results(sessionIds).catch(() => [])) {
      waiting.get(result.sessionId)?.resolve(result);
      waiting.delete(result.sessionId);
    }
  }

  await untilAnswered(() => table.create());
  const listener = await listen(connection, doneChannel, (done) => {
    const sessionId = done?.startsWith(`${lane}/`) ? done.slice(lane.length + 1) : null;
    if (done === null) void look([...waiting.keys()]);
    else if (sessionId !== null && waiting.has(sessionId)) void look([sessionId]);
  });
  const poll = setInterval(() => void look([...waiting.keys()]), pollIntervalMs);
  return {
    async start(spec) {
      const { sessionId } = spec;
      await untilAnswered(() => table.add(spec));
      return {
        result() {
          const result = waiting.get(sessionId) ?? Promise.withResolvers<SessionResult>();
          waiting.set(sessionId, result);
          void look([sessionId]); // it may have been done before anybody waited
          return result.promise;
        },
      };
    },
    async close() {
      clearInterval(poll);
      listener.close();
      await pool.end();
    },
  };
};
