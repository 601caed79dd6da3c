/**
 * The faults that a plan can hold, each with all that it needs to happen the same way again. Two sorts: most come at
 * a time of the run; `throw`, `slow` and `race` are tied to a session and armed before the run begins.
 */
import { z } from "zod";
import { faultKinds } from "../world/entry.ts";

/** Node's timers take no more, ms. */
export const latestMs = 2 ** 31 - 1;

const id = z.string();
const durationMs = z.int().min(0).max(latestMs);
const slot = z.int().nonnegative();
/** Every timed fault begins so long after the start of the run. */
const timed = { id, atMs: durationMs };

/** What becomes of the bytes between a worker or a client and the store. */
export const partitionHowSchema = z.discriminatedUnion("kind", [
  /** Nothing goes on in this direction; what was sent meanwhile arrives when it is over. */
  z.strictObject({
    kind: z.literal("stop"),
    direction: z.enum(["to-store", "from-store", "both"]),
    forMs: durationMs,
  }),
  /** Everything arrives so much later, in both directions. */
  z.strictObject({ kind: z.literal("delay"), latencyMs: durationMs, forMs: durationMs }),
  /** All connections break, at once; new ones can be made. */
  z.strictObject({ kind: z.literal("cut") }),
  /** The next request is applied, and its answer never comes; where there is none within `forMs`, nothing happens. */
  z.strictObject({ kind: z.literal("swallow-reply"), forMs: durationMs }),
]);

/** One end of the link that a partition is about; the other is the store. */
const endSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("worker"), slot }),
  z.strictObject({ kind: z.literal("client"), client: z.int().nonnegative() }),
]);

const stepSchema = z.union([
  z.enum(["login", "mark-idle", "expire", "cleanup"]),
  z.templateLiteral(["record:", z.int().nonnegative()]),
]);

export const timedFaultSchema = z.discriminatedUnion("kind", [
  /** SIGKILL the worker in `slot`; another process takes the slot after `restartAfterMs`. */
  z.strictObject({ kind: z.literal("kill"), ...timed, slot, restartAfterMs: durationMs }),
  /** SIGKILL every worker at once; they come back one after another, each slot after its own delay. */
  z.strictObject({ kind: z.literal("kill-all"), ...timed, restartsAfterMs: z.array(durationMs).min(1) }),
  /** SIGTERM, as a deploy sends it: the worker drains and leaves, or is killed when it takes too long; then the next one starts. */
  z.strictObject({ kind: z.literal("terminate"), ...timed, slot, restartAfterMs: durationMs }),
  /** SIGSTOP, and SIGCONT after `forMs`: the same process goes on, and does not know that time has passed. */
  z.strictObject({ kind: z.literal("pause"), ...timed, slot, forMs: durationMs }),
  z.strictObject({
    kind: z.literal("partition"),
    ...timed,
    between: endSchema,
    how: partitionHowSchema,
  }),
  /** SIGKILL of the store; it starts again on the same data. */
  z.strictObject({ kind: z.literal("kill-store"), ...timed, restartAfterMs: durationMs }),
]);

export const armedFaultSchema = z.discriminatedUnion("kind", [
  /** The step fails, so many times in a row, before its first effect or after its last. */
  z.strictObject({
    kind: z.literal("throw"),
    id,
    session: z.string(),
    step: stepSchema,
    when: z.enum(["before", "after"]),
    times: z.int().positive(),
  }),
  /** One execution of the step takes so much longer. */
  z.strictObject({
    kind: z.literal("slow"),
    id,
    session: z.string(),
    step: stepSchema,
    delayMs: durationMs.positive(),
  }),
  /** So many callers start the session at the same moment as its first caller, from all clients. */
  z.strictObject({ kind: z.literal("race"), id, session: z.string(), callers: z.int().positive() }),
]);

export const faultSchema = z.discriminatedUnion("kind", [timedFaultSchema, armedFaultSchema]);

export type PlannedFault = z.infer<typeof faultSchema>;
export type TimedFault = z.infer<typeof timedFaultSchema>;
export type ArmedFault = z.infer<typeof armedFaultSchema>;
export type PartitionHow = z.infer<typeof partitionHowSchema>;

/** A kind of fault that a plan can hold: all but `crash-point`, which has an experiment of its own. */
export type PlannedFaultKind = PlannedFault["kind"];

/** In the order in which all kinds are listed. */
export const plannedFaultKinds: readonly PlannedFaultKind[] = faultKinds.filter(
  (kind) => kind !== "crash-point",
);

export function isTimed(fault: PlannedFault): fault is TimedFault {
  return "atMs" in fault;
}

/** The worker slots that a fault is done to, of so many; none where it is done to something else. */
export function slotsOf(fault: PlannedFault, workers: number): readonly number[] {
  switch (fault.kind) {
    case "kill":
    case "terminate":
    case "pause":
      return [fault.slot];
    case "kill-all":
      return Array.from({ length: workers }, (_, slot) => slot);
    case "partition":
      return fault.between.kind === "worker" ? [fault.between.slot] : [];
    default:
      return [];
  }
}

/** Whom a fault is done to, by name: `worker SLOT`, `client INDEX`, `store`. */
export function victimsOf(fault: TimedFault, workers: number): readonly string[] {
  if (fault.kind === "kill-store") return ["store"];
  if (fault.kind === "partition" && fault.between.kind === "client")
    return [`client ${fault.between.client}`];
  return slotsOf(fault, workers).map((slot) => `worker ${slot}`);
}

/** When a fault that lasts is over, ms after the start of the run; of the others, when it comes. */
export function endOf(fault: TimedFault): number {
  switch (fault.kind) {
    case "pause":
      return fault.atMs + fault.forMs;
    case "partition":
      return fault.atMs + (fault.how.kind === "cut" ? 0 : fault.how.forMs);
    case "kill-store":
      return fault.atMs + fault.restartAfterMs;
    default:
      return fault.atMs;
  }
}
