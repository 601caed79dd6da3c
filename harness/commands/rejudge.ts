/**
 * A run's history, judged again with the checkers of this version: what its sessions and workers did is kept line by
 * line, so a reader, or a mended checker, can look at it once more without playing anything.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { experiments } from "../experiments/index.ts";
import { judgePlan } from "../experiments/parts.ts";
import { factsAndRowsOf, type Results } from "../experiments/results.ts";
import { ranIn, settingsIn } from "../experiments/settings.ts";
import { readHistory } from "../history/history-file.ts";
import { readPlan } from "../plan/plan-file.ts";
import { commit } from "../run/machine.ts";
import { type FoundRows, joined, withExitCode } from "../run/run-experiments.ts";
import { targetsNamed } from "../targets/targets.ts";
import { resultsForm } from "./run.ts";

/**
 * The results of a run with what its experiments can judge again judged anew, and everything else as it was; `judgedBy`
 * names the commit whose checkers did. Changes no file.
 * @throws UsageError where none of its experiments can, or its history is gone; UnreadableResultsError where it is not whole.
 */
export async function judgeAgain(results: Results, folder: string): Promise<Results> {
  const { facts, rows } = factsAndRowsOf(results);
  const judging = ranIn(facts).filter(({ judgeAgain: judge }) => judge !== undefined);
  const historyFile = join(folder, "history.jsonl");
  if (judging.length === 0 || !existsSync(historyFile)) {
    const able = experiments.filter(({ judgeAgain: judge }) => judge !== undefined).map(({ name }) => name);
    throw new UsageError(
      `The run in ${folder} cannot be judged again (${judging.length > 0 ? "its history.jsonl is gone" : `it is one of ${facts.run.command}`}).`,
      `Name the folder of a run with ${able.join(" or ")} in it, and with its history.jsonl and plan.json.`,
    );
  }
  const atLeast = facts.run.historyEntries ?? 0;
  const ledgers = await readHistory(historyFile, { withBeats: true, atLeast });
  const ran = facts.targets.filter(({ status }) => status === "ran").map(({ name }) => name);
  const kept = {
    targets: ran.length === 0 ? [] : targetsNamed(ran.join(",")),
    seed: facts.run.seed,
    judgePlan,
    plan: existsSync(join(folder, "plan.json")) ? readPlan(folder) : null,
    entriesOf: (experiment: string, target: string) =>
      ledgers.find((ledger) => ledger.experiment === experiment && ledger.target === target)?.entries ?? [],
  };
  const judge = (experiment: Experiment): FoundRows =>
    experiment.judgeAgain?.({ ...kept, settings: settingsIn(facts, experiment) }) ?? {};
  const anew = judging.map(judge).reduce<FoundRows>(joined, {});
  const judgedBy = await commit();
  return withExitCode(resultsForm, { ...rows, ...anew }, (exitCode) => ({
    ...facts,
    run: { ...facts.run, exitCode, judgedBy },
  }));
}
