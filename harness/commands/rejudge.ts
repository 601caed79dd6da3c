/**
 * A run's history, judged again with the checkers of this version: what its sessions and workers did is kept line by
 * line, so a reader, or a mended checker, can look at it once more without playing anything.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";
import { judgeChaos } from "../experiments/chaos/chaos.ts";
import { readPlan } from "../experiments/chaos/command.ts";
import { casesOf, crashMatrixRows } from "../experiments/crash-matrix/crash-matrix.ts";
import { crashPointsNamed } from "../experiments/crash-matrix/crash-points.ts";
import { caseTiming, profiles } from "../experiments/profiles.ts";
import { readHistory } from "../history/history-file.ts";
import { exitCodeOf } from "../report/exit-code.ts";
import { readResults } from "../report/results-file.ts";
import type { Results } from "../report/results-schema.ts";
import { commit } from "../run/machine.ts";
import { targetsNamed } from "../targets/targets.ts";

const judgeable: readonly string[] = ["compare", "chaos", "replay"];

/**
 * The results of a run with its invariants, faults, recovery and crash matrix judged anew, and everything else as it was;
 * `judgedBy` names the commit whose checkers did. Changes no file.
 * @throws UsageError where the run played no plan, or its history is gone.
 */
export async function judgeAgain(resultsFile: string): Promise<Results> {
  const folder = dirname(resultsFile);
  const results = await readResults(resultsFile);
  const { command, profile } = results.run;
  const historyFile = join(folder, "history.jsonl");
  if (!judgeable.includes(command) || !existsSync(historyFile)) {
    throw new UsageError(
      `The run in ${folder} cannot be judged again (${judgeable.includes(command) ? "its history.jsonl is gone" : `it is one of ${command}`}).`,
      `Name the folder of a run of ${judgeable.join(" or ")}, with its history.jsonl and plan.json.`,
    );
  }
  const plan = readPlan(folder);
  const ledgers = await readHistory(historyFile, { withBeats: true });
  const entriesOf = (experiment: string, target: string) =>
    ledgers.find((ledger) => ledger.experiment === experiment && ledger.target === target)?.entries ?? [];
  const ran = results.targets.filter(({ status }) => status === "ran").map(({ name }) => name);
  const chaos = ran.map((name) => judgeChaos(entriesOf("chaos", name), plan, name, "chaos"));
  const depth = profiles[profile as keyof typeof profiles]?.crashMatrixDepth ?? 1; // a replay has no profile, and no crash matrix
  const judged: Results = {
    ...results,
    verdicts: chaos.flatMap(({ verdicts }) => verdicts),
    faults: chaos.flatMap(({ faults }) => faults),
    recovery: chaos.flatMap(({ recovery }) => recovery),
    crashMatrix:
      results.crashMatrix.length === 0
        ? []
        : targetsNamed(ran.join(",")).flatMap((target) =>
            crashMatrixRows(entriesOf("crash-matrix", target.name), target, {
              cases: casesOf(target, crashPointsNamed(), depth),
              leaseMs: caseTiming.leaseMs,
            }),
          ),
  };
  return {
    ...judged,
    run: { ...results.run, exitCode: exitCodeOf(command, judged), judgedBy: await commit() },
  };
}
