/**
 * How a step is run: as one of DBOS's, once this execution is known to own its session, and not any more when the worker leaves.
 * What DBOS has none of is here: it asks who owns a workflow when a step is recorded, and never before one is run.
 */
// concern: retry and recovery
import { setTimeout as delay } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { currentOwnerXid } from "@dbos-inc/dbos-sdk/internal/context";
import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import { DBOSError, DBOSWorkflowConflictError } from "@dbos-inc/dbos-sdk/internal/error";
import type { ExecutorRow } from "./executor-table.ts";

/** Runs a step of one execution of a session, and resolves with what it brought, or what is recorded of it. */
export type RunStep = <T>(name: string, play: () => Promise<T>) => Promise<T>;

/** The steps that are under way in this process, and whether more may begin. */
export class Steps {
  readonly #underWay = new Set<symbol>();
  readonly #row: ExecutorRow;
  readonly #retryDelayMs: number;
  #isStopping = false;

  constructor(row: ExecutorRow, retryDelayMs: number) {
    this.#row = row;
    this.#retryDelayMs = retryDelayMs;
  }

  /** For one execution of a session, from its top. */
  ofExecution(): RunStep {
    const ensureOwned = this.#ownership();
    return async (name, play) => {
      const step = Symbol(name);
      const runOnce = async () => {
        if (this.#isStopping) await never();
        this.#underWay.add(step);
        try {
          await ensureOwned();
          return JSON.stringify(await play()); // here: what no text can be made of has failed, and is tried again
        } catch (error) {
          this.#underWay.delete(step);
          throw error;
        }
      };
      const retries = { retriesAllowed: true, maxAttempts: Number.POSITIVE_INFINITY, backoffRate: 1 };
      const intervalSeconds = this.#retryDelayMs / 1000;
      try {
        return JSON.parse(await DBOS.runStep(runOnce, { name, ...retries, intervalSeconds }));
      } catch (error) {
        // Of the database's: thrown on, it would be recorded as the session's end. A session that is in nobody's hands is taken again.
        throw error instanceof DBOSError ? error : new DBOSWorkflowConflictError(DBOS.workflowID ?? "");
      } finally {
        this.#underWay.delete(step);
      }
    };
  }

  // concern: shutdown
  /** Lets no step begin any more, and resolves with whether those under way ended within `longestMs`. */
  async drain(longestMs: number): Promise<boolean> {
    this.#isStopping = true;
    const deadline = performance.now() + longestMs;
    while (this.#underWay.size > 0 && performance.now() < deadline) await delay(drainPollMs);
    return this.#underWay.size === 0;
  }

  // concern: retry and recovery
  /**
   * Asks the database whether the session is this execution's own: before its first step, and whenever the lease may have lapsed since.
   * @throws DBOSWorkflowConflictError, at which DBOS ends the run and leaves the session to its owner.
   */
  #ownership(): () => Promise<void> {
    let askedAfter: number | null = null; // so many lapses
    return async () => {
      const workflowId = DBOS.workflowID ?? "";
      for (;;) {
        const lapses = this.#row.lapses();
        if (!this.#row.isHeld()) await this.#row.renew();
        else if (askedAfter === lapses) return;
        else {
          const owner = await DBOSExecutor.globalInstance?.systemDatabase.getWorkflowOwner(workflowId);
          if (owner !== currentOwnerXid(workflowId)) throw new DBOSWorkflowConflictError(workflowId);
          askedAfter = lapses;
        }
      }
    };
  }
}

// concern: shutdown
const drainPollMs = 20;

/** For an execution that goes no further in this process. */
const never = () => new Promise<never>(() => {});
