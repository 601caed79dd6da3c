/** What it takes to survive power loss, or not. Sessions per second: of several rounds. */
import { z } from "zod";
import { count, figure, measured, targetName } from "../../report/schema-parts.ts";
import { durabilities } from "../../stores/store.ts";
import type { RowsOf } from "../experiment.ts";

const durabilityRowSchema = z.strictObject({
  target: targetName,
  durability: z.enum(durabilities),
  /** In each round. */
  sessions: count,
  syncsPerSession: measured,
  slowest: figure,
  median: figure,
  fastest: figure,
});

export const durabilityRowSchemas = { durability: durabilityRowSchema };

export type DurabilityRows = RowsOf<typeof durabilityRowSchemas>;
export type DurabilityRow = DurabilityRows["durability"][number];
