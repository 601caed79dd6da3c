/**
 * The shape of `results.json`: all that a run found, and all that a report may say. Every figure that could not
 * be measured is `null`; an experiment that did not run leaves its array empty.
 */
import { z } from "zod";
import { invariantIds } from "../checks/verdict.ts";
import { codeSizeRule } from "../experiments/code-size/rule.ts";
import { sessionModeSchema } from "../plan/plan-schema.ts";
import { durabilities } from "../stores/store.ts";
import {
  costRowSchema,
  footprintRowSchema,
  idleScaleRowSchema,
  loadRatioRowSchema,
  loadRowSchema,
} from "./performance-schema.ts";

export const resultsSchemaVersion = 1;

const rowsOf = <Row extends z.ZodType>(row: Row) => z.array(row).readonly();
const count = z.int().nonnegative();
const durationMs = z.number().nonnegative();
const measuredMs = durationMs.nullable();
const rate = z.number().min(0).max(1);
const verdictValue = z.enum(["pass", "fail", "unknown"]);
/** `implementation@store`. */
const target = z.string().min(1);

/** A ledger entry that proves something; which other fields it has depends on its kind. */
const evidenceSchema = z.looseObject({ seq: z.string(), at: z.number(), kind: z.string() });

const violationSchema = z.strictObject({
  session: z.string(),
  what: z.string(),
  evidence: rowsOf(evidenceSchema),
});

const verdictRowSchema = z
  .strictObject({
    target,
    experiment: z.string(),
    mode: sessionModeSchema,
    invariant: z.enum(invariantIds),
    /** Whether the target declares that the invariant holds for sessions of this mode. */
    guaranteed: z.boolean(),
    verdict: verdictValue,
    /** Why the verdict is `unknown`; null otherwise. */
    reason: z.string().nullable(),
    sessions: count,
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
    rate95: z.tuple([rate, rate]).readonly().nullable(),
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
  target,
  id: z.string(),
  kind: z.string(),
  effective: z.boolean(),
  /** Sessions that it interrupted, and sessions that it left waiting without any worker or store. */
  interrupted: count,
  leftWaiting: count,
});

/** What is left of a plan that violated a guarantee when all is left out that it takes not. */
const smallestPlanRowSchema = z.strictObject({
  target,
  invariant: z.enum(invariantIds),
  mode: sessionModeSchema,
  /** As `replay` takes it, from the folder in which the run was started; null where nothing smaller was seen to fail within the time that was granted. */
  file: z.string().nullable(),
  sessions: count,
  faults: count,
  /** Smaller plans that were played. */
  tried: count,
});

/** From a fault to the next execution of the sessions that it interrupted. */
const recoveryRowSchema = z.strictObject({
  target,
  faultKind: z.string(),
  leaseMs: durationMs,
  /** Whether that lease is what the engine takes where nobody asks for another. */
  leaseIsDefault: z.boolean(),
  /** Intervals measured whole, and intervals that another fault cut short; the figures are of the former. */
  intervals: count,
  censored: count,
  p50Ms: measuredMs,
  p95Ms: measuredMs,
  p99Ms: measuredMs,
  maxMs: measuredMs,
});

const crashMatrixRowSchema = z.strictObject({
  target,
  /** The session of this case, by which its entries are found in the history. */
  session: z.string(),
  mode: sessionModeSchema,
  step: z.string(),
  point: z.string(),
  landed: count,
  suppressed: count,
  executions: count,
  recoveredMs: measuredMs,
  verdict: verdictValue,
});

const outcome = z.enum(["holds", "does-not-hold", "measured"]);

const claimEvidenceSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("figure"),
    what: z.string(),
    /** Null where it could not be measured, or the provocation did not happen. */
    value: z.number().nullable(),
    unit: z.enum(["count", "ms", "bytes"]),
    /** Bounds, both included, between which it lies where the claim holds, the upper one null where there is none; null where it decides nothing. */
    expected: z.tuple([z.number(), z.number().nullable()]).readonly().nullable(),
  }),
  /** What the engine itself says. */
  z.strictObject({ kind: z.literal("quote"), source: z.string(), text: z.string() }),
]);

const claimRowSchema = z.strictObject({
  id: z.string(),
  target,
  sentence: z.string(),
  provocation: z.string(),
  declared: outcome,
  /** What the evidence says; null where it says nothing. */
  observed: outcome.nullable(),
  /** `pass` where it is what was declared. */
  verdict: verdictValue,
  evidence: rowsOf(claimEvidenceSchema),
  /** What the outcome means to a user, and what to write where the claim does not hold. */
  meaning: z.string(),
});

const codeSizeRowSchema = z.strictObject({
  /** Folder under `implementations/`, or `shared` for what both sides use. */
  implementation: z.string(),
  /** Path from the repository's root. */
  file: z.string(),
  concern: z.string(),
  codeLines: count,
  commentLines: count,
  statements: count,
  gzipBytes: count,
});

/** What it takes to survive power loss, or not. Sessions per second: of several rounds. */
const durabilityRowSchema = z.strictObject({
  target,
  durability: z.enum(durabilities),
  /** In each round. */
  sessions: count,
  syncsPerSession: z.number().nonnegative().nullable(),
  slowest: z.number().nonnegative(),
  median: z.number().nonnegative(),
  fastest: z.number().nonnegative(),
});

const selftestRowSchema = z
  .strictObject({
    variant: z.string(),
    /** What it is a broken variant of: a target, or `harness`. */
    of: z.string(),
    defect: z.string(),
    provocation: z.string(),
    /** The invariant that names the defect; of a variant of the harness, what must show. */
    expected: z.string(),
    caughtBy: rowsOf(z.string()),
    /** `pass` where it was caught as expected. */
    verdict: verdictValue,
    /** Sessions that were provoked, and how many of them broke what is expected: the sample behind `rate95`. */
    provoked: count,
    violating: count,
    rate95: z.tuple([rate, rate]).readonly().nullable(),
    /** The same of the correct original under the same provocation. */
    originalProvoked: count,
    originalViolating: count,
    faults: count,
    wallMs: durationMs,
    /** What the variant lacks, and the code lines that provide it; null where it is none of the named defences. */
    defence: z.strictObject({ name: z.string(), lines: count }).nullable(),
  })
  .refine((row) => row.violating <= row.provoked && row.originalViolating <= row.originalProvoked, {
    error: "more sessions are violating than were provoked",
    path: ["violating"],
  });

/** Correct targets, on which nothing may be found. */
const falseAlarmRowSchema = z.strictObject({
  target,
  /** What was played. */
  what: z.string(),
  runs: count,
  sessions: count,
  /** Faults that hit a session. */
  faults: count,
  /** Runs in which the machine gave a worker no time for half a lease: they prove less, and nothing about time. */
  disturbed: count,
  /** Runs in which a guarantee was found violated, and which guarantees. */
  alarms: count,
  violated: rowsOf(z.enum(invariantIds)),
  verdict: verdictValue,
});

export const resultsSchema = z.strictObject({
  schemaVersion: z.literal(resultsSchemaVersion),
  run: z.strictObject({
    command: z.string(),
    /** What to give the command to make the same run again; the seed is among them. */
    arguments: rowsOf(z.string()),
    profile: z.string(),
    /** Null where nothing is drawn. */
    seed: z.int().nullable(),
    startedAt: z.iso.datetime(),
    wallMs: durationMs,
    exitCode: count,
    /** The commit that ran; null where it is not known. */
    commit: z.string().nullable(),
    /** The commit whose checkers judged the run's history again; absent where those that ran have judged it. */
    judgedBy: z.string().nullable().optional(),
  }),
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.int().positive(),
    memoryBytes: z.int().positive(),
    os: z.string(),
  }),
  versions: z.record(z.string(), z.string().nullable()),
  targets: rowsOf(
    z.discriminatedUnion("status", [
      z.strictObject({ name: target, status: z.literal("ran"), reason: z.null() }),
      z.strictObject({ name: target, status: z.literal("unavailable"), reason: z.string() }),
    ]),
  ),
  verdicts: rowsOf(verdictRowSchema),
  faults: rowsOf(faultRowSchema),
  smallestPlans: rowsOf(smallestPlanRowSchema),
  recovery: rowsOf(recoveryRowSchema),
  crashMatrix: rowsOf(crashMatrixRowSchema),
  claims: rowsOf(claimRowSchema),
  durability: rowsOf(durabilityRowSchema),
  codeSize: rowsOf(codeSizeRowSchema).describe(codeSizeRule),
  footprint: rowsOf(footprintRowSchema),
  load: rowsOf(loadRowSchema),
  loadRatios: rowsOf(loadRatioRowSchema),
  idleScale: rowsOf(idleScaleRowSchema),
  cost: rowsOf(costRowSchema),
  selftest: rowsOf(selftestRowSchema),
  falseAlarms: rowsOf(falseAlarmRowSchema),
});

export type Results = Readonly<z.infer<typeof resultsSchema>>;
export type VerdictRow = Readonly<z.infer<typeof verdictRowSchema>>;
export type CodeSizeRow = Readonly<z.infer<typeof codeSizeRowSchema>>;
export type DurabilityRow = Readonly<z.infer<typeof durabilityRowSchema>>;
export type RecoveryRow = Readonly<z.infer<typeof recoveryRowSchema>>;
export type ClaimRow = Readonly<z.infer<typeof claimRowSchema>>;
export type SelftestRow = Readonly<z.infer<typeof selftestRowSchema>>;
export type FalseAlarmRow = Readonly<z.infer<typeof falseAlarmRowSchema>>;
export type CrashMatrixRow = Readonly<z.infer<typeof crashMatrixRowSchema>>;
