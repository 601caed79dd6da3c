/** A row for each death at a crash point. */
import { z } from "zod";
import { sessionModeSchema } from "../../plan/plan-schema.ts";
import { count, measuredMs, targetName, verdictValue } from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

const crashMatrixRowSchema = z.strictObject({
  target: targetName,
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
  /** How often it was inconclusive, and played again alone; this is the last of these. */
  playedAgain: count.default(0),
});

export const crashMatrixRowSchemas = { crashMatrix: crashMatrixRowSchema };

export type CrashMatrixRows = RowsOf<typeof crashMatrixRowSchemas>;
export type CrashMatrixRow = CrashMatrixRows["crashMatrix"][number];
