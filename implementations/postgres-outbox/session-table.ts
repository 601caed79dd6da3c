/**
 * The session table: one row for each session holds the step that comes next and all that it needs. It is state machine,
 * queue, lease, timer and result at once. `due_at` says when a worker may take the session: at once, when its lease has run out, after a
 * failure, or when it has idled long enough; never, where it is null. Every statement is a transaction of its own, and every
 * time is the database's.
 */
import type { Pool } from "pg";
import type { SessionResult, SessionSpec } from "../session/spec.ts";
import type { Step } from "../session/steps.ts";

/** What was said on it is the lane in which a session has come due. */
export const dueChannel = "sessions_due";
/** What was said on it is the lane and the id of a session that is done, with a `/` between them. */
export const doneChannel = "sessions_done";

/** What steps leave for later ones; times in ms. */
export interface State {
  readonly jti: string;
  readonly loginAt: number;
  readonly expiredAt: number;
}

/** A session in the hands of this worker. */
export interface Hold {
  readonly spec: SessionSpec;
  readonly step: Step;
  readonly state: Partial<State>;
  /** Grows whenever the session is taken, or let go: what an older holder still sends, changes nothing. */
  readonly fence: number;
  /** Until when the lease runs at least, on this process's own monotonic clock, ms. */
  heldUntil: number;
}

/** The session is somebody else's by now: this worker must not touch anything more of it. */
export class FencedError extends Error {
  override readonly name = "FencedError";
}

/**
 * An implicit transaction under a lock, because workers that start at once would all create. The index holds what is not done and
 * nothing else; `step` is not in it, so that marking a step neither touches it nor leaves the page (HOT, which needs room).
 */
const schema = `
SELECT pg_advisory_xact_lock(hashtext('sessions'));
DO $$ BEGIN
  IF to_regclass('sessions') IS NOT NULL THEN RETURN; END IF;
  CREATE TABLE sessions (
    lane text NOT NULL,
    session_id text NOT NULL CHECK (octet_length(session_id) < 2000), -- a notice bears 8000 bytes, an index 2700
    spec json NOT NULL, -- not jsonb, which refuses NUL
    step text NOT NULL DEFAULT 'login',
    state json NOT NULL DEFAULT '{}', -- the result, where the step is 'done'
    fence bigint NOT NULL DEFAULT 0,
    due_at timestamptz DEFAULT now(),
    PRIMARY KEY (lane, session_id)
  ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
  CREATE INDEX sessions_due ON sessions (lane, due_at) WHERE due_at IS NOT NULL;
END $$`;

const mine = "lane = $1 AND session_id = $2 AND fence = $3";
const inMs = (parameter: string) => `now() + ${parameter} * interval '1 ms'`;

const statements = {
  add: `WITH added AS (
      INSERT INTO sessions (lane, session_id, spec) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT pg_notify('${dueChannel}', $1) FROM added`,
  claim: `WITH due AS (
      SELECT session_id FROM sessions WHERE lane = $1 AND due_at <= now() AND session_id <> ALL ($2::text[])
      ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
    UPDATE sessions SET fence = fence + 1, due_at = ${inMs("$4")}
    FROM due WHERE lane = $1 AND sessions.session_id = due.session_id
    RETURNING spec, step, state, fence`,
  nextDue: `SELECT extract(epoch FROM due_at - now()) * 1000 AS "inMs" FROM sessions
    WHERE lane = $1 AND due_at IS NOT NULL AND session_id <> ALL ($2::text[]) ORDER BY due_at LIMIT 1`,
  renew: `UPDATE sessions SET due_at = ${inMs("$4")}
    FROM unnest($2::text[], $3::bigint[]) AS held (id, number)
    WHERE lane = $1 AND session_id = held.id AND fence = held.number
    RETURNING session_id`,
  advance: `UPDATE sessions SET step = $4, state = $5 WHERE ${mine}`,
  wait: `UPDATE sessions SET step = $4, state = $5, fence = fence + 1, due_at = to_timestamp($6 / 1000.0) WHERE ${mine}`,
  putOff: `WITH put_off AS (UPDATE sessions SET fence = fence + 1, due_at = ${inMs("$4")} WHERE ${mine} RETURNING 1)
    SELECT pg_notify('${dueChannel}', $1) FROM put_off`,
  finish: `WITH finished AS (
      UPDATE sessions SET step = 'done', state = $4, fence = fence + 1, due_at = NULL WHERE ${mine} RETURNING 1)
    SELECT pg_notify('${doneChannel}', $1 || '/' || $2) FROM finished`,
  results: "SELECT state FROM sessions WHERE lane = $1 AND session_id = ANY ($2::text[]) AND step = 'done'",
};

export class SessionTable {
  private readonly pool: Pool;
  private readonly lane: string;
  private readonly leaseMs: number;

  /** Sessions of different lanes never meet. */
  constructor(pool: Pool, lane: string, leaseMs: number) {
    this.pool = pool;
    this.lane = lane;
    this.leaseMs = leaseMs;
  }

  /** Creates what is not there yet. */
  async create(): Promise<void> {
    await this.pool.query(schema);
  }

  /** Adds a session, due at once, unless there is one of that id. */
  async add(spec: SessionSpec): Promise<void> {
    await this.ask("add", spec.sessionId, JSON.stringify(spec));
  }

  /** Takes up to `limit` sessions that are due and that this worker does not hold; the longest due first. */
  async claim(limit: number, held: readonly string[]): Promise<readonly Hold[]> {
    const heldUntil = performance.now() + this.leaseMs; // from the question on, not from the answer
    const { rows } = await this.ask<Hold>("claim", held, limit, this.leaseMs);
    return rows.map((row) => ({ ...row, fence: Number(row.fence), heldUntil }));
  }

  /** In how many ms the next session comes due that this worker does not hold; Infinity where there is none. */
  async nextDueInMs(held: readonly string[]): Promise<number> {
    const { rows } = await this.ask<{ inMs: string }>("nextDue", held);
    return Number(rows[0]?.inMs ?? Number.POSITIVE_INFINITY);
  }

  /** Renews the leases of those that are still this worker's. */
  async renew(holds: readonly Hold[]): Promise<void> {
    const heldUntil = performance.now() + this.leaseMs;
    const ids = holds.map(({ spec }) => spec.sessionId);
    const fences = holds.map(({ fence }) => fence);
    const { rows } = await this.ask<{ session_id: string }>("renew", ids, fences, this.leaseMs);
    const renewed = new Set(rows.map((row) => row.session_id));
    for (const hold of holds) if (renewed.has(hold.spec.sessionId)) hold.heldUntil = heldUntil;
  }

  /** Marks a step as done. @throws FencedError as all that follow do. */
  async advance(hold: Hold, next: Step, state: Partial<State>): Promise<void> {
    await this.change("advance", hold, next, JSON.stringify(state));
  }

  /** Lets go of the session until a time, ms since the epoch, when `next` is to be done. */
  async wait(hold: Hold, next: Step, state: Partial<State>, until: number): Promise<void> {
    await this.change("wait", hold, next, JSON.stringify(state), until);
  }

  /** Lets go of the session for so long, ms. */
  async putOff(hold: Hold, forMs: number): Promise<void> {
    await this.change("putOff", hold, forMs);
  }

  /** Lets go of the session for good, and tells whoever waits for its result. */
  async finish(hold: Hold, result: SessionResult): Promise<void> {
    await this.change("finish", hold, JSON.stringify(result));
  }

  /** The results of those sessions among these that are done. */
  async results(sessionIds: readonly string[]): Promise<readonly SessionResult[]> {
    const { rows } = await this.ask<{ state: SessionResult }>("results", sessionIds);
    return rows.map(({ state }) => state);
  }

  private async change(name: keyof typeof statements, { spec, fence }: Hold, ...values: unknown[]) {
    const { rowCount } = await this.ask(name, spec.sessionId, fence, ...values);
    if (rowCount === 0) throw new FencedError(`session ${spec.sessionId} is in other hands`);
  }

  /** Named, so that each connection plans a statement once. */
  private ask<Row extends object>(name: keyof typeof statements, ...values: unknown[]) {
    return this.pool.query<Row>({ name, text: statements[name], values: [this.lane, ...values] });
  }
}
