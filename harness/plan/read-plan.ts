/** The plan that a run has saved, perhaps edited by hand since. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { type Plan, planSchema } from "./plan-schema.ts";

/** The plan of a run, by its folder or file. @throws UsageError when there is no plan, or it is not one. */
export function readPlan(run: string): Plan {
  const path = existsSync(run) && statSync(run).isDirectory() ? join(run, "plan.json") : run;
  if (!existsSync(path))
    throw new UsageError(`${path} does not exist.`, "Name the folder of a run, such as results/latest.");
  const parsed = planSchema.safeParse(parseJson(path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const why = issue === undefined ? "" : ` (${[...issue.path.slice(0, 3), issue.message].join(": ")})`;
    throw new UsageError(
      `${path} is not a plan of this version${why}.`,
      "Mend it there, or replay it with the commit that drew it.",
    );
  }
  return parsed.data;
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`${path} is damaged: it is not JSON.`, "Name the plan.json of another run.", {
      cause: error,
    });
  }
}
