/**
 * The entries of a ledger: what workers, clients and the harness did, in the one total order that the
 * world gave them. A history is a list of these and of nothing else.
 */
import type { SessionResult, SessionSpec } from "../../implementations/session/spec.ts";
import type { Effect, Step } from "../../implementations/session/steps.ts";
import type { EffectPayload, Order, Receipt } from "../../implementations/session/world.ts";
import type { FaultKind } from "../faults/kinds/faults.ts";
import type { Forgets, Shift } from "../faults/kinds/kind.ts";

/** How often a worker says that it is alive. */
export const beatsPerLease = 10;

/** One life of a worker process, `SLOT#LIFE`, such as `w1#3`. */
export type Incarnation = string;

/** Whose code a worker runs, where a lifecycle has two versions: the published one's, the next one's, or that of both. */
export type CodeVersion = "published" | "next" | "both";

interface EffectBody {
  readonly session: string;
  readonly step: Step;
  readonly effect: Effect;
  readonly worker: Incarnation;
  readonly execution: string;
  readonly key: string;
  readonly payload: EffectPayload;
}

export type EntryBody =
  /**
   * A step's body started. `order` is what the world told this execution to do; `after` the receipt that it was handed, null
   * where it was handed none: the `seq` of what the step before it had landed. Absent in ledgers of versions without receipts.
   */
  | {
      readonly kind: "begin";
      readonly session: string;
      readonly step: Step;
      readonly worker: Incarnation;
      readonly execution: string;
      readonly order: Order | null;
      readonly after?: Receipt | null;
    }
  /** An effect reached the world: it `landed`, or its key was known and it was `suppressed`. */
  | (EffectBody & { readonly kind: "landed" | "suppressed" })
  /** An effect reached the world with an old fencing number, and was refused. */
  | (EffectBody & { readonly kind: "rejected" })
  /** The world could not do what a step asked of it, for a reason of its own: that step failed, and nobody under test is to blame. */
  | {
      readonly kind: "refused";
      readonly session: string;
      readonly step: Step;
      /** Null where it was the execution itself that could not be opened. */
      readonly effect: Effect | null;
      readonly worker: Incarnation;
      readonly execution: string;
      readonly error: string;
    }
  /** A caller is about to start a session; `spec` is what it passes, `client` the index of the process that it lives in. */
  | {
      readonly kind: "call";
      readonly session: string;
      readonly caller: string;
      readonly spec: SessionSpec;
      readonly client?: number;
    }
  /** The caller's start was acknowledged, or failed (then the session may or may not exist). */
  | { readonly kind: "started"; readonly session: string; readonly caller: string }
  | {
      readonly kind: "start-failed";
      readonly session: string;
      readonly caller: string;
      readonly error: string;
    }
  /** The caller got the lifecycle's result, or an error instead. */
  | {
      readonly kind: "result";
      readonly session: string;
      readonly caller: string;
      readonly result: SessionResult;
    }
  | {
      readonly kind: "result-failed";
      readonly session: string;
      readonly caller: string;
      readonly error: string;
    }
  /** Life of worker processes. `exited` is written when the operating system reported the exit. */
  | { readonly kind: "ready"; readonly worker: Incarnation }
  /** `code` is the version of the code that it runs, where there are several. */
  | { readonly kind: "spawned"; readonly worker: Incarnation; readonly code?: CodeVersion }
  /** What a worker's log said of a session until now: how many lines, and the first of them. */
  | {
      readonly kind: "logged";
      readonly session: string;
      readonly worker: Incarnation;
      readonly lines: number;
      readonly first: string;
    }
  | {
      readonly kind: "exited";
      readonly worker: Incarnation;
      readonly signal: string | null;
      readonly code: number | null;
    }
  /** The harness is about to inject a fault into these workers; into none of them where it is done to something else. */
  | {
      readonly kind: "fault";
      readonly fault: string;
      readonly faultKind: FaultKind;
      readonly workers: readonly Incarnation[];
      /** In what way it is done, where there are several: of a partition, what becomes of the bytes. */
      readonly how?: string;
      /** Of a fault that is done to a client: its index. */
      readonly client?: number;
      /** Of a clock that is set wrong. */
      readonly shift?: Shift;
      /** Of a fault after which the store does not know all that it had acknowledged. */
      readonly forgets?: Forgets;
      /** Of a fault that is done to a session itself, and was armed before the run: that session. */
      readonly hits?: string;
    }
  /** A fault that lasts is over: what was stopped runs again, the proxy connection carries everything, the store answers. */
  | {
      readonly kind: "fault-ended";
      readonly fault: string;
      /** Of a store that forgot: when it was dead, ms after the fault began. What it acknowledges from then on, it knows. */
      readonly deadAfterMs?: number;
    }
  /** The last fault is over: every worker slot is occupied by a ready process that reaches a store which answers. */
  | { readonly kind: "healed" }
  /** A worker's event loop turns, and the world answers it; written {@link beatsPerLease} times per lease. */
  | {
      readonly kind: "alive";
      readonly worker: Incarnation;
      /** How long its store took to answer, or has left it without an answer so far, as the worker saw it, ms. */
      readonly tookMs?: number;
    }
  /**
   * These probe sessions, which are none of the plan's, are about to be started while one worker alone can take them: the `frozen`
   * ones are stopped (SIGSTOP). `offer-ended` comes before they go on.
   */
  | {
      readonly kind: "offered";
      readonly worker: Incarnation;
      readonly frozen: readonly Incarnation[];
      readonly sessions: readonly string[];
    }
  | { readonly kind: "offer-ended"; readonly worker: Incarnation }
  /** What was left in the world or in the store once everything had ended; empty `residue` means nothing. */
  | { readonly kind: "inspected"; readonly place: "world" | "store"; readonly residue: readonly Residue[] };

export type EntryBodyOf<Kind extends EntryBody["kind"]> = Extract<EntryBody, { readonly kind: Kind }>;

/** Something that should be gone. `session` is null where it cannot be attributed. */
export interface Residue {
  readonly session: string | null;
  readonly what: string;
}

/** An entry with its place in the total order (`seq`, a Redis stream id) and its time, ms on the world's clock. */
export type Entry = EntryBody & { readonly seq: string; readonly at: number };
export type EntryOf<Kind extends Entry["kind"]> = Extract<Entry, { readonly kind: Kind }>;

/** What ends a caller's wait: the result, an error in its place, or the failure of its start. */
type Answer = EntryOf<"result" | "result-failed" | "start-failed">;

export function isAnswer(entry: Entry): entry is Answer {
  return entry.kind === "result" || entry.kind === "result-failed" || entry.kind === "start-failed";
}
