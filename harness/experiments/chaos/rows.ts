/** The rows of `results.json` that tell of plans: verdicts, the faults of a run, and the smallest plan that still fails. */
import { z } from "zod";
import { invariantIds } from "../../checks/invariants/index.ts";
import { sessionModeSchema } from "../../plan/plan-schema.ts";
import {
  count,
  durationMs,
  rate,
  rateInterval,
  rowsOf,
  targetName,
  verdictValue,
} from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

/** A ledger entry that proves something; which other fields it has depends on its kind. */
const evidenceSchema = z.looseObject({ seq: z.string(), at: z.number(), kind: z.string() });

const violationSchema = z.strictObject({
  session: z.string(),
  what: z.string(),
  evidence: rowsOf(evidenceSchema),
});

const verdictRowSchema = z
  .strictObject({
    target: targetName,
    experiment: z.string(),
    mode: sessionModeSchema,
    invariant: z.enum(invariantIds),
    /** Whether the target declares that the invariant holds for sessions of this mode. */
    guaranteed: z.boolean(),
    verdict: verdictValue,
    /** Why the verdict is `unknown`; null otherwise. */
    reason: z.string().nullable(),
    sessions: count,
    /** Of which the history cannot tell; they are not among `exposed`. */
    undecided: count.default(0),
    exposed: count,
    exposedClusters: count,
    /** How many of `exposed` violated it: the sample behind `upper95` and `rate95`. */
    violatingExposed: count,
    /** Faults of the whole run, not of this invariant. */
    faultsInjected: count,
    faultsEffective: count,
    /** All violations, several in one session included; `violations` may hold only the first of them. */
    violationCount: count,
    violations: rowsOf(violationSchema),
    /** Upper 95 % bound on the violation rate over `exposed`, one-sided. */
    upper95: rate.nullable(),
    /** Two-sided 95 % interval of that rate, where the invariant is not guaranteed but measured. */
    rate95: rateInterval.nullable(),
  })
  .refine((row) => row.violationCount >= row.violations.length, {
    error: "violationCount is less than the violations listed",
    path: ["violationCount"],
  })
  .refine((row) => row.violatingExposed <= row.exposed, {
    error: "more exposed sessions violate it than are exposed",
    path: ["violatingExposed"],
  });

const faultRowSchema = z.strictObject({
  target: targetName,
  id: z.string(),
  kind: z.string(),
  effective: z.boolean(),
  /** Sessions that it interrupted, and sessions that it left waiting without any worker or store. */
  interrupted: count,
  leftWaiting: count,
  /** Workers that it told to leave, and that had to be killed when their time was up; null where it tells nobody to leave. */
  overstayed: count.nullable().default(null),
  /** Of a remote worker that was cut off: which, and for how long nothing was heard of it, ms; null where nothing was heard again. */
  cutOff: z.strictObject({ worker: z.string(), silentMs: durationMs.nullable() }).optional(),
});

/** What is left of a plan that violated a guarantee when all is left out that it takes not. */
const smallestPlanRowSchema = z.strictObject({
  target: targetName,
  invariant: z.enum(invariantIds),
  mode: sessionModeSchema,
  /** As `replay` takes it, from the folder in which the run was started; null where nothing smaller was seen to fail within the time that was granted. */
  file: z.string().nullable(),
  sessions: count,
  faults: count,
  /** Smaller plans that were played. */
  tried: count,
});

export const chaosRowSchemas = {
  verdicts: verdictRowSchema,
  faults: faultRowSchema,
  smallestPlans: smallestPlanRowSchema,
};

export type ChaosRows = RowsOf<typeof chaosRowSchemas>;
export type VerdictRow = ChaosRows["verdicts"][number];
export type FaultRow = ChaosRows["faults"][number];
export type SmallestPlanRow = ChaosRows["smallestPlans"][number];
