/** One worker, kept there as a supervisor keeps it: one that dies, by an order of the world or by itself, is followed by another. */
import type { Case } from "../../../run/case.ts";
import type { CaseWorker } from "../../../run/case-worker.ts";

export class KeptWorker {
  private readonly testCase: Case;
  private readonly leaving = new Set<CaseWorker>();
  private readonly workers: CaseWorker[] = [];
  private succession: Promise<void> = Promise.resolve();
  private isOver = false;
  /** When one died, ms on this machine's clock, which is the world's. */
  readonly deaths: number[] = [];

  constructor(testCase: Case) {
    this.testCase = testCase;
  }

  /** Resolves when a worker is there. */
  async start(): Promise<void> {
    const worker = await this.testCase.startWorker({ mayEnd: true });
    this.workers.push(worker);
    void worker.child.exited.then(() => {
      if (this.isOver || this.leaving.has(worker)) return;
      this.succession = this.succession.then(() => this.succeed(worker));
    });
  }

  /** How many lines those that were there have written to their logs. */
  get logLines(): number {
    return this.workers.reduce((sum, { child }) => sum + child.log().length, 0);
  }

  /** The name of the one that is there, or was the last. */
  get name(): string {
    return this.workers.at(-1)?.worker ?? "";
  }

  /** A deploy: another worker starts, and the old one gets SIGTERM. Resolves with how long that one took to end, ms. */
  async deploy(graceMs: number): Promise<number> {
    await this.succession;
    const old = this.workers.at(-1);
    if (old === undefined) return 0;
    this.leaving.add(old);
    await this.start();
    const startedAt = performance.now();
    await this.testCase.end(old, graceMs);
    return performance.now() - startedAt;
  }

  /** Nobody follows whoever dies from now on. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.succession;
  }

  private async succeed(dead: CaseWorker): Promise<void> {
    this.deaths.push(Date.now());
    const exit = await dead.child.exited;
    if (exit.signal === "SIGKILL") await this.testCase.diedAt("its order", dead, exit);
    else await this.testCase.end(dead);
    if (!this.isOver) await this.start();
  }
}
