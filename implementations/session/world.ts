/**
 * The outside world as a step sees it: an auth service, an activity database, a cache and an audit
 * log. It stands apart from its Redis, so that the steps do not know whether a witness watches.
 */
// concern: contract
import type { Activity } from "./spec.ts";
import type { Effect, Step } from "./steps.ts";

/**
 * What the services behind a session's steps do with what each call carries. `idempotent`: a repeated key is answered with
 * the first result. `naive`: every call lands. `fenced`: every call lands, except one whose fencing number is older than
 * the newest seen for its session (Kleppmann, "How to do distributed locking", 2016); it is rejected.
 */
export type WorldMode = "idempotent" | "naive" | "fenced";

/** What the world tells one execution of a step to do besides its work; `fault` is the planned fault behind it, if any. */
export type Order = { readonly fault?: string } & OrderedDeed;

type OrderedDeed =
  /** Fail this execution, before its first effect or after its last. */
  | { readonly kind: "throw"; readonly when: "before" | "after" }
  /** Take this much longer before the first effect, ms. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Die by SIGKILL, just before this effect is asked for, or as soon as it has landed. */
  | { readonly kind: "crash"; readonly when: "before" | "after"; readonly effect: Effect }
  /** Stop by SIGSTOP at that place, until the harness lets the process continue. */
  | { readonly kind: "pause"; readonly when: "before" | "after"; readonly effect: Effect }
  /** Stay at that place for as long as the process lives, while all else in it goes on. */
  | { readonly kind: "hold"; readonly when: "before" | "after"; readonly effect: Effect }
  /** Hand back, as the receipt of this effect, what no text can be made of: the step's result cannot be stored. */
  | { readonly kind: "unencodable"; readonly effect: Effect }
  /** Hand back a receipt of so many characters for this effect, each of them a byte. */
  | { readonly kind: "large"; readonly effect: Effect; readonly length: number };

/** One run of a step's body, opened by {@link World.begin}. */
export interface Execution {
  readonly session: string;
  readonly step: Step;
  /** Unique among all executions of a run. */
  readonly id: string;
  /** How long the services behind this step take, ms, before its first effect and after its last. */
  readonly workBeforeMs: number;
  readonly workAfterMs: number;
  readonly order: Order | null;
  /** Grows whenever another worker takes the session over; null where the engine hands a step no such number. */
  readonly fence: number | null;
}

/** What the ledger keeps of an effect, besides who did it and when; which fields are there depends on the effect. */
export interface EffectPayload {
  readonly userId?: string;
  readonly jti?: string;
  readonly index?: number;
  readonly activity?: Activity;
}

/**
 * What the world gives for an effect that landed, and gives again where its key is known. A step hands its own on to the
 * next one, and each names the one before: so one receipt stands for all until then.
 */
export type Receipt = string;

/** When an effect landed (ms, world clock), its receipt, and the id of the token where it minted one. */
export interface Landing {
  readonly at: number;
  readonly receipt: Receipt;
  readonly jti: string | null;
}

export interface World {
  /** The key with which the auth service's tokens are signed (HS256). */
  readonly tokenKey: Uint8Array;
  /**
   * Opens an execution: counted, whatever becomes of it. `after` is the receipt of the step before, null for the first step.
   * Rejects for a session that is not registered.
   */
  begin(session: string, step: Step, fence: number | null, after: Receipt | null): Promise<Execution>;
  /**
   * Lands one effect, or, where the session is `idempotent` and the key was seen, answers with the first
   * landing. State and ledger change in one atomic step. `sealed` is what only the state may hold: a token.
   * Rejects in a `fenced` session where the execution's fencing number is not the newest.
   */
  apply(
    execution: Execution,
    effect: Effect,
    idempotencyKey: string,
    payload: EffectPayload,
    sealed?: string,
  ): Promise<Landing>;
  close(): Promise<void>;
}
