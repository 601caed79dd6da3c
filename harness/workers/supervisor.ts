/**
 * Keeps N worker slots occupied and is the only one who kills in them. Every birth, readiness, kill and exit
 * goes into the ledger in the order in which it happened; a worker that dies without being told to ends the run.
 */
import { setTimeout as delay } from "node:timers/promises";
import { HarnessError } from "../errors.ts";
import type { FaultKind, Incarnation } from "../history/entry.ts";
import type { Witness } from "../world/witness.ts";
import type { Child } from "./reaper.ts";

/** A slot whose worker is killed, and how long it stays empty, ms. */
export interface Restart {
  readonly slot: number;
  readonly restartAfterMs: number;
}

interface Life {
  readonly worker: Incarnation;
  readonly child: Child;
  /** Set before the harness ends this life, so that its exit is expected. */
  doomed: boolean;
}

export class Supervisor {
  private readonly witness: Witness;
  private readonly spawn: (worker: Incarnation) => Child;
  private readonly slots: (Life | null)[];
  private readonly lives: number[];
  /** For each slot, the restart that is under way; a newer one replaces it. */
  private readonly restarts: (object | null)[];
  private readonly failure = Promise.withResolvers<never>();

  /** `spawn` starts the process of one incarnation, whose first message says that it is ready. */
  constructor(witness: Witness, slotCount: number, spawn: (worker: Incarnation) => Child) {
    this.witness = witness;
    this.spawn = spawn;
    this.slots = Array(slotCount).fill(null);
    this.lives = Array(slotCount).fill(0);
    this.restarts = Array(slotCount).fill(null);
    this.failure.promise.catch(() => {}); // whoever awaits it is told; nobody may be awaiting it yet
  }

  /** Rejects with a HarnessError when a worker died by itself or could not be started. */
  get failed(): Promise<never> {
    return this.failure.promise;
  }

  /** Occupies every slot; resolves when all workers are ready. */
  async start(): Promise<void> {
    await Promise.race([Promise.all(this.slots.map((_, slot) => this.occupy(slot))), this.failed]);
  }

  /**
   * SIGKILLs the workers of these slots at once, and puts new ones there after their delays. A slot that is being
   * restarted starts over, so that nobody is there for as long. Resolves when the new ones are ready.
   */
  async kill(fault: string, faultKind: FaultKind, restarts: readonly Restart[]): Promise<void> {
    const victims = restarts.map(({ slot }) => this.slots[slot]).filter((life) => life != null);
    for (const { slot } of restarts) {
      this.slots[slot] = null;
      this.restarts[slot] = null; // before anything is awaited: no restart under way may put a worker there unseen
    }
    for (const life of victims) life.doomed = true;
    await this.witness.note({
      kind: "fault",
      fault,
      faultKind,
      workers: victims.map(({ worker }) => worker),
    });
    for (const life of victims) life.child.kill("SIGKILL");
    await Promise.all(victims.map(({ child }) => child.exited));
    await Promise.all(restarts.map((restart) => this.restart(restart)));
  }

  /** Lets every worker finish (SIGTERM); kills what has not left after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.restarts.fill({}); // no restart that is under way may put a new worker there
    await Promise.all(
      this.slots.map(async (life) => {
        if (life === null) return;
        life.doomed = true;
        life.child.kill("SIGTERM");
        const left = await Promise.race([life.child.exited, delay(graceMs, null, { ref: false })]);
        if (left === null) life.child.kill("SIGKILL");
        await life.child.exited;
      }),
    );
  }

  private async restart({ slot, restartAfterMs }: Restart): Promise<void> {
    const mine = {};
    this.restarts[slot] = mine;
    await delay(restartAfterMs);
    if (this.restarts[slot] === mine) await this.occupy(slot);
  }

  private async occupy(slot: number): Promise<void> {
    const lifeNumber = (this.lives[slot] ?? 0) + 1;
    this.lives[slot] = lifeNumber;
    const worker = `w${slot}#${lifeNumber}`;
    const child = this.spawn(worker);
    const life: Life = { worker, child, doomed: false };
    this.slots[slot] = life;
    void child.exited.then((exit) => this.bury(life, exit));
    await this.witness.note({ kind: "spawned", worker });
    const ready = await child.firstMessage().then(
      () => true,
      () => false, // its exit is judged in `bury`
    );
    if (ready && !life.doomed) await this.witness.note({ kind: "ready", worker });
  }

  private async bury(
    { worker, child, doomed }: Life,
    exit: { signal: string | null; code: number | null },
  ): Promise<void> {
    await this.witness.note({ kind: "exited", worker, ...exit }).catch(() => {}); // the world may be closed by now
    if (doomed) return;
    const how = exit.signal ?? `exit code ${exit.code}`;
    this.failure.reject(
      new HarnessError(
        `Worker ${worker} ended by itself (${how}).`,
        `Its last words: ${child.lastWords() || "none"}`,
      ),
    );
  }
}
