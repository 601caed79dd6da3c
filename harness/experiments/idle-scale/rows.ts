/** What many sleeping sessions take, and how late they wake. */
import { z } from "zod";
import { count, measured, targetName } from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

export const dueKinds = ["spread over 10 s", "all at once"] as const;

const idleScaleRowSchema = z.strictObject({
  target: targetName,
  sleepers: count,
  /** How they come due. */
  due: z.enum(dueKinds),
  /** Why it was not measured to its end; null where it was. */
  stopped: z.string().nullable(),
  /** From the first start until the last of them sleeps. */
  buildMs: measured,
  storeBytesPerSession: measured,
  diskBytesPerSession: measured,
  /** While all of them sleep: milliseconds of processor time per second. */
  storeCpuMsPerSecond: measured,
  workerCpuMsPerSecond: measured,
  /** How much later than its deadline a session's `expire` landed. */
  latenessP50Ms: z.number().nullable(),
  latenessP99Ms: z.number().nullable(),
  latenessMaxMs: z.number().nullable(),
});

export const idleScaleRowSchemas = { idleScale: idleScaleRowSchema };

export type IdleScaleRows = RowsOf<typeof idleScaleRowSchemas>;
export type IdleScaleRow = IdleScaleRows["idleScale"][number];
