/**
 * Test support: histories written by hand, as sentences. Checkers are tested on these, so that each test shows
 * the whole history it judges. One session is in focus at a time; every entry comes 1 ms after the one before.
 */
import type { SessionResult, SessionSpec } from "../../implementations/session/spec.ts";
import {
  type Effect,
  effectsOf,
  isRecordStep,
  recordIndex,
  type Step,
  stepsOf,
} from "../../implementations/session/steps.ts";
import type { EffectPayload, Order, Receipt } from "../../implementations/session/world.ts";
import type { Invariant, Judged, Violation } from "../checks/invariant.ts";
import { caseOf } from "../checks/judge.ts";
import type { FaultKind } from "../faults/kinds/faults.ts";
import { analysisOf } from "../history/analysis.ts";
import { anyClocks } from "../history/clocks.ts";
import { type FaultEntry, type History, indexHistory } from "../history/history.ts";
import type { Entry, EntryBody, Residue } from "../world/entry.ts";

export const leaseMs = 1_000;

/** The session that most tests are about: two activities, and an idle window in which a clock that was restarted can show. */
export const spec: SessionSpec = {
  sessionId: "s1",
  userId: "user-1",
  activities: [
    { action: "view", target: "page-0" },
    { action: "edit", target: "page-1" },
  ],
  idleTimeoutMs: 6_000,
};

export function handWritten(of: SessionSpec = spec): HandWritten {
  return new HandWritten(of);
}

export class HandWritten {
  readonly entries: Entry[] = [];
  #now = 1_000_000;
  #spec: SessionSpec;
  #executions = 0;
  #running: { readonly step: Step; readonly worker: string; readonly execution: string } | null = null;

  constructor(of: SessionSpec) {
    this.#spec = of;
  }

  /** Turns to another session. */
  about(of: SessionSpec): this {
    this.#spec = of;
    return this;
  }

  wait(ms: number): this {
    this.#now += ms;
    return this;
  }

  write(body: EntryBody): this {
    this.#now += 1;
    this.entries.push({ ...body, seq: `${this.#now}-0`, at: this.#now });
    return this;
  }

  workers(...workers: readonly string[]): this {
    for (const worker of workers) this.write({ kind: "spawned", worker }).write({ kind: "ready", worker });
    return this;
  }

  calls(caller = "c1", passed: SessionSpec = this.#spec): this {
    return this.write({ kind: "call", session: this.#session, caller, spec: passed });
  }

  starts(caller = "c1", passed: SessionSpec = this.#spec): this {
    return this.calls(caller, passed).write({ kind: "started", session: this.#session, caller });
  }

  /** `after` is the receipt that it is handed; the right one, where it is left out. */
  begins(
    step: Step,
    worker: string,
    order: Order | null = null,
    after: Receipt | null = this.#receiptBefore(step),
  ): this {
    this.#executions += 1;
    this.#running = { step, worker, execution: `x${this.#executions}` };
    return this.write({ kind: "begin", session: this.#session, order, after, ...this.#running });
  }

  /** The receipt of what a step has landed last; null where it landed nothing. */
  receiptOf(step: Step | undefined): Receipt | null {
    const landed = this.entries.findLast(
      (entry) => entry.kind === "landed" && entry.session === this.#session && entry.step === step,
    );
    return landed?.seq ?? null;
  }

  #receiptBefore(step: Step): Receipt | null {
    const steps = stepsOf(this.#spec.activities.length);
    return this.receiptOf(steps[steps.indexOf(step) - 1]);
  }

  /** An effect of the execution begun last. */
  lands(effect: Effect, payload: EffectPayload = {}): this {
    return this.#effect("landed", effect, payload);
  }

  suppresses(effect: Effect): this {
    return this.#effect("suppressed", effect, {});
  }

  /** A whole step; what has landed before is suppressed. */
  runs(step: Step, worker: string): this {
    this.begins(step, worker);
    for (const effect of effectsOf(step)) {
      const known = this.#landedAt(effect, step) !== undefined;
      this.#effect(known ? "suppressed" : "landed", effect, {});
    }
    return this;
  }

  /** All steps from `from` to `to`, both included, with the wait before `expire`. */
  runsFrom(from: Step, to: Step, worker: string): this {
    const steps = stepsOf(this.#spec.activities.length);
    for (const step of steps.slice(steps.indexOf(from), steps.indexOf(to) + 1)) {
      if (step === "expire") this.wait(this.#spec.idleTimeoutMs);
      this.runs(step, worker);
    }
    return this;
  }

  /** The caller gets the true result, but for what `lies` say. */
  gets(lies: Partial<SessionResult> = {}, caller = "c1"): this {
    const result: SessionResult = {
      sessionId: this.#session,
      userId: this.#spec.userId,
      finalStatus: "cleaned_up",
      activitiesRecorded: this.#spec.activities.length,
      loginAt: this.#landedAt("issue-token", "login") ?? 0,
      expiredAt: this.#landedAt("set-expired", "expire") ?? 0,
      cleanedAt: this.#landedAt("write-audit", "cleanup") ?? 0,
      ...lies,
    };
    return this.write({ kind: "result", session: this.#session, caller, result });
  }

  /** Start to result, without a fault. */
  lives(worker: string): this {
    return this.starts().runsFrom("login", "cleanup", worker).gets();
  }

  kills(fault: string, workers: readonly string[], faultKind: FaultKind = "kill"): this {
    this.write({ kind: "fault", fault, faultKind, workers });
    for (const worker of workers) this.write({ kind: "exited", worker, signal: "SIGKILL", code: null });
    return this;
  }

  /** A fault that does not end a worker at once; `more` is what else its entry says. */
  strikes(
    fault: string,
    faultKind: FaultKind,
    workers: readonly string[] = [],
    more: Partial<Pick<FaultEntry, "how" | "client" | "forgets" | "hits" | "shift">> = {},
  ): this {
    return this.write({ kind: "fault", fault, faultKind, workers, ...more });
  }

  ends(fault: string): this {
    return this.write({ kind: "fault-ended", fault });
  }

  exits(worker: string, signal: string | null = null): this {
    return this.write({ kind: "exited", worker, signal, code: signal === null ? 0 : null });
  }

  /** Two probes are started while the worker alone can take them. */
  offers(worker: string, frozen: readonly string[] = []): this {
    const sessions = ["first", "second"].map((nth) => `${nth} probe of ${worker}`);
    this.write({ kind: "offered", worker, frozen, sessions });
    for (const session of sessions) this.write({ kind: "started", session, caller: "prober" });
    return this;
  }

  /** Somebody begins the second probe that was offered to a worker. */
  beginsProbeOf(worker: string, by: string): this {
    const probe = {
      session: `second probe of ${worker}`,
      step: "login",
      execution: `x${++this.#executions}`,
    } as const;
    return this.write({ kind: "begin", ...probe, worker: by, order: null, after: null });
  }

  endsOffer(worker: string): this {
    return this.write({ kind: "offer-ended", worker });
  }

  /** Each of these workers is offered probes while it alone can take them, and begins one. */
  allHear(...workers: readonly string[]): this {
    for (const worker of workers) {
      this.offers(
        worker,
        workers.filter((other) => other !== worker),
      );
      this.beginsProbeOf(worker, worker).endsOffer(worker);
    }
    return this;
  }

  inspected(place: "world" | "store", ...residue: readonly Residue[]): this {
    return this.write({ kind: "inspected", place, residue });
  }

  history(): History {
    return indexHistory(this.entries);
  }

  /** All sessions of the history, put before a checker. */
  case(lease = leaseMs, clocks = anyClocks): Judged {
    const history = this.history();
    const sessions = [...history.sessions.keys()].map((sessionId) => ({ sessionId }));
    return caseOf(analysisOf(history, { leaseMs: lease, clocks }), sessions);
  }

  /** What an invariant finds broken. */
  violationsOf(invariant: Invariant, lease = leaseMs, clocks = anyClocks): readonly Violation[] {
    return invariant.check(this.case(lease, clocks)).violations;
  }

  /** The sessions that an invariant takes for exposed, with their clusters. */
  exposedTo(invariant: Invariant, lease = leaseMs): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(invariant.check(this.case(lease)).exposed);
  }

  get #session(): string {
    return this.#spec.sessionId;
  }

  #effect(kind: "landed" | "suppressed", effect: Effect, payload: EffectPayload): this {
    if (this.#running === null) throw new Error("an effect needs an execution: write begins() first");
    const { step } = this.#running;
    const index = isRecordStep(step) ? recordIndex(step) : undefined;
    const activity = index === undefined ? undefined : this.#spec.activities[index];
    const recorded = index === undefined || activity === undefined ? {} : { index, activity };
    return this.write({
      kind,
      session: this.#session,
      effect,
      key: `${this.#session}:${step}:${effect}`,
      payload: { userId: this.#spec.userId, ...recorded, ...payload },
      ...this.#running,
    });
  }

  #landedAt(effect: Effect, step: Step): number | undefined {
    return this.entries.findLast(
      (entry) =>
        entry.kind === "landed" &&
        entry.session === this.#session &&
        entry.effect === effect &&
        entry.step === step,
    )?.at;
  }
}
