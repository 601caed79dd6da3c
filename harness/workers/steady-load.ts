/**
 * A load whose sessions are started at a fixed rate, whatever became of the earlier ones. It goes on by itself and can be asked at any
 * time how far it is, so that what waits to be done shows while it grows and while it shrinks.
 */
import type { SessionClient } from "../../implementations/session/contract.ts";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import { messageOf } from "../errors.ts";
import { type Rate, startAtRate } from "./starts-at-rate.ts";

/** What the harness sends to begin one; answered at once by a {@link SteadyTally}. */
export interface SteadyOrder extends Rate {
  readonly kind: "steady";
  /** Every session is this one under an id of its own, which starts with this one's. */
  readonly spec: SessionSpec;
}

/** Asks how far it is; answered by a {@link SteadyTally}. */
export interface TallyOrder {
  readonly kind: "tally";
}

export interface SteadyTally {
  /** Sessions that were started, those whose start is not acknowledged yet among them. */
  readonly begun: number;
  /** Sessions whose result has come. */
  readonly finished: number;
  /** Sessions whose start was refused, or whose result was an error. */
  readonly failed: number;
  /** What the first of these said. */
  readonly failure: string | null;
  /** Of the sessions that finished since the last tally: from when each was due to its result. */
  readonly latenciesMs: readonly number[];
  /** When the last session was started: how long after the first was due, and how many had not ended. Null before. */
  readonly lastStart: { readonly afterMs: number; readonly backlog: number } | null;
  /** From the last start until no session was left; null before. */
  readonly drainedMs: number | null;
}

export class SteadyLoad {
  readonly #client: Pick<SessionClient, "start">;
  readonly #order: SteadyOrder;
  readonly #startedAt = performance.now();
  #begun = 0;
  #finished = 0;
  #failed = 0;
  #failure: string | null = null;
  #latenciesMs: number[] = [];
  #lastStart: SteadyTally["lastStart"] = null;
  #drainedMs: number | null = null;

  /** The first session is due now. */
  constructor(client: Pick<SessionClient, "start">, order: SteadyOrder) {
    this.#client = client;
    this.#order = order;
    void this.#startAll();
  }

  tally(): SteadyTally {
    const latenciesMs = this.#latenciesMs;
    this.#latenciesMs = [];
    return {
      begun: this.#begun,
      finished: this.#finished,
      failed: this.#failed,
      failure: this.#failure,
      latenciesMs,
      lastStart: this.#lastStart,
      drainedMs: this.#drainedMs,
    };
  }

  /** Starts that come late count from when they were due: callers waited too. */
  async #startAll(): Promise<void> {
    await startAtRate(this.#order, (index, dueAt) => {
      void this.#play(index, dueAt);
      this.#begun++;
    });
    this.#lastStart = { afterMs: performance.now() - this.#startedAt, backlog: this.#backlog };
    this.#noteIfDrained();
  }

  async #play(index: number, dueAt: number): Promise<void> {
    const { spec } = this.#order;
    try {
      const handle = await this.#client.start({ ...spec, sessionId: `${spec.sessionId}-${index}` });
      await handle.result();
      this.#finished++;
      this.#latenciesMs.push(performance.now() - dueAt);
    } catch (error) {
      this.#failed++;
      this.#failure ??= messageOf(error);
    }
    this.#noteIfDrained();
  }

  get #backlog(): number {
    return this.#begun - this.#finished - this.#failed;
  }

  #noteIfDrained(): void {
    if (this.#lastStart === null || this.#backlog > 0) return;
    this.#drainedMs ??= performance.now() - this.#startedAt - this.#lastStart.afterMs;
  }
}
