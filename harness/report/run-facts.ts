/** What `results.json` says of a run whatever its experiments found: the command, the machine, the versions, the targets. */
import { z } from "zod";
import { count, durationMs, rowsOf, targetName } from "./schema-parts.ts";

export const resultsSchemaVersion = 1;

/** The fields of a results file that every run has. */
export const runFactsShape = {
  schemaVersion: z.literal(resultsSchemaVersion),
  run: z.strictObject({
    command: z.string(),
    /** What to give the command to make the same run again; the seed is among them. */
    arguments: rowsOf(z.string()),
    profile: z.string(),
    /** Null where nothing is drawn. */
    seed: z.int().nullable(),
    /** Time until a dead worker's work is taken over, and why this one; null where leases decide nothing. Absent in files of older versions. */
    leaseMs: z.int().positive().nullable().optional(),
    leaseReason: z.string().nullable().optional(),
    /** Of each experiment that ran, by name: lease, sizes, and what else it was told. Absent in files of older versions. */
    settings: z.record(z.string(), z.json()).readonly().optional(),
    startedAt: z.iso.datetime(),
    wallMs: durationMs,
    exitCode: count,
    /** Whether it ended before all of it was played: its rows are of what came first. Absent where it came to its end. */
    isUnfinished: z.literal(true).optional(),
    /** The commit that ran; null where it is not known. */
    commit: z.string().nullable(),
    /** How many entries the run's history has. Absent in files of older versions. */
    historyEntries: count.optional(),
    /** The commit whose checkers judged the run's history again; absent where those that ran have judged it. */
    judgedBy: z.string().nullable().optional(),
    /** Runs whose rows took the place of this one's, of these experiments on these targets, oldest first; absent where there is none. */
    remade: rowsOf(
      z.strictObject({
        experiments: rowsOf(z.string()),
        targets: rowsOf(targetName),
        /** The command and its arguments. */
        arguments: rowsOf(z.string()),
        seed: z.int().nullable(),
        startedAt: z.iso.datetime(),
        wallMs: durationMs,
        commit: z.string().nullable(),
      }),
    ).optional(),
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
      z.strictObject({ name: targetName, status: z.literal("ran"), reason: z.null() }),
      z.strictObject({ name: targetName, status: z.literal("unavailable"), reason: z.string() }),
    ]),
  ),
};

const runFactsSchema = z.strictObject(runFactsShape);

export type RunFacts = Readonly<z.infer<typeof runFactsSchema>>;
