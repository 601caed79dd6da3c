/** How much code each implementation takes, file by file and concern by concern, and what must be there beside it. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";
import { codeSizeRule } from "./rule.ts";

const codeSizeRowSchema = z
  .strictObject({
    /** An engine, `<engine>-by-the-book`, or `shared` for what all use. */
    implementation: z.string(),
    /** Path from the repository's root. */
    file: z.string(),
    concern: z.string(),
    /** The package and version whose defect it works around, where that is its concern. Older results have no such concern. */
    workAroundFor: z.string().nullable().default(null),
    codeLines: count,
    commentLines: count,
    statements: count,
    gzipBytes: count,
  })
  .describe(codeSizeRule);

/** What a reader must have and know beside the code. */
const footprintRowSchema = z.strictObject({
  implementation: z.string(),
  /** Processes to run beside the workers. */
  services: z.array(z.string()).readonly(),
  /** Direct npm dependencies, and how many packages they bring along. */
  packages: z.array(z.string()).readonly(),
  packagesInAll: count.nullable(),
  /** Named concepts of the engine that the code uses. */
  concepts: z.array(z.string()).readonly(),
  /** By part. Older results name none. */
  licences: z.record(z.string(), z.string()).readonly().default({}),
});

export const codeSizeRowSchemas = { codeSize: codeSizeRowSchema, footprint: footprintRowSchema };

export type CodeSizeRows = RowsOf<typeof codeSizeRowSchemas>;
export type CodeSizeRow = CodeSizeRows["codeSize"][number];
export type FootprintRow = CodeSizeRows["footprint"][number];
