/**
 * Who is at work: a row for each worker, with a lease that it renews while it lives. A workflow belongs to the executor that took it
 * from the queue, and DBOS by itself has nobody look for executors that died. Every time is the database's.
 */
// concern: retry and recovery
import { randomUUID } from "node:crypto";
import type { Pool } from "pg";

export const schema = `CREATE TABLE IF NOT EXISTS session_executors (
  queue text NOT NULL,
  id text PRIMARY KEY,
  expires_at timestamptz NOT NULL,
  has_joined boolean NOT NULL -- by itself; others add one that has work and no row
)`;

/** A workflow as one execution holds it: whoever takes it anew, this worker too, does so under another token (`owner_xid`). */
export const holdingOf = (workflowId: string, owner: string | undefined) => `${workflowId}@${owner}`;
const holding = "workflow_uuid || '@' || owner_xid";

const statements = {
  join: `INSERT INTO session_executors (queue, id, expires_at, has_joined) VALUES ($1, $2, now() + $3 * interval '1 ms', true)
    ON CONFLICT (id) DO UPDATE SET expires_at = EXCLUDED.expires_at, has_joined = true`,
  renew: `UPDATE session_executors SET expires_at = now() + $3 * interval '1 ms'
    WHERE queue = $1 AND id = $2 AND expires_at > now() AND has_joined`,
  leave: "DELETE FROM session_executors WHERE queue = $1 AND id = $2",
  // Who took a workflow after its row was gone. It joins again within a lease, unless it died first.
  addStrays: `INSERT INTO session_executors (queue, id, expires_at, has_joined)
    SELECT DISTINCT queue_name, executor_id, now() + $2 * interval '1 ms', false FROM dbos.workflow_status
    WHERE queue_name = $1 AND status = 'PENDING' ON CONFLICT DO NOTHING`,
  // Locked until its workflows are in the queue again: one that wakes meanwhile is told that its lease had lapsed.
  lapsed: `SELECT id FROM session_executors WHERE queue = $1 AND id <> $2 AND expires_at < now() FOR UPDATE SKIP LOCKED`,
  forget: "DELETE FROM session_executors WHERE queue = $1 AND id = ANY ($2::text[])",
  held: `SELECT ${holding} AS holding FROM dbos.workflow_status
    WHERE queue_name = $1 AND status = 'PENDING' AND executor_id = $2`,
  // `DBOS.resumeWorkflows` changes whatever has not ended: also what another took, or somebody cancelled, since the look.
  putBack: `UPDATE dbos.workflow_status SET status = 'ENQUEUED', owner_xid = NULL, started_at_epoch_ms = NULL,
      updated_at = (EXTRACT(epoch FROM now()) * 1000)::bigint
    WHERE queue_name = $1 AND status = 'PENDING' AND executor_id = $2
      AND ${holding} = ANY ($3::text[])`,
};

/** Of a connection that is lost between two questions: the next one is told. Unheard, it ends the process. */
const ignore = () => {};

export type ExecutorRow = ReturnType<typeof executorRow>;

/** The row of a worker of this queue, which is not there before it joins. */
export function executorRow(pool: Pool, queue: string, leaseMs: number) {
  const id = randomUUID();
  /** Until when the lease runs at least, ms on this process's own monotonic clock. */
  let heldUntil = 0;
  let lapses = 0;
  return {
    id,
    /** Whether the lease runs for certain. */
    isHeld: () => performance.now() < heldUntil,
    /** How often it had lapsed before it was renewed: what was this worker's until then may be another's. */
    lapses: () => lapses,

    /** Lets the lease run for a whole lease from now on. */
    async renew(): Promise<void> {
      const until = performance.now() + leaseMs; // from the question on, not from the answer
      const { rowCount } = await pool.query(statements.renew, [queue, id, leaseMs]);
      if (rowCount === 0) {
        lapses++;
        await pool.query(statements.join, [queue, id, leaseMs]);
      }
      heldUntil = until;
    },

    async leave(): Promise<void> {
      await pool.query(statements.leave, [queue, id]);
    },

    /** Hands the ids of executors whose lease has lapsed to `recover`, each to one worker at a time. */
    async recoverLapsed(recover: (ids: string[]) => Promise<unknown>): Promise<void> {
      await pool.query(statements.addStrays, [queue, leaseMs]);
      const client = await pool.connect();
      client.on("error", ignore);
      try {
        await client.query("BEGIN");
        const { rows } = await client.query<{ id: string }>(statements.lapsed, [queue, id]);
        const ids = rows.map((row) => row.id);
        if (ids.length > 0) {
          await recover(ids);
          await client.query(statements.forget, [queue, ids]);
        }
        await client.query("COMMIT");
        client.removeListener("error", ignore);
        client.release();
      } catch (error) {
        client.release(true); // which ends the transaction too
        throw error;
      }
    },

    /** What this worker holds. */
    async held(): Promise<readonly string[]> {
      const { rows } = await pool.query<{ holding: string }>(statements.held, [queue, id]);
      return rows.map((row) => row.holding);
    },

    /** Puts into the queue again what of these this worker still holds. */
    async putBack(holdings: readonly string[]): Promise<void> {
      await pool.query(statements.putBack, [queue, id, holdings]);
    },
  };
}
