/** The commands of the experiments, one each, and `compare`, which plays several as one run. */
import type { Command } from "commander";
import type { Experiment } from "../experiments/experiment.ts";
import { experiments } from "../experiments/index.ts";
import { renderTable } from "../report/formats/terminal.ts";
import { style } from "../run/run-experiments.ts";
import { addFlagsOf, addRunFlags } from "./options.ts";
import { type CommandFlags, runChosen } from "./run.ts";

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
  const played = experiments.filter(({ inCompare }) => inCompare);
  const names = played.map(({ name }) => name).join(", ");
  const command = program.command("compare").description(`the main job: ${names}, one report`);
  for (const { flags, shared } of played.filter(({ shared }) => shared.inCompareToo)) {
    const { remoteWorkers: _, ...own } = shared; // workers on other hosts take part in one plan, and not in all else
    addFlagsOf(command, { flags, shared: own } as Experiment);
  }
  addRunFlags(command).action(async (flags: CommandFlags) => {
    process.exitCode = await runChosen("compare", played, flags, ({ shared }) =>
      shared.inCompareToo ? flags : {},
    );
  });
}

/** What is only read makes no run. */
function showTables({ overviews, details }: Experiment, rows: Parameters<Experiment["overviews"]>[0]): void {
  for (const table of [...overviews(rows), ...(details?.(rows) ?? [])])
    console.log(`${renderTable(table, style())}\n`);
}
