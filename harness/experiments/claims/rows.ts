/** How a claim turned out on a target, with its evidence. */
import { z } from "zod";
import { count, rowsOf, targetName, verdictValue } from "../../report/schema-parts.ts";
import { outcomes, units } from "../../scenarios/claim.ts";
import type { RowsOf } from "../experiment.ts";

const outcome = z.enum(outcomes);

const claimEvidenceSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("figure"),
    what: z.string(),
    /** Null where it could not be measured, or the provocation did not happen. */
    value: z.number().nullable(),
    unit: z.enum(units),
    /** Bounds, both included, between which it lies where the claim holds, the upper one null where there is none; null where it decides nothing. */
    expected: z.tuple([z.number(), z.number().nullable()]).readonly().nullable(),
  }),
  /** What the engine itself says. */
  z.strictObject({ kind: z.literal("quote"), source: z.string(), text: z.string() }),
]);

const claimRowSchema = z.strictObject({
  id: z.string(),
  target: targetName,
  sentence: z.string(),
  provocation: z.string(),
  declared: outcome,
  /** What the evidence says; null where it says nothing. */
  observed: outcome.nullable(),
  /** `pass` where it is what was declared. */
  verdict: verdictValue,
  evidence: rowsOf(claimEvidenceSchema),
  /** How often it was inconclusive, and played again alone; this is the last of these. */
  playedAgain: count.default(0),
  /** What the outcome means to a user, and what to write where the claim does not hold. */
  meaning: z.string(),
});

export const claimRowSchemas = { claims: claimRowSchema };

export type ClaimRows = RowsOf<typeof claimRowSchemas>;
export type ClaimRow = ClaimRows["claims"][number];
