/** The least that the table can do: a row that is added, taken, and let go for good. What it reaches bounds every lifecycle. */

import type { StartWorker } from "../../../session/contract.ts";
import type { SessionResult } from "../../../session/spec.ts";
import { listen } from "../../connection.ts";
import { openSessionTable } from "../../session-table.ts";

const defaultLeaseMs = 30_000;
const pollMs = 50;

export const startWorker: StartWorker = async (settings) => {
  const table = await openSessionTable(settings, settings.leaseMs ?? defaultLeaseMs);
  const stopping = new AbortController();
  let wake = () => {};
  async function takeRows(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const taken = await table.claim(settings.concurrency, []);
      // By its id a client knows whose end it is; there is no more to say.
      const ended = taken.map((hold) =>
        table.letGo(hold, "cleanup", { sessionId: hold.spec.sessionId } as SessionResult, null),
      );
      await Promise.all(ended);
      if (taken.length === 0) await woken;
    }
  }
  void listen(table.pool, "sessions_due", pollMs, () => wake(), stopping.signal);
  const taking = takeRows();
  return {
    async stop() {
      stopping.abort();
      wake();
      await taking;
      await table.pool.end();
    },
  };
};
