/** What the schemas of many rows of `results.json` are made of. A figure that could not be measured is `null`, never 0. */
import { z } from "zod";

export const rowsOf = <Row extends z.ZodType>(row: Row) => z.array(row).readonly();
export const count = z.int().nonnegative();
export const figure = z.number().nonnegative();
/** Of what may not have been measured. */
export const measured = figure.nullable();
export const durationMs = z.number().nonnegative();
export const measuredMs = durationMs.nullable();
export const rate = z.number().min(0).max(1);
/** Low and high end of a 95 % interval of a rate. */
export const rateInterval = z.tuple([rate, rate]).readonly();
export const verdictValue = z.enum(["pass", "fail", "unknown"]);
/** `implementation@store`. */
export const targetName = z.string().min(1);

/** The median of several rounds, with its 95 % interval by bootstrap. */
export const estimateSchema = z
  .strictObject({ value: figure, low95: figure, high95: figure })
  .refine(({ value, low95, high95 }) => low95 <= value && value <= high95, {
    error: "the estimate lies outside its interval",
  });

/** Milliseconds. */
export const percentilesSchema = z.strictObject({
  p50Ms: measured,
  p95Ms: measured,
  p99Ms: measured,
  maxMs: measured,
});

export type Estimate = Readonly<z.infer<typeof estimateSchema>>;
export type Percentiles = Readonly<z.infer<typeof percentilesSchema>>;
