/**
 * The workers and the client of one target under load, in a world that answers at once. A death that nobody has ordered, the store's
 * too, says something of the target: what was under way is given up with its reason, and the run goes on.
 */
import { type Child, longestStartMs, NoAnswerError } from "../../processes/reaper.ts";
import { terminate } from "../../processes/terminate.ts";
import { causeOf } from "../../processes/unexpected-exit.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import { longestRestMs } from "../../run/timing.ts";
import type { LoadOrder, LoadRound } from "../../workers/load-client-main.ts";
import type { SteadyOrder, SteadyTally, TallyOrder } from "../../workers/steady-load.ts";
import { Supervisor } from "../../workers/supervisor.ts";
import type { Incarnation } from "../../world/entry.ts";

const group = "soak";
/** How long a process that is told to leave may take, ms. */
const graceMs = 5_000;
/** How long a slot stays empty after a kill, ms. */
const restartAfterMs = 300;

/** Before the first was started. */
export const noTally: SteadyTally = {
  begun: 0,
  finished: 0,
  failed: 0,
  failure: null,
  latenciesMs: [],
  lastStart: null,
  drainedMs: null,
};

/** A process ended that was not told to. */
export class UnexpectedExitError extends Error {}

/** Why a target is given up, while the run goes on: a process ended, or a session never did. @throws everything else again. */
export function whyGivenUp(error: unknown): string {
  if (error instanceof UnexpectedExitError || error instanceof NoAnswerError) return error.message;
  throw error;
}

interface WorkersAndClientSettings {
  readonly run: Run;
  readonly experiment: string;
  readonly target: Target;
  readonly workers: number;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
}

export class WorkersAndClient {
  readonly environment: TargetEnvironment;
  readonly client: Child;
  readonly #workers: ReadonlyMap<Incarnation, Child>;
  readonly #supervisor: Supervisor;
  readonly #unexpectedExit = Promise.withResolvers<never>();
  #isLeaving = false;
  #kills = 0;

  private constructor(
    environment: TargetEnvironment,
    client: Child,
    supervisor: Supervisor,
    workers: ReadonlyMap<Incarnation, Child>,
  ) {
    this.environment = environment;
    this.client = client;
    this.#supervisor = supervisor;
    this.#workers = workers;
    this.#unexpectedExit.promise.catch(() => {}); // whoever waits for something is told; nobody may be waiting
    supervisor.failed.catch((error: Error) => this.#giveUp(error.message.replace(/\.$/, "")));
    for (const store of environment.storeProcesses) this.#watch("store", store);
    this.#watch("client", client);
  }

  /** Starts the target's store, its workers and a client; resolves when all are ready. @throws HarnessError when one is not. */
  static async open({
    run,
    experiment,
    target,
    workers,
    leaseMs,
    retryDelayMs,
  }: WorkersAndClientSettings): Promise<WorkersAndClient> {
    const environment = await TargetEnvironment.open({
      run,
      experiment,
      target,
      leaseMs,
      retryDelayMs,
      mayEnd: ["store", "worker", "client"],
    });
    const kind = { implementation: environment.implementation, witnessed: false };
    const lives = new Map<Incarnation, Child>();
    const bounds = { slotCount: workers, readyWithinMs: longestStartMs };
    const supervisor = new Supervisor(environment.witness, bounds, (worker) => {
      const child = environment.spawnLoadWorker(worker, group, kind);
      lives.set(worker, child);
      return child;
    });
    const client = environment.spawnLoadClient("client", group, kind);
    await Promise.all([supervisor.start(), client.firstMessage()]);
    return new WorkersAndClient(environment, client, supervisor, lives);
  }

  /** Who is in a slot; null while it is empty. */
  worker(slot: number): { readonly life: Incarnation; readonly child: Child } | null {
    const life = this.#supervisor.occupant(slot);
    const child = life === null ? undefined : this.#workers.get(life);
    return life === null || child === undefined ? null : { life, child };
  }

  /** SIGKILLs the worker of a slot; resolves when another one is ready in its place. */
  kill(slot: number): Promise<void> {
    return this.#supervisor.kill(`kill-${++this.#kills}`, "kill", [{ slot, restartAfterMs }]);
  }

  get kills(): number {
    return this.#kills;
  }

  /** Plays sessions for so long, with so many callers. @throws UnexpectedExitError. */
  async round(callers: number, forMs: number, name: string): Promise<LoadRound> {
    const order: LoadOrder = { kind: "round", spec: specOf(name), forMs, pace: { kind: "closed", callers } };
    return (await this.unlessOneEnds(this.client.ask(order, forMs + longestRestMs))) as LoadRound; // what such an order is answered by
  }

  /** Begins to start sessions at a fixed rate, and lets them come. @throws UnexpectedExitError. */
  async begin(perSecond: number, forMs: number): Promise<SteadyTally> {
    const order: SteadyOrder = { kind: "steady", spec: specOf("steady"), perSecond, forMs };
    return (await this.unlessOneEnds(this.client.ask(order, longestRestMs))) as SteadyTally; // likewise
  }

  /** How far these are. @throws UnexpectedExitError. */
  async tally(): Promise<SteadyTally> {
    const order: TallyOrder = { kind: "tally" };
    return (await this.unlessOneEnds(this.client.ask(order, longestRestMs))) as SteadyTally; // likewise
  }

  /** Resolves as the promise does. @throws UnexpectedExitError as soon as a process has ended by itself. */
  unlessOneEnds<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#unexpectedExit.promise]);
  }

  /** Ends all of them, and the store. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    await Promise.all([this.#supervisor.stop(graceMs), terminate(this.client, graceMs)]);
    await this.environment.close();
  }

  #watch(who: string, { exited, lastLogLine }: Child): void {
    void exited.then((exit) =>
      this.#giveUp(`the ${who} ended (${causeOf(exit)}); its last log line: ${lastLogLine()}`),
    );
  }

  #giveUp(why: string): void {
    if (!this.#isLeaving) this.#unexpectedExit.reject(new UnexpectedExitError(why));
  }
}

/** No idle window and a single activity: everything that such a session does is work. */
function specOf(name: string): LoadOrder["spec"] {
  return plainSpec(name, { activities: 1, idleTimeoutMs: 0 });
}
