/**
 * The session table: one row for each session holds the last step that is done, and all that the next one needs. It is state machine,
 * queue, lease, timer and result at once. `due_at` says when a worker may take the session: at once, when its lease has run out,
 * when it is to be tried again, or when it has idled long enough; never, where it is null. Every statement is a transaction
 * of its own, and every time is the database's.
 */
// concern: state store
import type { Deployment } from "../session/contract.ts";
import type { SessionResult, SessionSpec } from "../session/spec.ts";
import type { Step } from "../session/steps.ts";
import type { Receipt } from "../session/world.ts";
import { openPool, untilAnswered } from "./connection.ts";

/** What steps leave for later ones; times in ms. */
export type State = Partial<Pick<SessionResult, "loginAt" | "expiredAt">> & {
  readonly jti?: string;
  /** The world's, for the last step that is done. */
  readonly receipt?: Receipt;
};

/** A session in the hands of this worker. */
export interface Hold {
  readonly spec: SessionSpec;
  /** The last step that is done; null before the first one is. */
  readonly done: Step | null;
  readonly state: State;
  /** Grows whenever the session is taken, and when it is let go: what an older holder still sends changes nothing. */
  readonly fence: number;
  /** Until when the lease runs at least, ms on this process's own monotonic clock. */
  heldUntil: number;
}

/**
 * One transaction under one lock, because workers that start at once would all create. The index holds what is not done and
 * nothing else, and `done` is not in it: marking a step stays in the row's page (HOT), which is left some room for that.
 */
const schema = `
SELECT pg_advisory_xact_lock(hashtext('sessions'));
DO $$ BEGIN
  IF to_regclass('sessions') IS NOT NULL THEN RETURN; END IF;
  CREATE TABLE sessions (
    queue text NOT NULL,
    session_id text NOT NULL CHECK (octet_length(session_id) < 2000), -- an index bears 2,700 bytes, a notice 8,000
    spec json NOT NULL, -- not jsonb, which refuses NUL
    done text, -- the last step that is
    state json NOT NULL DEFAULT '{}', -- what later steps need; in the end the result
    fence bigint NOT NULL DEFAULT 0,
    due_at timestamptz DEFAULT now(),
    PRIMARY KEY (queue, session_id)
  ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
  CREATE INDEX sessions_due ON sessions (queue, due_at) WHERE due_at IS NOT NULL;
END $$`;

const statements = {
  add: `WITH added AS (
      INSERT INTO sessions (queue, session_id, spec) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT pg_notify('sessions_due', $2) FROM added`,
  // concern: retry and recovery
  claim: `WITH due AS (
      SELECT session_id FROM sessions WHERE queue = $1 AND due_at <= now() AND session_id <> ALL ($2::text[])
      ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
    UPDATE sessions SET fence = fence + 1, due_at = now() + $4 * interval '1 ms'
    FROM due WHERE queue = $1 AND sessions.session_id = due.session_id RETURNING spec, done, state, fence`,
  renew: `UPDATE sessions SET due_at = now() + $4 * interval '1 ms'
    FROM unnest($2::text[], $3::bigint[]) AS held (id, number)
    WHERE queue = $1 AND session_id = held.id AND fence = held.number RETURNING session_id AS id`,
  putOff: `UPDATE sessions SET due_at = now() + $4 * interval '1 ms', fence = fence + 1
    WHERE queue = $1 AND session_id = $2 AND fence = $3`,
  // concern: state store
  mark: "UPDATE sessions SET done = $4, state = $5 WHERE queue = $1 AND session_id = $2 AND fence = $3",
  letGo: `WITH gone AS (
      UPDATE sessions SET done = $4, state = $5, due_at = to_timestamp($6::float8 / 1000), fence = fence + 1
      WHERE queue = $1 AND session_id = $2 AND fence = $3 RETURNING due_at)
    SELECT CASE WHEN due_at IS NULL THEN pg_notify('sessions_done', $2) END FROM gone`,
  // concern: result delivery
  results: "SELECT state FROM sessions WHERE queue = $1 AND session_id = ANY ($2::text[]) AND due_at IS NULL",
  // concern: state store
};

const sessionIdOf = ({ spec }: Hold) => spec.sessionId;

export type SessionTable = Awaited<ReturnType<typeof openSessionTable>>;

/**
 * Opens the table once the store can be reached, and creates it where there is none. Sessions of different groups never meet.
 * An answer that takes longer than the lease is not believed: it speaks of a session that may be another worker's by now.
 */
export async function openSessionTable({ store, group }: Deployment, leaseMs: number) {
  const pool = openPool(store, leaseMs);
  const queue = (store.prefix ?? "") + group;
  const ask = <Row extends object>(name: keyof typeof statements, ...values: unknown[]) =>
    pool.query<Row>({ name, text: statements[name], values: [queue, ...values] }); // named: planned once by each connection
  await untilAnswered(() => pool.query(schema));
  return {
    pool,

    /** Adds a session, due at once, unless there is one of that id. */
    add: (spec: SessionSpec) => ask("add", spec.sessionId, JSON.stringify(spec)),

    // concern: retry and recovery
    /** Takes up to `limit` sessions that are due and not held already, those first that have been due for longest. */
    async claim(limit: number, held: readonly Hold[]): Promise<readonly Hold[]> {
      const heldUntil = performance.now() + leaseMs; // from the question on, not from the answer
      const { rows } = await ask<Hold>("claim", held.map(sessionIdOf), limit, leaseMs);
      return rows.map((row) => ({ ...row, fence: Number(row.fence), heldUntil }));
    },

    /** Lets the leases of those that are still in our hands run for a whole lease from now on. */
    async renew(holds: readonly Hold[]): Promise<void> {
      const heldUntil = performance.now() + leaseMs;
      const fences = holds.map(({ fence }) => fence);
      const { rows } = await ask<{ id: string }>("renew", holds.map(sessionIdOf), fences, leaseMs);
      const renewed = new Set(rows.map(({ id }) => id));
      for (const hold of holds) if (renewed.has(sessionIdOf(hold))) hold.heldUntil = heldUntil;
    },

    /**
     * Lets go of the session as it is, for `forMs`. By the fence, a renewal that is under way on another connection, and
     * arrives later, finds nothing to renew.
     */
    async putOff({ spec, fence }: Hold, forMs: number): Promise<void> {
      await ask("putOff", spec.sessionId, fence, forMs);
    },

    // concern: state store
    /** Marks a step as done. Resolves with whether the session was still in our hands; where it was not, nothing is marked. */
    async mark({ spec, fence }: Hold, done: Step, state: State): Promise<boolean> {
      const { rowCount } = await ask("mark", spec.sessionId, fence, done, JSON.stringify(state));
      return rowCount !== 0;
    },

    /** Marks a step as done, and lets go of the session until `dueAt`, ms since the epoch; for good, where that is null. */
    async letGo(
      { spec, fence }: Hold,
      done: Step,
      state: State | SessionResult,
      dueAt: number | null,
    ): Promise<void> {
      await ask("letGo", spec.sessionId, fence, done, JSON.stringify(state), dueAt);
    },

    // concern: result delivery
    /** The results of those among these sessions that are done. */
    async results(sessionIds: readonly string[]): Promise<readonly SessionResult[]> {
      const { rows } = await ask<{ state: SessionResult }>("results", sessionIds);
      return rows.map(({ state }) => state);
    },
  };
}
