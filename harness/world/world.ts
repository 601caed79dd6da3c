/**
 * The outside world as a step sees it: an auth service, an activity database, a cache and an audit
 * log. It stands here, apart from its Redis, so that the steps do not know whether a witness watches.
 */
import type { Effect, Step } from "../../implementations/session/steps.ts";

/** What the world tells one execution of a step to do besides its work. */
export type Order =
  /** Fail this execution, before its first effect or after its last. */
  | { readonly kind: "throw"; readonly when: "before" | "after" }
  /** Take this much longer, before the first effect, ms. */
  | { readonly kind: "slow"; readonly delayMs: number };

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
}

/** What the world answers to an effect: when it landed (ms, world clock), and the token's id where one was minted. */
export interface Landing {
  readonly at: number;
  readonly jti?: string;
}

export interface World {
  /** Opens an execution: counted, whatever becomes of it. Rejects for a session that the plan does not know. */
  begin(session: string, step: Step): Promise<Execution>;
  /**
   * Lands one effect, or, where the session is `idempotent` and the key was seen, answers with the first
   * landing. State and ledger change in one atomic step.
   */
  apply(execution: Execution, effect: Effect, idempotencyKey: string, payload: EffectPayload): Promise<Landing>;
  close(): Promise<void>;
}

/** The data of an effect, as plain JSON; which fields are there depends on the effect. */
export interface EffectPayload {
  readonly userId?: string;
  readonly token?: string;
  readonly jti?: string;
  readonly index?: number;
  readonly activity?: { readonly action: string; readonly target: string };
}
