/** What became of a run with one kind of fault on one target. */
import { z } from "zod";
import { plannedFaultKinds } from "../../faults/kinds/faults.ts";
import { count, durationMs, targetName } from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

const faultOutcomeSchema = z.strictObject({
  target: targetName,
  /** The run's name, its kind of fault, and what happens in it. */
  run: z.string(),
  kind: z.enum(plannedFaultKinds),
  says: z.string(),
  /** Why the target cannot take it; then everything else is empty. */
  notTaken: z.string().nullable(),
  injected: count,
  /** Sessions that a fault hit, at work, waiting, or calling. */
  hit: count,
  /** Sessions whose start was acknowledged while the replica was behind, or before the store lost it; and those that were lost, with those of them that keep a live token. */
  acknowledged: count,
  lost: count,
  lostWithToken: count,
  /** Starts that failed. */
  refused: count,
  /** Sessions that were done, and of which steps ran again. */
  ranAgain: count,
  /** Sessions of which some step was executed more than once; and, of those whose services ignore keys, those of which an effect landed twice. */
  repeated: count,
  doubledWithoutKeys: count,
  /** How far before, and after, its deadline a session began to expire at the most, ms. */
  earlyMs: durationMs,
  lateMs: durationMs,
  /** From a fault, or its end where it takes everybody away, until its victims began something again, ms at the most; null where none was stopped. */
  resumedMs: durationMs.nullable(),
  /** Faults after which their victims began nothing any more, though there was work. */
  stuck: count,
  /** Guarantees of the target under the fault, in both modes; those of which the run decided that they held, and that they did not. */
  promised: count,
  held: count,
  violated: count,
  /** One session of it that shows best what happens; null where there is none. */
  story: z.string().nullable(),
});

export const faultOutcomeSchemas = { faultOutcomes: faultOutcomeSchema };

export type FaultOutcomeRows = RowsOf<typeof faultOutcomeSchemas>;
export type FaultOutcome = FaultOutcomeRows["faultOutcomes"][number];

/** The name of the ledger of a run. */
export function ledgerOf(run: string): string {
  return `fault-${run}`;
}
