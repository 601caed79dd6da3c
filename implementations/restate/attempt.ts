/** One call of the handler by the server, which may be over without this process having heard of it. */
// concern: retry and recovery
import { AsyncLocalStorage } from "node:async_hooks";

export interface Attempt {
  /** Resolves when the server still waits for what this call does; rejects where it does not. */
  ensureWanted(): Promise<void>;
  /** Whether this process is to do no more, so that another one goes on after the step that is done. */
  readonly isLeaving: boolean;
}

/** The attempt that a handler runs in. */
export const attempts = new AsyncLocalStorage<Attempt>();
