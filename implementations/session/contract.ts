/**
 * All that an implementation must provide, in one file.
 *
 * An implementation is a folder with two modules: `worker.ts` exports {@link StartWorker} as `startWorker`,
 * `client.ts` exports {@link ConnectClient} as `connectClient`. Workers execute lifecycles and are killed;
 * clients start them and wait. Both run in processes of their own and share nothing but the store. What types cannot say
 * stands in `implementations/README.md`, and `npm run conform` puts it to the test.
 */
// concern: contract
import type { SessionResult, SessionSpec } from "./spec.ts";
import type { World } from "./world.ts";

/** Where the store listens. `url` carries no secret; `secret` is a password or a bearer token, empty where the store asks for none. */
export interface StoreAddress {
  /** Its scheme says what kind of store it is: `redis:`, `rediss:` (either with `+sentinel`), `http:`, `https:`, `postgres:`. */
  readonly url: string;
  readonly secret: string;
  /** Begins the names of all that a run makes in a store that others use too; absent where the store is the run's own. */
  readonly prefix?: string;
  /** How many replicas must have a session's start before it is acknowledged; none, where it is left out. */
  readonly replicas?: number;
}

/** What workers and clients of one target have in common. */
export interface Deployment {
  readonly store: StoreAddress;
  /** Name of the queue or worker group; lifecycles of different groups never meet. */
  readonly group: string;
  /** How long a dead worker's work waits until another worker takes it over, ms; null leaves it to the engine's own default. */
  readonly leaseMs: number | null;
  /** Constant delay between a step's failure and its retry, ms. */
  readonly retryDelayMs: number;
}

/** How a store that calls its workers reaches them. */
export interface WorkerEndpoint {
  /** Where this worker is to listen, on loopback. */
  readonly port: number;
  /** Where connections come to whichever worker of the group is up; the same for all of them, and to be made known to the store. */
  readonly url: string;
}

export interface WorkerSettings extends Deployment {
  /** The outside world; all side effects of a step go through it. */
  readonly world: World;
  /** Name of this life of the worker process. */
  readonly incarnation: string;
  /** How many lifecycles may run in this worker at once, where the engine has such a bound. */
  readonly concurrency: number;
  /** Only where the store calls the workers (`callsWorkers` of its kind). */
  readonly reachedAt?: WorkerEndpoint;
}

/** Resolves when the worker takes work; until the store can be reached, it waits. */
export type StartWorker = (settings: WorkerSettings) => Promise<RunningWorker>;

/**
 * How long a worker that stops may wait for steps that are under way, ms. One of them may never end, and orchestrators kill
 * what is still there after 30 s.
 */
export const longestStopMs = 20_000;

export interface RunningWorker {
  /**
   * Takes no new work, lets go of what it holds as gracefully as the engine can, and resolves, within {@link longestStopMs} or
   * shortly after. Its process ends then.
   */
  stop(): Promise<void>;
}

/** Resolves when the client can start sessions. */
export type ConnectClient = (settings: Deployment) => Promise<SessionClient>;

export interface SessionClient {
  /**
   * Starts the lifecycle of `spec.sessionId`, or joins the one that exists, whatever else `spec` says.
   * Resolves once the lifecycle is durable; when it rejects, the lifecycle may or may not exist. Rejects at once, and starts
   * nothing, where `spec` does not fit `sessionSpecSchema`.
   */
  start(spec: SessionSpec): Promise<SessionHandle>;
  close(): Promise<void>;
}

export interface SessionHandle {
  /** Resolves with the lifecycle's result, the same for every caller. */
  result(): Promise<SessionResult>;
}
