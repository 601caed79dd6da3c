/** Which broken variant was caught by what, and what was found on correct targets. */
import { z } from "zod";
import { invariantIds } from "../../checks/invariants/index.ts";
import {
  count,
  durationMs,
  rateInterval,
  rowsOf,
  targetName,
  verdictValue,
} from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

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
    rate95: rateInterval.nullable(),
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
  target: targetName,
  /** What was played. */
  what: z.string(),
  runs: count,
  sessions: count,
  /** Faults that hit a session. */
  faults: count,
  /** Runs in which the machine gave a worker no time for half a lease: they prove less, and nothing about time. */
  disturbed: count,
  /** Runs that were inconclusive and played again, each time counted. */
  playedAgain: count.default(0),
  /** Runs in which a guarantee was found violated, and which guarantees. */
  alarms: count,
  violated: rowsOf(z.enum(invariantIds)),
  verdict: verdictValue,
});

export const selftestRowSchemas = { selftest: selftestRowSchema, falseAlarms: falseAlarmRowSchema };

export type SelftestRows = RowsOf<typeof selftestRowSchemas>;
export type SelftestRow = SelftestRows["selftest"][number];
export type FalseAlarmRow = SelftestRows["falseAlarms"][number];
