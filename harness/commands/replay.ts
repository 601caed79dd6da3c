/** The command `replay`: the plan of an earlier run, on whatever targets, and whether its verdicts are what they were. */
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { chaos } from "../experiments/chaos/chaos.ts";
import { playChaos } from "../experiments/chaos/play.ts";
import { chaosSettingsOf } from "../experiments/chaos/settings.ts";
import { judgePlan } from "../experiments/parts.ts";
import { readResults } from "../experiments/results.ts";
import { readPlan } from "../plan/plan-file.ts";
import { printable } from "../report/printable.ts";
import { type RunOptions, runExperiments } from "../run/run-experiments.ts";
import { resolveTargets } from "../targets/targets.ts";
import { agreementOf } from "./agreement.ts";
import { packagesOfEngines, resultsForm, settingsByName } from "./run.ts";

export interface ReplayFlags extends RunOptions {
  /** How long to look for a smaller plan that fails too, s. */
  readonly shrink: number;
}

/** `run` is the folder of the earlier run, or its plan.json. Resolves with the exit code. */
export async function runReplay(run: string, options: ReplayFlags): Promise<number> {
  const { targets, unavailable } = await resolveTargets(options.targets, options);
  const plan = readPlan(run);
  const settings = chaosSettingsOf(plan, options.shrink);
  chaos.refuse?.(targets, settings, options);
  const isFolder = existsSync(run) && statSync(run).isDirectory();
  const earlierFile = join(isFolder ? run : dirname(run), "results.json");
  const earlier = await readResults(earlierFile).catch(() => null); // now: `latest` will be another run
  const exitCode = await runExperiments(
    {
      command: "replay",
      planFrom: run,
      profile: "replay",
      seed: plan.seed,
      lease: { leaseMs: plan.leaseMs, reason: "the plan says so" },
      targets,
      unavailable,
      options,
      packages: packagesOfEngines(),
      settings: settingsByName([{ experiment: chaos, settings }]),
    },
    [playChaos({ targets, judgePlan }, plan, options.shrink)],
    resultsForm,
  );
  const again = await readResults(join(options.results, "latest", "results.json"));
  const compared =
    earlier === null
      ? ["No results of this version stand beside the plan to compare with."]
      : agreementOf(earlier, again);
  console.log(`\nAgainst the run that was replayed\n${compared.map(printable).join("\n")}`);
  return exitCode;
}
