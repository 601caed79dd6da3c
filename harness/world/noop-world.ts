/** A world where nothing is witnessed: the same interface, no Redis. Load runs use it, so that the witness costs nothing. */
import { randomUUID } from "node:crypto";
import type { Effect, Step } from "../../implementations/session/steps.ts";
import type { Execution, Landing, World } from "../../implementations/session/world.ts";

export class NoopWorld implements World {
  readonly tokenKey: Uint8Array;

  constructor(tokenKey: Uint8Array) {
    this.tokenKey = tokenKey;
  }

  async begin(session: string, step: Step, fence: number | null): Promise<Execution> {
    return { session, step, id: "", workBeforeMs: 0, workAfterMs: 0, order: null, fence };
  }

  async apply(_execution: Execution, effect: Effect): Promise<Landing> {
    return { at: Date.now(), receipt: "", jti: effect === "issue-token" ? randomUUID() : null };
  }

  async close(): Promise<void> {}
}
