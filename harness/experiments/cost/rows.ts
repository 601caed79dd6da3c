/** What one session takes from store, network, disk and processors. */
import { z } from "zod";
import { count, figure, measured, targetName } from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

const costRowSchema = z.strictObject({
  target: targetName,
  /** Activities that each session records. */
  activities: count,
  sessions: count,
  /** Requests to the store, as it counts them, per session, the most frequent first. */
  requests: z
    .array(z.strictObject({ kind: z.string(), perSession: figure }))
    .readonly()
    .nullable(),
  /** Requests that waited for an answer, per session. */
  roundTripsPerSession: measured,
  wireBytesPerSession: measured,
  diskBytesPerSession: measured,
  workerCpuMsPerSession: measured,
  storeCpuMsPerSession: measured,
  workerPeakBytes: measured,
  storePeakBytes: measured,
  /** To the store, when the last session has ended; not looked at in results of versions that did not count them. */
  workerConnections: count.nullable().default(null),
  clientConnections: count.nullable().default(null),
  /** Why the row has no figure; null where it has. */
  flaw: z.enum(["a session never ended"]).nullable().default(null),
});

export const costRowSchemas = { cost: costRowSchema };

export type CostRows = RowsOf<typeof costRowSchemas>;
export type CostRow = CostRows["cost"][number];
