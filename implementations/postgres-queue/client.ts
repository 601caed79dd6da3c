/** Starts lifecycles by adding rows, and waits for their results. Every caller adds; the primary key lets one row in. */
// concern: wiring
import type { ConnectClient } from "../session/contract.ts";
import { type SessionResult, sessionSpecSchema } from "../session/spec.ts";
import { listen, untilAnswered } from "./connection.ts";
import { openSessionTable } from "./session-table.ts";

/** A client holds nothing; so long it waits for an answer before it asks again. */
const answerMs = 5_000;
const pollMs = 2_000;

export const connectClient: ConnectClient = async (deployment) => {
  const table = await openSessionTable(deployment, answerMs);
  const closing = new AbortController();
  // concern: result delivery
  const waiting = new Map<string, PromiseWithResolvers<SessionResult>>();

  /** Looks for results; a look that fails is followed by the next poll's. */
  async function look(sessionIds: readonly string[]): Promise<void> {
    if (sessionIds.length === 0) return;
    for (const result of await table.results(sessionIds).catch(() => [])) {
      waiting.get(result.sessionId)?.resolve(result);
      waiting.delete(result.sessionId);
    }
  }

  const onDone = (sessionId: string | null) =>
    look(sessionId === null ? [...waiting.keys()] : waiting.has(sessionId) ? [sessionId] : []);
  void listen(table.pool, "sessions_done", pollMs, onDone, closing.signal);
  function resultOf(sessionId: string): Promise<SessionResult> {
    const result = waiting.get(sessionId) ?? Promise.withResolvers<SessionResult>();
    waiting.set(sessionId, result);
    void look([sessionId]); // it may have been done before anybody waited
    return result.promise;
  }

  // concern: wiring
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      await untilAnswered(() => table.add(spec), closing.signal);
      return { result: () => resultOf(spec.sessionId) };
    },
    async close() {
      closing.abort();
      await table.pool.end();
    },
  };
};
