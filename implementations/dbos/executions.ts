/**
 * How sessions are run in this process: a step begins when this execution is known to own its session, and not any more when the
 * worker leaves. What DBOS has none of is here: it asks who owns a workflow when a step is recorded, never before it runs, and it
 * takes whatever is thrown for the end of the workflow.
 */
// concern: retry and recovery
import { setTimeout as delay } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { currentOwnerXid, functionIDGet, functionIDGetIncrement } from "@dbos-inc/dbos-sdk/internal/context";
import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import { DBOSWorkflowCancelledError, DBOSWorkflowConflictError } from "@dbos-inc/dbos-sdk/internal/error";
import { Semaphore } from "@dbos-inc/dbos-sdk/internal/utils";
import type { StepInfo } from "@dbos-inc/dbos-sdk/internal/workflow";
import { logger, poolSize } from "./connection.ts";
import { type ExecutorRow, holdingOf } from "./executor-table.ts";

/** One run of a session's workflow, from its top. */
export interface Execution {
  /** Runs a step, and resolves with what it brought, or with what is recorded of it. */
  step<T>(name: string, play: () => Promise<T>): Promise<T>;
  /** Sleeps for so long from when that was recorded, ms. */
  sleep(ms: number): Promise<void>;
}

/** The executions in this process, and the steps of theirs that are under way. */
export class Executions {
  readonly #underWay = new Set<symbol>();
  /** What the executions that go on hold. DBOS's own list keeps those that were broken off, which never settle. */
  readonly #inPlay = new Set<string>();
  /**
   * Executions that only find out what is recorded. Whoever takes over gets all of a dead worker's sessions at once: in turns some
   * are done soon, and side by side all of them late, which matters where that worker dies too.
   */
  readonly #replaying = new Semaphore(poolSize);
  readonly #row: ExecutorRow;
  readonly #retryDelayMs: number;
  #isStopping = false;

  constructor(row: ExecutorRow, retryDelayMs: number) {
    this.#row = row;
    this.#retryDelayMs = retryDelayMs;
  }

  /**
   * Plays an execution of a workflow. A session has no way to fail: where the database did not record a step, or what is recorded is of
   * other code, this execution is broken off, and another one goes on.
   */
  async play<T>(body: (execution: Execution) => Promise<T>): Promise<T> {
    const workflowId = DBOS.workflowID ?? "";
    const holding = holdingOf(workflowId, currentOwnerXid(workflowId));
    this.#inPlay.add(holding);
    await this.#replaying.acquire();
    const replayed = once(() => this.#replaying.release());
    try {
      return await body(this.#execution(workflowId, replayed));
    } catch (error) {
      if (error instanceof DBOSWorkflowConflictError || error instanceof DBOSWorkflowCancelledError)
        throw error;
      logger.error(`${workflowId} is broken off: ${error}`);
    } finally {
      this.#inPlay.delete(holding);
      replayed();
    }
    return never();
  }

  /** Which of these holdings no execution in this process goes on with. */
  notInPlay(holdings: readonly string[]): readonly string[] {
    return holdings.filter((holding) => !this.#inPlay.has(holding));
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
  #execution(workflowId: string, replayed: () => void): Execution {
    const ensureOwned = this.#ownership(workflowId);
    const retries = { retriesAllowed: true, maxAttempts: Number.POSITIVE_INFINITY, backoffRate: 1 };
    const intervalSeconds = this.#retryDelayMs / 1000;
    let recorded: ReadonlyMap<number, StepInfo> | null = null;
    const step: Execution["step"] = async (name, play) => {
      const known = recorded?.get(functionIDGet());
      if (known?.name === name) {
        functionIDGetIncrement();
        return JSON.parse(String(known.output));
      }
      const underWay = Symbol(name);
      let isRecorded = true;
      const attempt = async () => {
        isRecorded = false;
        replayed();
        if (this.#isStopping) await never();
        this.#underWay.add(underWay);
        try {
          await ensureOwned();
          return JSON.stringify(await play()); // here: what no text can be made of has failed, and is tried again
        } catch (error) {
          this.#underWay.delete(underWay);
          throw error;
        }
      };
      try {
        const text = await DBOS.runStep(attempt, { name, ...retries, intervalSeconds });
        if (isRecorded) recorded ??= await stepsOf(workflowId);
        return JSON.parse(text);
      } finally {
        this.#underWay.delete(underWay);
      }
    };
    const sleep = (ms: number) => {
      replayed();
      return DBOS.sleep(ms);
    };
    return { step, sleep };
  }

  /**
   * Asks the database whether the session is this execution's own: before its first step, and whenever the lease may have lapsed since.
   * @throws DBOSWorkflowConflictError, at which DBOS ends the execution and leaves the session to its owner.
   */
  #ownership(workflowId: string): () => Promise<void> {
    let askedAfter: number | null = null; // so many lapses
    return async () => {
      for (;;) {
        const lapses = this.#row.lapses();
        if (!this.#row.isHeld()) await this.#row.renew();
        else if (askedAfter === lapses) return;
        else {
          const owner = await launched().systemDatabase.getWorkflowOwner(workflowId);
          if (owner !== currentOwnerXid(workflowId)) throw new DBOSWorkflowConflictError(workflowId);
          askedAfter = lapses;
        }
      }
    };
  }
}

// concern: wiring
/** DBOS's own, of which there is one in a process. @throws before it is launched. */
export function launched(): DBOSExecutor {
  if (DBOSExecutor.globalInstance === undefined) throw new Error("DBOS was not launched");
  return DBOSExecutor.globalInstance;
}

// concern: retry and recovery
/** All that is recorded, by its place: DBOS asks for one step after another, by three statements each. */
async function stepsOf(workflowId: string): Promise<ReadonlyMap<number, StepInfo>> {
  const steps = (await launched().listWorkflowSteps(workflowId)) ?? [];
  return new Map(steps.map((step) => [step.functionID, step]));
}

// concern: shutdown
const drainPollMs = 20;

/** For an execution that goes no further in this process. Nothing holds on to it. */
const never = () => new Promise<never>(() => {});

// concern: retry and recovery
/** Does something the first time, and nothing from then on. */
function once(what: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) what();
    isDone = true;
  };
}
