/** The file that a plan is saved in, which may be edited by hand before it is read. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import { type Plan, planSchema, planSchemaVersion } from "./plan-schema.ts";

/** @throws ZodError for a plan that could not be read again. */
export function writePlan(path: string, plan: Plan): void {
  writeFileSync(path, `${JSON.stringify(planSchema.parse(plan), null, 1)}\n`);
}

/** The plan of a run, by its folder or file. @throws UsageError when there is no plan, or it is not one. */
export function readPlan(run: string): Plan {
  const path = existsSync(run) && statSync(run).isDirectory() ? join(run, "plan.json") : run;
  if (!existsSync(path))
    throw new UsageError(`${path} does not exist.`, "Name the folder of a run, such as results/latest.");
  const plan = parseJson(path);
  const parsed = planSchema.safeParse(plan);
  if (!parsed.success) throw unplayable(path, plan, parsed.error);
  return parsed.data;
}

/** What is wrong with a plan: it is of another version, or says what cannot be played, at the place that is named. */
function unplayable(path: string, plan: unknown, { issues: [issue] }: z.ZodError): UsageError {
  const version = versionSchema.safeParse(plan).data?.schemaVersion;
  if (version !== planSchemaVersion)
    return new UsageError(
      `${path} is ${version === undefined ? "no plan" : `a plan of version ${version}, and not of ${planSchemaVersion}`}.`,
      "Name the folder of a run that draws a plan, such as that of chaos, or replay it with the commit that drew it.",
    );
  const place = issue?.path.join(".");
  const why = [...(place ? [place] : []), issue?.message].join(": ");
  return new UsageError(
    `${path} holds what cannot be played (${why}).`,
    "Change that in the file; one that nobody has edited is played by the commit that drew it.",
  );
}

const versionSchema = z.looseObject({ schemaVersion: z.int() });

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`${path} is damaged: it is not JSON.`, "Name the plan.json of another run.", {
      cause: error,
    });
  }
}
