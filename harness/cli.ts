/** The commands, and nothing else: what each does stands in `commands/`, and those of experiments are made from their list. */
import { Command, CommanderError, Option } from "commander";
import { runConform } from "./commands/conform.ts";
import { addCompareCommand, addExperimentCommands } from "./commands/experiments.ts";
import { runFindings } from "./commands/findings.ts";
import {
  addRunFlags,
  atOnceOption,
  durabilityOption,
  engineOption,
  formatOption,
  leaseOption,
  optionOf,
  ownStoreOptions,
  portOption,
  resultsOption,
  storeOptions,
  targetsOption,
  worldOption,
} from "./commands/options.ts";
import { runReplay } from "./commands/replay.ts";
import { runReport } from "./commands/report.ts";
import { runWorker } from "./commands/worker.ts";
import { formatError, UsageError } from "./errors.ts";
import { shrinkFlag } from "./experiments/chaos/settings.ts";
import { commandLineOf } from "./report/command-line.ts";
import { wasInterrupted } from "./run/interruption.ts";
import { emptyStores } from "./stores/kinds.ts";
import { loadEngine } from "./targets/targets.ts";

const program = new Command("killproof")
  .description("One user-session lifecycle on several engines, real SIGKILLs, an independent witness.")
  .exitOverride()
  .configureOutput({ outputError: () => {} }) // errors are shown in one place, below
  .helpCommand(false);

addCompareCommand(program);
addExperimentCommands(program);

addRunFlags(
  program
    .command("replay")
    .description("play the plan of an earlier run again")
    .argument("<run>", "folder of the run, or its plan.json")
    .addOption(atOnceOption())
    .addOption(optionOf(shrinkFlag))
    .addOption(targetsOption())
    .addOption(durabilityOption()),
).action(async (run: string, options) => {
  process.exitCode = await runReplay(run, options);
});

program
  .command("report")
  .description("show a results file again, or what changed between two")
  .argument("[file]", "results.json, or the folder of its run (default: results/latest)")
  .option("--compare <runs...>", "what changed between two results files or folders of runs, instead")
  .option("--targets <list>", "only what it says of these targets, separated by commas")
  .addOption(
    new Option("--judge", "judge its history again, and write what follows into RUN/judged").conflicts(
      "compare",
    ),
  )
  .option("--force", "compare performance across machines or versions all the same, marked")
  .addOption(formatOption("write these files again, beside the results", "none").conflicts("compare"))
  .action(async (file: string | undefined, options) => {
    process.exitCode = await runReport(file, options);
  });

program
  .command("worker")
  .description("work for a run that was started on another host, until that run sends it away")
  .option("--run <name>", "as the run prints it (default: whichever comes first and wants workers)")
  .requiredOption("--target <name>", "target that the run plays")
  .addOption(worldOption().makeOptionMandatory())
  .action(async (options) => {
    process.exit(await runWorker(options));
  });

program
  .command("conform")
  .description("the contract's tests on any implementation, and what is missing")
  .argument("[folder]", "folder of the implementation: worker.ts and client.ts")
  .addOption(
    new Option("--store <kind>", "the empty store that the folder runs on").choices(Object.keys(emptyStores)),
  )
  .addOption(engineOption("folder with a manifest too, in place of folder and store"))
  .addOption(leaseOption())
  .addOption(portOption())
  .addOption(resultsOption())
  .addOption(new Option("--history <folder>").hideHelp()) // its former name
  .action(async (folder: string | undefined, options) => {
    process.exitCode = await runConform(folder, options);
  });

const findings = program
  .command("findings")
  .description("play what shows each finding about an engine, and say which still reproduce")
  .addOption(optionOf({ flag: "--only <ids...>", says: "these findings, however long they take" }))
  .option("--all", "also those that do not fit ten minutes in all")
  .option("--list", "show which there are, and play nothing")
  .addOption(
    new Option(
      "--record",
      "keep in docs/findings.json and docs/findings.md at which commit each reproduced",
    ).conflicts("engine"),
  )
  .action(async (options) => {
    const given = ownStoreOptions().flatMap((option) => {
      const value: string | undefined = options[option.attributeName()];
      return value === undefined
        ? []
        : [{ name: option.attributeName(), variable: option.envVar ?? "", value }];
    });
    process.exitCode = await runFindings({
      ...options,
      stores: Object.fromEntries(given.map(({ name, value }) => [name, value])),
      variables: Object.fromEntries(given.map(({ variable, value }) => [variable, value])),
    });
  });
for (const option of ownStoreOptions()) findings.addOption(option);

for (const command of program.commands) {
  const has = (...flags: string[]) => command.options.some(({ long }) => long && flags.includes(long));
  // What names targets also says where their stores are.
  if (has("--targets", "--target")) for (const option of storeOptions()) command.addOption(option);
  if (!has("--engine"))
    command.addOption(
      engineOption("folder of an engine that no list knows; its targets are run where none is named"),
    );
}
program.hook("preAction", async (_, command) => {
  const { engine, workersElsewhere } = command.opts();
  if (workersElsewhere !== undefined) command.setOptionValue("remoteWorkers", workersElsewhere); // its former name
  if (engine !== undefined) await loadEngine(engine);
});

process.on("unhandledRejection", end); // when a run has failed, what it had under way fails too, perhaps before it
try {
  await program.parseAsync();
} catch (thrown) {
  end(thrown);
}

/** Tells a person what was thrown, and ends the process: what a failed run had planned for later must not keep it. */
function end(thrown: unknown): void {
  if (wasInterrupted()) return; // it ends this process itself
  const { lines, exitCode } = formatError(thrown instanceof CommanderError ? usageErrorOf(thrown) : thrown);
  console.error(lines.join("\n"));
  process.exit(exitCode);
}

function usageErrorOf({ message, exitCode }: CommanderError): unknown {
  if (exitCode === 0) process.exit(0); // --help
  if (message === "(outputHelp)") process.exit(64); // no command: the help has been shown
  const command = program.commands.find((candidate) => candidate.name() === process.argv[2])?.name();
  const help =
    command === undefined ? "npm run killproof -- --help" : commandLineOf({ command, arguments: ["--help"] });
  return new UsageError(message.replace(/^error: /, "").replaceAll("\n", " "), `See what there is: ${help}`);
}
