/**
 * Some sessions and workers in a group of their own: the sessions, its workers, side by side or one after another, and what the
 * ledger says of them. A case shares the store with others and nothing else, so that what is done to it explains
 * what becomes of it.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { Step } from "../../implementations/session/steps.ts";
import type { WorldMode } from "../../implementations/session/world.ts";
import type { HarnessError } from "../errors.ts";
import type { FaultKind } from "../faults/kinds/faults.ts";
import { type BeginEntry, type EffectEntry, type History, indexHistory } from "../history/history.ts";
import type { PlannedSession } from "../plan/plan-schema.ts";
import { type Child, type Exit, longestStartMs, NeverReadyError } from "../processes/reaper.ts";
import { terminate } from "../processes/terminate.ts";
import { unexpectedExit } from "../processes/unexpected-exit.ts";
import type { ClientOrder } from "../workers/client-main.ts";
import { type CodeVersion, type Entry, isAnswer } from "../world/entry.ts";
import { type CaseWorker, isExit, isOfCase } from "./case-worker.ts";
import { disturbancesOf, type ProvokedOutage } from "./disturbances.ts";
import type { TargetEnvironment } from "./environment.ts";

/** Whoever waits for something gives up when nothing at all has happened in the case for so many leases, and so many ms at least. */
const patienceLeases = 15;
const leastPatienceMs = 15_000;

/** And in any case after so many times that: what goes on for ever is no reason to wait for ever. */
const mostPatiences = 10;

/** How long a session's services take, by step: before the first effect and after the last, ms. */
type WorkMs = PlannedSession["workMs"];

export class Case {
  readonly environment: TargetEnvironment;
  /** Names its queue or worker group, and its workers. */
  readonly group: string;
  private readonly readyWithinMs: number;
  private readonly sessions = new Set<string>();
  private readonly living = new Set<CaseWorker>();
  private lives = 0;
  private lastExited: string | null = null;
  /** Set when a worker exited unexpectedly; whoever starts a worker or closes the case is told. */
  private broken: HarnessError | null = null;
  /** When the store was away because somebody here wanted it to be, on this machine's clock, which is the world's. */
  private readonly outages: ProvokedOutage[] = [];
  /** What may excuse whatever is wrong in it. Known when it is closed. */
  disturbances: readonly string[] = [];

  /** A worker gets ready within so many ms, or never does. */
  constructor(environment: TargetEnvironment, group: string, readyWithinMs = longestStartMs) {
    this.environment = environment;
    this.group = group;
    this.readyWithinMs = readyWithinMs;
  }

  /** Makes a session known to the world. Its id must be unique on the environment. */
  async register(sessionId: string, mode: WorldMode, workMs: WorkMs = {}): Promise<void> {
    this.sessions.add(sessionId);
    await this.environment.witness.register([{ sessionId, mode, workMs }]);
  }

  /** Lets a client start a session, or join the one that exists. */
  call(client: Child, spec: SessionSpec, caller = "caller", atBarrier = false): void {
    client.send({ kind: "call", caller, spec, group: this.group, atBarrier } satisfies ClientOrder);
  }

  /** Starts a worker; resolves when it is ready, or dead. */
  startWorker({ crashAtCompletion = false, mayEnd = false } = {}): Promise<CaseWorker> {
    const spawn = (worker: string) => this.environment.spawnWorker(worker, this.group, {}, crashAtCompletion);
    return this.start(spawn, { mayEnd });
  }

  /** Starts a worker of another version of the code, by the folder of that; resolves as {@link startWorker} does. */
  startWorkerOf(version: CodeVersion, implementation: string): Promise<CaseWorker> {
    const spawn = (worker: string) => this.environment.spawnWorker(worker, this.group, { implementation });
    return this.start(spawn, { code: version });
  }

  /**
   * Starts a process that counts as a worker of this case; resolves when it is ready, or dead by SIGKILL. One that may end by
   * itself says something of the implementation by that; of any other it says that the case is worth nothing.
   * @throws NeverReadyError for one that lives and never gets ready.
   */
  async start(
    spawn: (worker: string) => Child,
    { code, mayEnd = false }: { readonly code?: CodeVersion; readonly mayEnd?: boolean } = {},
  ): Promise<CaseWorker> {
    const worker = `${this.group}#${++this.lives}`;
    const started = { worker, child: spawn(worker) };
    this.living.add(started);
    void started.child.exited.then((exit) => {
      if (this.living.has(started) && exit.signal !== "SIGKILL" && !mayEnd)
        this.broken ??= unexpectedExit(`Worker ${worker}`, started.child, exit);
    });
    await this.environment.witness.note({ kind: "spawned", worker, ...(code === undefined ? {} : { code }) });
    const { child } = started;
    const ready = await Promise.race([child.firstMessage(this.readyWithinMs), child.exited]).then(
      (first) => !isExit(first),
      (error: unknown) => {
        if (error instanceof NeverReadyError) throw error;
        return false; // it died before it was ready; whoever waits for its exit sees that
      },
    );
    if (ready) await this.environment.witness.note({ kind: "ready", worker });
    else if (this.broken !== null) throw this.broken;
    return started;
  }

  /** Waits for a worker to die where it was ordered to. Resolves with false when it lives on, and ends it then. */
  async diesAt(place: string, victim: CaseWorker): Promise<boolean> {
    const exit = await this.orPatience(victim.child.exited);
    if (exit === null) {
      await this.end(victim);
      return false;
    }
    await this.diedAt(place, victim, exit);
    return true;
  }

  /** Records the death of a worker by an order. @throws where it ended otherwise. */
  async diedAt(place: string, victim: CaseWorker, exit: Exit): Promise<void> {
    if (exit.signal !== "SIGKILL") throw unexpectedExit(`Worker ${victim.worker}`, victim.child, exit);
    const { worker } = victim;
    const fault = `${worker} at ${place}`;
    await this.environment.witness.note({
      kind: "fault",
      fault,
      faultKind: "crash-point",
      workers: [worker],
    });
    await this.recordExit(victim, exit);
  }

  /** SIGKILLs workers at once; resolves when the operating system reported their exits. */
  async kill(fault: string, faultKind: FaultKind, victims: readonly CaseWorker[]): Promise<void> {
    const workers = victims.map(({ worker }) => worker);
    await this.environment.witness.note({ kind: "fault", fault, faultKind, workers });
    for (const { child } of victims) child.kill("SIGKILL");
    await Promise.all(victims.map(async (victim) => this.recordExit(victim, await victim.child.exited)));
  }

  /**
   * Stops a worker (SIGSTOP) until `meanwhile` has settled; how it stood still is no stall of its own. Resolves with when it
   * went on, on this machine's clock, which is the world's.
   */
  async pause(fault: string, { worker, child }: CaseWorker, meanwhile: () => Promise<void>): Promise<number> {
    const { witness } = this.environment;
    await witness.note({ kind: "fault", fault, faultKind: "pause", workers: [worker] });
    child.kill("SIGSTOP");
    let goesOnAt = 0;
    try {
      await meanwhile();
    } finally {
      goesOnAt = Date.now();
      child.kill("SIGCONT");
    }
    await witness.note({ kind: "fault-ended", fault });
    return goesOnAt;
  }

  /** The `count`th entry that `matches`, past or to come; null after `withinMs` without any entry of this case. */
  async entry<E extends Entry>(
    matches: (entry: Entry) => entry is E,
    withinMs = this.patienceMs,
    count = 1,
  ): Promise<E | null> {
    const { recorder } = this.environment;
    const past = recorder.entries.filter(matches);
    const reached = past[count - 1];
    if (reached !== undefined) return reached;
    const found = Promise.withResolvers<E>();
    let seen = past.length;
    const unwatch = recorder.watch((entry) => {
      if (matches(entry) && ++seen === count) found.resolve(entry);
    });
    const first = await this.orPatience(found.promise, withinMs);
    unwatch();
    return first;
  }

  /** Waits until a caller of the session has its answer, of whatever kind. */
  answered(sessionId: string, caller = "caller", withinMs = this.patienceMs): Promise<Entry | null> {
    return this.entry(
      (entry): entry is Entry => isAnswer(entry) && entry.session === sessionId && entry.caller === caller,
      withinMs,
    );
  }

  /** The store dies (SIGKILL), and is back on its data after `awayMs`. Resolves when it answers. */
  async storeOutage(awayMs: number): Promise<void> {
    const bringBack = await this.takeStoreAway();
    await delay(awayMs);
    await bringBack();
  }

  /**
   * The store dies (SIGKILL). Resolves with what brings it back on its data, which resolves when it answers. What kept workers
   * silent meanwhile is no stall of theirs, and excuses nothing that comes later.
   */
  async takeStoreAway(): Promise<() => Promise<void>> {
    const { store } = this.environment;
    const from = Date.now();
    await store.kill();
    return async () => {
      await store.restart();
      this.outages.push({ from, to: Date.now() });
    };
  }

  /** Waits until an execution of a step begins, the `count`th of them. */
  begun(sessionId: string, step: Step, count = 1): Promise<BeginEntry | null> {
    return this.entry(
      (entry): entry is BeginEntry =>
        entry.kind === "begin" && entry.session === sessionId && entry.step === step,
      this.patienceMs,
      count,
    );
  }

  /** Waits until the session's idle window has begun. */
  idle(sessionId: string): Promise<EffectEntry | null> {
    return this.entry(
      (entry): entry is EffectEntry =>
        entry.kind === "landed" && entry.session === sessionId && entry.effect === "set-idle",
    );
  }

  /** Waits until the last effect of the session's cleanup has landed: its end, where no caller waits for it. */
  audited(sessionId: string): Promise<Entry | null> {
    return this.entry(
      (entry): entry is Entry =>
        entry.kind === "landed" && entry.session === sessionId && entry.effect === "write-audit",
    );
  }

  /** Ends one worker: SIGTERM, and SIGKILL for what has not left after `graceMs`. */
  async end(leaving: CaseWorker, graceMs?: number): Promise<void> {
    this.living.delete(leaving);
    await this.recordExit(leaving, await terminate(leaving.child, graceMs));
  }

  /** Ends the workers, without reading the history. */
  async abandon(): Promise<void> {
    await Promise.all([...this.living].map((worker) => this.end(worker)));
  }

  /** Ends the case's workers, and resolves with what the ledger says of its sessions and workers. */
  async close(): Promise<History> {
    await this.abandon();
    // Entries come in order: once the last worker's exit is there, all of the case's are.
    const isLastExit = (entry: Entry): entry is Entry =>
      entry.kind === "exited" && entry.worker === this.lastExited;
    if (this.lastExited !== null) await this.entry(isLastExit);
    if (this.broken !== null) throw this.broken;
    const history = indexHistory(this.environment.recorder.entries.filter((entry) => this.isMine(entry)));
    this.disturbances = disturbancesOf(history, this.outages, this.environment.leaseMs);
    return history;
  }

  /** Resolves as `promise` does; with null when nothing has happened in this case for `withinMs`, or all else but that for many times as long. */
  private async orPatience<T>(promise: Promise<T>, withinMs = this.patienceMs): Promise<T | null> {
    const over = Promise.withResolvers<null>();
    const timer = setTimeout(() => over.resolve(null), withinMs);
    const last = setTimeout(() => over.resolve(null), mostPatiences * withinMs);
    const unwatch = this.environment.recorder.watch((entry) => {
      if (entry.kind !== "alive" && this.isMine(entry)) timer.refresh();
    });
    const first = await Promise.race([promise, over.promise]);
    clearTimeout(timer);
    clearTimeout(last);
    unwatch();
    return first;
  }

  private get patienceMs(): number {
    return Math.max(leastPatienceMs, patienceLeases * this.environment.leaseMs);
  }

  private isMine(entry: Entry): boolean {
    return isOfCase(this.group, this.sessions, entry);
  }

  private async recordExit(dead: CaseWorker, exit: Exit): Promise<void> {
    this.living.delete(dead);
    this.lastExited = dead.worker;
    await this.environment.witness.note({ kind: "exited", worker: dead.worker, ...exit });
  }
}
