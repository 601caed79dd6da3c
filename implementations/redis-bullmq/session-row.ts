/**
 * The session table: one Redis hash for each session holds the step reached and all that later steps need.
 * It is the truth; the BullMQ job is only a reason to look at it. Every change is one Lua script that
 * checks the fence and the expected step, and applies the change and the new step together.
 */
// concern: state store
import { Redis, type RedisOptions, type Result } from "ioredis";
import type { SessionResult, SessionSpec } from "../session/spec.ts";
import type { Step } from "../session/steps.ts";
import type { Receipt } from "../session/world.ts";

/** The step to do next; `done` when the result is known. A session whose next step is `expire` waits for it. */
export type Progress = Step | "done";

export interface SessionRow {
  /** Grows with every start of a job that opens the row: the newest start owns the session. */
  readonly fence: number;
  readonly step: Progress;
  /** What the first caller passed; later callers join it. */
  readonly spec: SessionSpec;
  readonly jti: string;
  /** The world's receipt for the last step that is done; null before the first one is. */
  readonly receipt: Receipt | null;
  /** Times, ms; NaN until their step is done. */
  readonly loginAt: number;
  readonly expireAt: number;
  readonly expiredAt: number;
  readonly result: SessionResult | null;
}

/** What a step adds to the row. */
export type RowChange = Partial<Pick<SessionRow, "jti" | "loginAt" | "expireAt" | "expiredAt">> & {
  readonly receipt?: Receipt;
  readonly result?: string;
};

// concern: retry and recovery
/** A newer start of the same job owns the session: this worker lost its lock and must not touch anything more. */
class FencedError extends Error {
  override readonly name = "FencedError";

  constructor(sessionId: string) {
    super(`session ${sessionId} is in the hands of a newer attempt`);
  }
}

// concern: result delivery
/** Whoever asks after the tombstone's time gets this: nobody knows the session any more. */
export class ForgottenError extends Error {
  override readonly name = "ForgottenError";

  constructor(sessionId: string) {
    super(`session ${sessionId} is not known: it ended more than a day ago, or Redis has lost it`);
  }
}

// concern: retry and recovery
/** A start of a job, as BullMQ counts them: of jobs that were added one after another, and of one job. */
export interface JobStart {
  /** When the job was added, ms on Redis's clock: one client's may be behind another's, and its job would never be taken. */
  readonly timestamp: number;
  readonly attemptsStarted: number;
}

// concern: result delivery
/** A caller that comes within a day of the end, or a retry, finds the result here; one that comes later runs the session again. */
const tombstoneSeconds = 24 * 60 * 60;

// concern: state store
/** So long may a job wait for its first worker. */
const untakenSeconds = 30 * 24 * 60 * 60;

const replicatedWithinMs = 1_000;

type State = (string | null)[];

declare module "ioredis" {
  interface RedisCommander<Context> {
    openSession(row: string, spec: string, ttlS: number): Result<[step: string, at: string], Context>;
    touchSession(row: string): Result<null, Context>;
    claimSession(
      row: string,
      addedAt: number,
      attempt: number,
    ): Result<"gone" | [fence: string, spec: string, state: State] | null, Context>;
    advanceSession(row: string, ...args: (string | number)[]): Result<State | null, Context>;
  }
}

/** All that changes in a row. The spec does not, and grows with the activities: it is read once by each start of the job. */
const readState =
  "redis.call('HMGET', KEYS[1], 'step', 'jti', 'receipt', 'loginAt', 'expireAt', 'expiredAt', 'result')";

const now =
  "(function() local time = redis.call('TIME'); return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)) end)()";

/**
 * ARGV spec, TTL in s. Creates the row where there is none; says its step, and the time. Until a job takes it, the row goes after
 * a time: a start that fails between row and job leaves nothing for good.
 */
const openScript = `
if redis.call('HSETNX', KEYS[1], 'step', 'login') == 1 then
  redis.call('HSET', KEYS[1], 'spec', ARGV[1], 'fence', 0, 'addedAt', 0, 'attempt', 0)
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return { redis.call('HGET', KEYS[1], 'step'), ${now} }
`;

/** A write that changes nothing, to a row that is there. */
const touchScript = `
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence then redis.call('HSET', KEYS[1], 'fence', fence) end
`;

// concern: retry and recovery
/**
 * ARGV when the job was added, which of its starts this is. Raises the row's fence, unless a newer start has opened it: one of
 * a job that was added later, or a later one of this job. A row that is done answers whoever asks.
 */
const claimScript = `
local row = redis.call('HMGET', KEYS[1], 'step', 'addedAt', 'attempt')
if not row[1] then return 'gone' end
if row[1] ~= 'done' then
  local newerBy = tonumber(row[2]) - tonumber(ARGV[1])
  if newerBy > 0 or (newerBy == 0 and tonumber(row[3]) > tonumber(ARGV[2])) then return false end
  redis.call('HSET', KEYS[1], 'addedAt', ARGV[1], 'attempt', ARGV[2])
  redis.call('HINCRBY', KEYS[1], 'fence', 1)
  redis.call('PERSIST', KEYS[1])
end
return { redis.call('HGET', KEYS[1], 'fence'), redis.call('HGET', KEYS[1], 'spec'), ${readState} }
`;

// concern: state store
/**
 * ARGV fence, expected step, tombstone's TTL in s, channel, next step, field, value … Skips the change when the row is
 * elsewhere. A row that is done becomes a tombstone, and whoever waits is told its result, which comes last.
 */
const advanceScript = `
local row = redis.call('HMGET', KEYS[1], 'step', 'fence')
if not row[2] or tonumber(row[2]) > tonumber(ARGV[1]) then return false end
if row[1] == ARGV[2] then
  redis.call('HSET', KEYS[1], 'step', unpack(ARGV, 5))
  if ARGV[5] == 'done' then
    redis.call('EXPIRE', KEYS[1], ARGV[3])
    redis.call('PUBLISH', ARGV[4], ARGV[#ARGV])
  end
end
return ${readState}
`;

export class SessionRows {
  private readonly redis: Redis;
  private readonly name: string;
  /** How often the connection was lost: what is asked next may be asked of another server, which another one's place was given to. */
  losses = 0;

  /** `name` begins the keys of the rows. */
  constructor(connection: RedisOptions, name: string) {
    this.name = name;
    this.redis = new Redis(connection);
    this.redis.on("error", (error) => console.error(`session rows: ${error.message}`));
    this.redis.on("close", () => {
      this.losses += 1;
    });
    this.redis.defineCommand("openSession", { numberOfKeys: 1, lua: openScript });
    this.redis.defineCommand("touchSession", { numberOfKeys: 1, lua: touchScript });
    this.redis.defineCommand("claimSession", { numberOfKeys: 1, lua: claimScript });
    this.redis.defineCommand("advanceSession", { numberOfKeys: 1, lua: advanceScript });
  }

  /**
   * Creates the session's row where there is none, before its job is added: a job without a row is over. Resolves with whether
   * the session is done, and with Redis's time.
   */
  async open(spec: SessionSpec): Promise<{ readonly isDone: boolean; readonly at: number }> {
    const [step, at] = await this.redis.openSession(
      this.key(spec.sessionId),
      JSON.stringify(spec),
      untakenSeconds,
    );
    return { isDone: step === "done", at: Number(at) };
  }

  /**
   * Whether the row is there once so many replicas have it, and whatever was written before now. BullMQ lets nobody wait on its
   * own connection, so there is one more write on this one to wait for. A wait that is asked again of another primary confirms
   * nothing, so the row is looked for after it. @throws where the replicas take longer than a second.
   */
  async replicate(sessionId: string, replicas: number): Promise<boolean> {
    const key = this.key(sessionId);
    const [, confirmed, isThere] = await Promise.all([
      this.redis.touchSession(key),
      this.redis.wait(replicas, replicatedWithinMs),
      this.redis.exists(key),
    ]);
    if (confirmed < replicas)
      throw new Error(`${confirmed} of ${replicas} replicas have session ${sessionId}`);
    return isThere === 1;
  }

  // concern: retry and recovery
  /** Takes the session's row for the start of a job; null where there is none any more, a day after the session's end. */
  async claim(sessionId: string, { timestamp, attemptsStarted }: JobStart): Promise<SessionRow | null> {
    const claimed = await this.redis.claimSession(this.key(sessionId), timestamp, attemptsStarted);
    if (claimed === "gone") return null;
    if (claimed === null) throw new FencedError(sessionId);
    const [fence, spec, state] = claimed;
    return rowOf(JSON.parse(spec), Number(fence), state);
  }

  // concern: state store
  /** Moves the row from the step it is at to `next`, together with what the step produced. */
  async advance(row: SessionRow, next: Progress, change: RowChange): Promise<SessionRow> {
    const { spec, fence } = row;
    const { sessionId } = spec;
    const tombstone = [tombstoneSeconds, this.resultChannel(sessionId)];
    const fields = Object.entries(change).flat().map(String); // ioredis 6.0.0 ends the process over what it cannot make one of
    const args = [fence, row.step, ...tombstone, next, ...fields];
    const state = await this.redis.advanceSession(this.key(sessionId), ...args);
    if (state === null) throw new FencedError(sessionId);
    return rowOf(spec, fence, state);
  }

  // concern: result delivery
  /** Marks the session done, keeps its result as a tombstone, and publishes it. */
  finish(row: SessionRow, result: SessionResult): Promise<SessionRow> {
    return this.advance(row, "done", { result: JSON.stringify(result) });
  }

  /** The result of a session that is done; null where it is not. @throws ForgottenError where there is no row any more. */
  async readResult(sessionId: string): Promise<SessionResult | null> {
    const [step, result] = await this.redis.hmget(this.key(sessionId), "step", "result");
    if (step == null) throw new ForgottenError(sessionId);
    return result == null ? null : JSON.parse(result);
  }

  /** The channel on which the session's result is published, once. */
  resultChannel(sessionId: string): string {
    return `${this.name}:result:${sessionId}`;
  }

  // concern: state store
  /** Redis's clock, ms: the one clock that all workers share. */
  async now(): Promise<number> {
    const [seconds, microseconds] = await this.redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  }

  close(): void {
    this.redis.disconnect();
  }

  private key(sessionId: string): string {
    return `${this.name}:session:${sessionId}`;
  }
}

function rowOf(spec: SessionSpec, fence: number, state: State): SessionRow {
  const [step, jti, receipt, loginAt, expireAt, expiredAt, result] = state;
  return {
    spec,
    fence,
    step: step as Progress, // every row has one, and only these scripts write it
    jti: jti ?? "",
    receipt: receipt ?? null,
    loginAt: Number(loginAt ?? Number.NaN),
    expireAt: Number(expireAt ?? Number.NaN),
    expiredAt: Number(expiredAt ?? Number.NaN),
    result: result == null ? null : JSON.parse(result),
  };
}
