/**
 * Keeps N worker slots occupied and is the only one who kills, pauses or terminates their workers. Every birth, readiness,
 * fault and exit goes into the ledger in the order in which it happened; a worker that dies without being told to ends the run.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { FaultKind } from "../faults/kinds/faults.ts";
import type { Restart } from "../faults/kinds/kind.ts";
import { type Child, type Exit, NeverReadyError } from "../processes/reaper.ts";
import { terminate } from "../processes/terminate.ts";
import { unexpectedExit } from "../processes/unexpected-exit.ts";
import type { Incarnation } from "../world/entry.ts";
import type { Witness } from "../world/witness.ts";

interface Life {
  readonly worker: Incarnation;
  readonly child: Child;
  /** Set before the harness ends this life, so that its exit is expected. */
  expectedToExit: boolean;
}

export class Supervisor {
  private readonly witness: Witness;
  private readonly readyWithinMs: number;
  private readonly spawn: (worker: Incarnation, slot: number) => Child;
  private readonly slots: (Life | null)[];
  private readonly lives: number[];
  /** For each slot, the token of its latest vacancy: a restart fills the slot only while its token is current. */
  private readonly vacancies: (object | null)[];
  private readonly failure = Promise.withResolvers<never>();

  /** `spawn` starts the process of one incarnation, whose first message says that it is ready; it does within so many ms. */
  constructor(
    witness: Witness,
    { slotCount, readyWithinMs }: { readonly slotCount: number; readonly readyWithinMs: number },
    spawn: (worker: Incarnation, slot: number) => Child,
  ) {
    this.witness = witness;
    this.readyWithinMs = readyWithinMs;
    this.spawn = spawn;
    this.slots = Array(slotCount).fill(null);
    this.lives = Array(slotCount).fill(0);
    this.vacancies = Array(slotCount).fill(null);
    this.failure.promise.catch(() => {}); // whoever awaits it is told; nobody may be awaiting it yet
  }

  /** Rejects with a HarnessError when a worker exited unexpectedly or could not be started. */
  get failed(): Promise<never> {
    return this.failure.promise;
  }

  /** Occupies every slot; resolves when all workers are ready. */
  async start(): Promise<void> {
    await Promise.race([Promise.all(this.slots.map((_, slot) => this.occupy(slot))), this.failed]);
  }

  /**
   * SIGKILLs the workers of these slots at once, and puts new ones there after their delays. A restart
   * under way is superseded: its slot stays empty for the new delay. `how` is for the ledger. Resolves when the new ones are ready.
   */
  async kill(fault: string, faultKind: FaultKind, restarts: readonly Restart[], how?: string): Promise<void> {
    const { victims, vacancy } = this.vacate(restarts);
    await this.noteFault(fault, faultKind, victims, how);
    for (const life of victims) life.child.kill("SIGKILL");
    await Promise.all(victims.map(({ child }) => child.exited));
    await Promise.all(restarts.map((restart) => this.fill(restart, vacancy)));
  }

  /**
   * Tells the worker of a slot to leave (SIGTERM), as a deploy does, kills it when it is still there after `graceMs`, and
   * puts a new one there. Its `exited` entry says how it left. Resolves when the new one is ready.
   */
  async terminate(fault: string, faultKind: FaultKind, restart: Restart, graceMs: number): Promise<void> {
    const { victims, vacancy } = this.vacate([restart]);
    await this.noteFault(fault, faultKind, victims);
    await Promise.all(victims.map(({ child }) => terminate(child, graceMs)));
    await this.fill(restart, vacancy);
  }

  /**
   * Stops the worker of a slot (SIGSTOP) and lets it go on after `forMs`. Where nobody is in the slot, the fault hits
   * nobody and is over at once. Resolves when the worker runs again.
   */
  async pause(fault: string, faultKind: FaultKind, slot: number, forMs: number): Promise<void> {
    const life = this.slots[slot] ?? null;
    await this.noteFault(fault, faultKind, life === null ? [] : [life]);
    if (life !== null) {
      life.child.kill("SIGSTOP");
      await delay(forMs);
      life.child.kill("SIGCONT");
    }
    await this.witness.note({ kind: "fault-ended", fault });
  }

  /** Who is in a slot; null while it is empty. */
  occupant(slot: number): Incarnation | null {
    return this.slots[slot]?.worker ?? null;
  }

  /** Who occupies the slots, in their order. */
  get living(): readonly Incarnation[] {
    return this.slots.flatMap((life) => (life === null ? [] : [life.worker]));
  }

  /** Stops all workers but one (SIGSTOP) until `meanwhile`, which is told their names, has settled. */
  async alone(
    worker: Incarnation,
    meanwhile: (frozen: readonly Incarnation[]) => Promise<void>,
  ): Promise<void> {
    const others = this.slots.flatMap((life) => (life === null || life.worker === worker ? [] : [life]));
    for (const { child } of others) child.kill("SIGSTOP");
    try {
      await meanwhile(others.map((life) => life.worker));
    } finally {
      for (const { child } of others) child.kill("SIGCONT");
    }
  }

  /** Lets every worker finish (SIGTERM); kills what has not left after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.vacancies.fill({}); // no restart that is under way may put a new worker there
    const lives = this.slots.filter((life) => life !== null);
    for (const life of lives) life.expectedToExit = true;
    await Promise.all(lives.map(({ child }) => terminate(child, graceMs)));
  }

  /** Takes the workers out of these slots, so that their end is expected. The slots then wait for who vacated them last. */
  private vacate(restarts: readonly Restart[]): { victims: readonly Life[]; vacancy: object } {
    const vacancy = {};
    const victims = restarts.map(({ slot }) => this.slots[slot]).filter((life) => life != null);
    for (const { slot } of restarts) {
      this.slots[slot] = null;
      this.vacancies[slot] = vacancy; // before anything is awaited: no restart under way may put a worker there unseen
    }
    for (const life of victims) life.expectedToExit = true;
    return { victims, vacancy };
  }

  private async noteFault(
    fault: string,
    faultKind: FaultKind,
    victims: readonly Life[],
    how?: string,
  ): Promise<void> {
    const workers = victims.map(({ worker }) => worker);
    await this.witness.note({
      kind: "fault",
      fault,
      faultKind,
      workers,
      ...(how === undefined ? {} : { how }),
    });
  }

  private async fill({ slot, restartAfterMs }: Restart, vacancy: object): Promise<void> {
    await delay(restartAfterMs);
    if (this.vacancies[slot] === vacancy) await this.occupy(slot);
  }

  private async occupy(slot: number): Promise<void> {
    const lifeNumber = (this.lives[slot] ?? 0) + 1;
    this.lives[slot] = lifeNumber;
    const worker = `w${slot}#${lifeNumber}`;
    const child = this.spawn(worker, slot);
    const life: Life = { worker, child, expectedToExit: false };
    this.slots[slot] = life;
    void child.exited.then((exit) => this.recordExit(life, exit));
    await this.witness.note({ kind: "spawned", worker });
    const ready = await child.firstMessage(this.readyWithinMs).then(
      () => true,
      (error: unknown) => {
        if (error instanceof NeverReadyError && !life.expectedToExit) this.failure.reject(error);
        return false; // an exit is judged in `recordExit`
      },
    );
    if (ready && !life.expectedToExit) await this.witness.note({ kind: "ready", worker });
  }

  private async recordExit({ worker, child, expectedToExit }: Life, exit: Exit): Promise<void> {
    await this.witness.note({ kind: "exited", worker, ...exit }).catch(() => {}); // the world may be closed by now
    if (expectedToExit) return;
    this.failure.reject(unexpectedExit(`Worker ${worker}`, child, exit));
  }
}
