/**
 * What a kind of fault is: its shape in a plan, how it is drawn and done, and what it means for whoever reads a history.
 * Two sorts come from a plan: timed ones are done at a time of the run, armed ones are tied to a session before it begins.
 */
import { z } from "zod";
import type { Step } from "../../../implementations/session/steps.ts";
import type { Order } from "../../../implementations/session/world.ts";
import type { Draw } from "../../draw.ts";

/** How long a kill and what follows from it take, in leases: until then the next fault should wait. */
export const leasesPerPlace = 1.7;
/** An idle window of so many leases is long: it tells a clock that was restarted from one that was not. */
export const longWaitLeases = 6;

/** The longest delay that a timer of Node takes, ms. */
export const latestMs = 2 ** 31 - 1;

export const durationMs = z.int().min(0).max(latestMs);
export const slot = z.int().nonnegative();
/** As the ledger names it. */
const id = z.string().min(1);
/** How often something may be done at the most: as many orders, or callers, are made before the run. */
export const repetitions = z.int().min(1).max(1_000);

/** What every timed fault has: it begins so long after the start of the run. */
export const timed = { id, atMs: durationMs };
/** What every armed fault has. */
export const armed = { id, session: z.string() };
export const step = z.union([
  z.enum(["login", "mark-idle", "notify", "expire", "cleanup"]),
  z.templateLiteral(["record:", z.int().nonnegative()]),
]);

/** What it does to whoever it hits; guarantees are declared by that. */
export type Harm =
  /** Workers die. */
  | "death"
  /** Workers live on while their sessions may be taken from them. */
  | "zombie"
  /** The store is down. */
  | "outage"
  /** The store is down, and back without some of what it acknowledged. */
  | "loss"
  /** A step fails. */
  | "failure"
  /** Nobody dies at work and no lease lapses. */
  | "none";

/**
 * What a fault takes of a store: that it is the run's own, and nothing else; that it can be brought to refuse writes; that a
 * replica can take its place; that its clock can be set wrong; that it can be told what it has synced of its files.
 */
export type StoreNeed = "own" | "refusal" | "replica" | "clock" | "power";

/** The process or store that a fault is done to. */
export type Victim =
  | { readonly kind: "worker"; readonly slot: number }
  | { readonly kind: "client"; readonly client: number }
  | { readonly kind: "store" };

/** What a fault that lasts stops, until the ledger says that it is over. */
export interface Stopped {
  readonly whom: "victims" | "everybody" | "nobody";
  /** Whether they can do nothing at all for the store's sessions meanwhile. */
  readonly isTotal: boolean;
}

interface Kind<Name extends string> {
  readonly kind: Name;
  readonly harm: Harm;
}

/** What all kinds that a plan can hold have in common. */
interface PlannedKind<Fault> {
  readonly harm: Harm;
  /** How often it comes in the mix `all`, against the others; below 1, only where the run is so long that one falls to it. */
  readonly weight: number;
  /** Faults that do less of the same, the simplest first: what shrinks a plan tries them in its place. Pure. */
  simplerForms?(fault: Fault): readonly Fault[];
}

/** What faults have to fit into. Times are ms. */
export interface Setting {
  readonly workers: number;
  readonly clients: number;
  readonly leaseMs: number;
  /** Those to choose from. */
  readonly slots: readonly number[];
  /** How many of its kind are drawn before it. */
  readonly nth: number;
}

/** A kind of fault that comes at a time of the run. */
export interface TimedBehaviour<Fault> extends PlannedKind<Fault> {
  /** How much of the run it takes, as a multiple of a kill's share; on average, where that varies. */
  readonly places: number;
  /** The same of one fault, where that varies. Pure. */
  placesOf?(fault: Fault, leaseMs: number): number;
  /** Whether it sets workers' clocks wrong. */
  readonly setsWorkersClocks?: true;
  /** What it takes of the store, besides that the run started it; absent where any store will do. */
  readonly needs?: StoreNeed;
  /** Whether it tells workers to leave: they take nothing new, and bring to rest what they have. */
  readonly tellsToLeave?: true;
  /** What distinguishes a fault from others of its kind, but for its name and time. Pure but for the draws. */
  draw(draw: Draw, setting: Setting): Omit<Fault, "kind" | "id" | "atMs">;
  /** Pure. */
  victimsOf(fault: Fault, workers: number): readonly Victim[];
  /** When it is over, ms after the start of the run; when it comes, where it does not last. Pure. */
  endOf(fault: Fault): number;
  /** What a plan that was edited by hand says against itself, besides victims that there are not. Pure. */
  contradictionIn?(fault: Fault, plan: Pick<Setting, "workers">): string | null;
  /** Whom it keeps from the store, wholly or in part, until the ledger says that it has ended; absent for kinds without that entry. Pure. */
  whatItStops?(how: string | undefined): Stopped;
  /** By how much a session may be late because of it when it is over, ms; by nothing, where it is left out. Pure. */
  delaysByMs?(fault: Fault): number;
  /** Does it. Resolves when it is over, and whatever it took away is back. */
  inject(fault: Fault, tools: InjectTools): Promise<void>;
}

/** What of a run such a fault has to fit into, ms. */
export interface ArmedTiming {
  readonly leaseMs: number;
  readonly retryDelayMs: number;
}

/** A kind of fault that is tied to a session before the run begins. */
export interface ArmedBehaviour<Fault> extends PlannedKind<Fault> {
  /** Pure but for the draws. */
  draw(draw: Draw, session: { readonly step: Step } & ArmedTiming): Omit<Fault, "kind" | "id" | "session">;
  /** What the world tells the next executions of a step; absent where the fault is no order. Pure. */
  orderOf?(fault: Fault): { readonly step: Step; readonly order: Order; readonly times: number };
  /** How many callers it sends along with the session's first. Pure. */
  callersOf?(fault: Fault): number;
}

/** What a store may no longer know after a fault, though it had acknowledged it. */
export interface Forgets {
  /** Whatever it acknowledged for so long before the fault, ms. */
  readonly sinceMs: number;
  /** But the starts of sessions, which it knows. */
  readonly keepsStarts?: true;
}

/** Tools that faults are injected with. Whatever is done to workers is said in the ledger first. */
export interface InjectTools {
  /** Says in the ledger that the fault begins, and whom it is done to. */
  begin(to: {
    readonly workers: readonly string[];
    readonly how?: string;
    readonly client?: number;
    readonly shift?: Shift;
    readonly forgets?: Forgets;
  }): Promise<void>;
  /** Says in the ledger that a fault that lasts is over, and of a store that forgot how long after its beginning it was dead, ms. */
  end(more?: { readonly deadAfterMs: number }): Promise<void>;
  delay(ms: number): Promise<void>;
  /** Waits until a session begins a long wait; resolves with false where none does for a while. */
  untilLongWait(): Promise<boolean>;
  readonly workers: {
    /** SIGKILLs those in these slots at once; resolves when others are ready there, each after its delay. `how` is for the ledger. */
    kill(restarts: readonly Restart[], how?: string): Promise<void>;
    /** Sends SIGTERM, and SIGKILL to one that takes too long; resolves when another one is ready there. */
    terminate(restart: Restart): Promise<void>;
    /** SIGSTOP, and SIGCONT after `forMs`; begins and ends the fault. */
    pause(slot: number, forMs: number): Promise<void>;
    /** Who is in a slot; null while it is empty. */
    occupant(slot: number): string | null;
  };
  readonly store: {
    kill(): Promise<void>;
    restart(): Promise<void>;
    refuseWrites(refuses: boolean): Promise<void>;
    readonly replica: ReplicaTools;
    readonly disk: DiskTools;
  };
  /** Lets clocks jump by so many ms, from wherever they are; back, where that is negative. */
  readonly clocks: {
    moveWorkers(slots: readonly number[], byMs: number): void;
    moveStore(byMs: number): void;
  };
  /** What stands between a worker or client and the store. */
  connectionOf(end: Exclude<Victim, { readonly kind: "store" }>): Connection;
}

/** Whose clock is set wrong, and by how much. */
export interface Shift {
  /** Of whoever is in these slots. */
  readonly slots: readonly number[];
  readonly ofStore?: true;
  readonly byMs: number;
  /** Whether it stays wrong when the fault is over. */
  readonly stays?: true;
}

/** The store's disk. */
export interface DiskTools {
  /** How the store syncs, for the ledger; and, should power be lost now, since when nothing is sure to be kept, ms ago. Null, if all that was acknowledged is. */
  looks(): { readonly how: string; readonly forgetsForMs: number | null };
  /** Takes away what was not synced; the store is dead. */
  losePower(): void;
}

/** The store's replica. */
export interface ReplicaTools {
  /** From now on nothing reaches it; until then it has all. */
  lag(): Promise<void>;
  /** What a failover leaves under such a defence of what was acknowledged since. */
  keeps(defence: string): "nothing" | "starts" | "everything";
  /** SIGKILLs the primary and puts the replica in its place; resolves when that answers, and has a replica itself. */
  takeOver(onDead: () => void): Promise<void>;
}

/** A slot whose worker is ended, and how long it stays empty, ms. */
export interface Restart {
  readonly slot: number;
  readonly restartAfterMs: number;
}

export interface Connection {
  stop(direction: "to-store" | "from-store" | "both"): void;
  delay(latencyMs: number): void;
  cut(): void;
  swallowReply(): Promise<void>;
  /** Resolves when the process has given up every connection that vanished. */
  vanish(): Promise<void>;
  heal(): void;
}

type KindShape = { kind: z.ZodLiteral<string> };

/** A kind whose faults have this shape in a plan. */
export function timedKind<Schema extends z.ZodObject<KindShape & typeof timed>>(
  schema: Schema,
  behaviour: TimedBehaviour<z.infer<Schema>>,
): Kind<z.infer<Schema>["kind"]> &
  TimedBehaviour<z.infer<Schema>> & { readonly sort: "timed"; readonly schema: Schema } {
  return { sort: "timed", kind: schema.shape.kind.value, schema, ...behaviour };
}

/** A kind whose faults have this shape in a plan. */
export function armedKind<Schema extends z.ZodObject<KindShape & typeof armed>>(
  schema: Schema,
  behaviour: ArmedBehaviour<z.infer<Schema>>,
): Kind<z.infer<Schema>["kind"]> &
  ArmedBehaviour<z.infer<Schema>> & { readonly sort: "armed"; readonly schema: Schema } {
  return { sort: "armed", kind: schema.shape.kind.value, schema, ...behaviour };
}

/** A kind that no plan holds, since something else brings it about. */
export function provokedKind<Name extends string>(
  kind: Name,
  harm: Harm,
  stops: Stopped | null,
): Kind<Name> & { readonly sort: "provoked"; readonly stops: Stopped | null } {
  return { sort: "provoked", kind, harm, stops };
}

/** A victim by name: `worker SLOT`, `client INDEX`, `store`. */
export function nameOf(victim: Victim): string {
  switch (victim.kind) {
    case "worker":
      return `worker ${victim.slot}`;
    case "client":
      return `client ${victim.client}`;
    case "store":
      return "store";
  }
}

/** Draws a duration between two multiples of the lease, ms. */
export function drawLeases(draw: Draw, leaseMs: number, from: number, to: number): number {
  return draw(Math.round(from * leaseMs), Math.round(to * leaseMs));
}
