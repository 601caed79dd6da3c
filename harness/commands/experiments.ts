/** The commands of the experiments, one each, and `compare`, which plays several as one run. */
import { type Command, Option } from "commander";
import { UsageError } from "../errors.ts";
import type { Experiment, ProfileName } from "../experiments/experiment.ts";
import { experiments } from "../experiments/index.ts";
import { renderTable } from "../report/formats/terminal.ts";
import { style } from "../run/run-experiments.ts";
import { addFlagsOf, addRunFlags } from "./options.ts";
import { type CommandFlags, runChosen, usualProfile } from "./run.ts";

/** Adds a command for each experiment on the list. */
export function addExperimentCommands(program: Command): void {
  for (const experiment of experiments) {
    const { name, summary, play } = experiment;
    const command = addFlagsOf(program.command(name).description(summary), experiment);
    if (play.kind === "read") {
      command.action(async () => showTables(experiment, await play.read()));
      continue;
    }
    addRunFlags(command).action(async (flags: CommandFlags) => {
      const answer = experiment.answer?.(flags) ?? null;
      if (answer === null) process.exitCode = await runChosen(name, [experiment], flags, () => flags);
      else console.log(answer);
    });
  }
}

/** Adds `compare`: it takes the flags of those experiments that lend them to it, and plays the others at the size of the profile. */
export function addCompareCommand(program: Command): void {
  const byItself = experiments.filter(({ inCompare }) => inCompare.length > 0);
  const played = experiments.filter((each) => byItself.includes(each) || each.isNamedInCompare);
  const namesOf = (of: readonly Experiment[]) => of.map(({ name }) => name).join(", ");
  const command = program.command("compare").description(`the main job: ${namesOf(byItself)}, one report`);
  for (const { flags, shared } of played.filter(({ shared }) => shared.inCompareToo)) {
    const { remoteWorkers: _, ...own } = shared; // workers on other hosts take part in one plan, and not in all else
    addFlagsOf(command, { flags, shared: own } as Experiment);
  }
  const only = `only these, separated by commas: ${namesOf(played)}`;
  command.addOption(new Option("--only <list>", only));
  addRunFlags(command).action(async ({ only, ...flags }: CommandFlags & { readonly only?: string }) => {
    process.exitCode = await runChosen(
      "compare",
      chosenOf(played, only, flags.profile),
      flags,
      ({ shared }) => (shared.inCompareToo ? flags : {}),
    );
  });
}

/** Those of a list of names; all of the profile where there is none. @throws UsageError for a name that is none of them. */
function chosenOf(
  played: readonly Experiment[],
  list: string | undefined,
  profile: ProfileName = usualProfile,
): readonly Experiment[] {
  if (list === undefined) return played.filter(({ inCompare }) => inCompare.includes(profile));
  const wanted = list.split(",").map((name) => name.trim());
  const unknown = wanted.find((name) => played.every((experiment) => experiment.name !== name));
  if (unknown !== undefined)
    throw new UsageError(
      `compare plays no "${unknown}".`,
      `Choose from: ${played.map(({ name }) => name).join(", ")}.`,
    );
  return played.filter(({ name }) => wanted.includes(name));
}

/** What is only read makes no run. */
function showTables({ overviews, details }: Experiment, rows: Parameters<Experiment["overviews"]>[0]): void {
  for (const table of [...overviews(rows), ...(details?.(rows) ?? [])])
    console.log(`${renderTable(table, style())}\n`);
}
