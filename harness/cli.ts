/** The commands and their flags, and nothing else: what each does stands in `experiments/`. */
import { Command, CommanderError, Option } from "commander";
import { runConform } from "./commands/conform.ts";
import {
  atOnceOption,
  durabilityOption,
  formatOption,
  integer,
  integers,
  planOptions,
  portOption,
  profileOption,
  resultsOption,
  seedOption,
  shrinkOption,
  storeOptions,
  targetsOption,
  workersElsewhereOption,
  worldOption,
} from "./commands/options.ts";
import { runReport } from "./commands/report.ts";
import { runWorker } from "./commands/worker.ts";
import { tell, UsageError } from "./errors.ts";
import { runChaos, runReplay } from "./experiments/chaos/command.ts";
import {
  runClaims,
  runCodeSize,
  runCompare,
  runCrashMatrix,
  runDurability,
  runRecovery,
  runSelftest,
} from "./experiments/commands.ts";
import { runCost, runIdleScale, runLoad } from "./experiments/measurement-commands.ts";
import { emptyStoreNames } from "./targets/targets.ts";

const program = new Command("killproof")
  .description("One user-session lifecycle, three implementations, real SIGKILLs, an independent witness.")
  .exitOverride()
  .configureOutput({ outputError: () => {} }) // errors are shown in one place, below
  .helpCommand(false);

comparison("compare", "the main job: chaos, crash-matrix, claims, and what each side costs", runCompare);
comparison(
  "chaos",
  "random faults from a plan over many concurrent sessions: do the invariants hold?",
  runChaos,
  [worldOption(), workersElsewhereOption()],
);

experiment(
  "crash-matrix",
  "one kill at every crash point, on every target and in both modes",
  runCrashMatrix,
  (command) =>
    command
      .option(
        "--depth <count>",
        "how many lives of a session die at the point: 1, or its retries too",
        integer(1, 10),
        1,
      )
      .option("--only <points...>", "only these points, such as record:1/after, or these rows of the matrix")
      .addOption(atOnceOption()),
);

experiment(
  "claims",
  "the failure modes that durable execution says it covers, each provoked, each with evidence",
  runClaims,
  (command) =>
    command.option("--claim <ids...>", "only these claims, such as crash-in-idle").addOption(atOnceOption()),
);

experiment(
  "recovery",
  "from a fault to the next execution of every session that it interrupted, against the lease",
  runRecovery,
  (command) => command.addOption(seedOption("workload and faults")).addOption(atOnceOption()),
);

program
  .command("durability")
  .description(
    "what it costs to survive power loss: syncs per session, and sessions/s beside the other kinds",
  )
  .addOption(targetsOption())
  .addOption(portOption())
  .addOption(resultsOption())
  .action(async (options) => {
    process.exitCode = await runDurability(options);
  });

measurement(
  "load",
  "sessions/s and latency at rising concurrency, fault-free, targets in turns",
  runLoad,
  (command) =>
    command
      .option(
        "--workers <counts>",
        "worker processes of each target, such as 1,2,4 (default: the profile's)",
        integers(1, 64),
      )
      .option(
        "--clients <counts>",
        "callers at a time, such as 1,16,64 (default: the profile's)",
        integers(1, 10_000),
      )
      .option(
        "--rounds <count>",
        "rounds of each target at each setting (default: the profile's)",
        integer(2, 1000),
      )
      .option(
        "--round-time <ms>",
        "how long each round starts new sessions (default: the profile's)",
        integer(50, 600_000),
      ),
);

measurement(
  "idle-scale",
  "many sleeping sessions: what each takes from its store, and how late they come due",
  runIdleScale,
  (command) =>
    command.option(
      "--sleepers <counts>",
      "sessions that sleep, such as 100,1000, each in both ways to come due (default: the profile's)",
      integers(1, 1_000_000),
    ),
);

measurement(
  "cost",
  "what one session takes: requests, round trips, bytes, CPU time, memory, by its number of activities",
  runCost,
  (command) =>
    command
      .option(
        "--activities <counts>",
        "activities of a session, such as 1,20 (default: the profile's)",
        integers(0, 10_000),
      )
      .option("--sessions <count>", "sessions of each row (default: the profile's)", integer(1, 100_000)),
);

program
  .command("selftest")
  .description("broken variants, each of which must be caught, and correct targets, which must raise nothing")
  .option(
    "--variant <name>",
    "one variant and its original, such as no-keys; no other runs of the correct targets",
  )
  .option(
    "--runs <count>",
    "fault-free runs of each correct target, 20 sessions each; two fifths as many with kills; 0 for none",
    integer(0, 10_000),
    50,
  )
  .option(
    "--samples <count>",
    "sessions that each variant is provoked on (default: 6, or 4 of one variant alone)",
    integer(1, 100),
  )
  .addOption(seedOption("the runs of the correct targets"))
  .option("--checkers", "only measure the checkers, in ledger entries per second")
  .addOption(durabilityOption())
  .addOption(portOption())
  .addOption(resultsOption())
  .action(async (options) => {
    process.exitCode = await runSelftest(options);
  });

program
  .command("replay")
  .description("play the plan of an earlier run again")
  .argument("<run>", "folder of the run, or its plan.json")
  .addOption(atOnceOption())
  .addOption(shrinkOption())
  .addOption(targetsOption())
  .addOption(durabilityOption())
  .addOption(portOption())
  .addOption(resultsOption())
  .action(async (run: string, options) => {
    process.exitCode = await runReplay(run, options);
  });

program
  .command("report")
  .description("show a results file again, or what changed between two")
  .argument("[file]", "results.json, or the folder of its run (default: results/latest)")
  .option("--compare <runs...>", "what changed between two results files or folders of runs, instead")
  .addOption(new Option("--judge", "judge its history again, and write its files anew").conflicts("compare"))
  .option("--force", "compare performance across machines or versions all the same, marked")
  .addOption(formatOption("write these files again, beside the results", "none").conflicts("compare"))
  .action(async (file: string | undefined, options) => {
    process.exitCode = await runReport(file, options);
  });

program
  .command("worker")
  .description("work for a run that was started on another host, until that run dismisses it")
  .option("--run <name>", "as the run prints it (default: whichever comes first and wants workers)")
  .requiredOption("--target <name>", "target that the run plays")
  .addOption(worldOption().makeOptionMandatory())
  .action(async (options) => {
    process.exit(await runWorker(options));
  });

program
  .command("code-size")
  .description("lines by file and concern, counted by the TypeScript scanner, with the rule")
  .action(async () => {
    process.exitCode = await runCodeSize();
  });

program
  .command("conform")
  .description("the contract's tests on any implementation, and what is missing")
  .argument("<folder>", "folder of the implementation: worker.ts and client.ts")
  .addOption(
    new Option("--store <kind>", "the store that it runs on").choices(emptyStoreNames).makeOptionMandatory(),
  )
  .addOption(portOption())
  .option("--history <folder>", "where the history of what was tried goes", "results")
  .action(async (folder: string, options) => {
    process.exitCode = await runConform(folder, options);
  });

/** An experiment that plays a plan, whose shape is a profile's unless its own options say otherwise. */
function comparison(
  name: string,
  description: string,
  run: typeof runCompare,
  own: readonly Option[] = [],
): void {
  experiment(name, description, run, (command) => {
    for (const option of [profileOption("quick"), ...planOptions(), atOnceOption(), shrinkOption(), ...own])
      command.addOption(option);
    return command;
  });
}

/** What every experiment can be told, behind what only this one can. */
function experiment<Options>(
  name: string,
  description: string,
  run: (options: Options) => Promise<number>,
  withOwnOptions: (command: Command) => Command,
): void {
  withOwnOptions(program.command(name).description(description))
    .addOption(targetsOption())
    .addOption(durabilityOption())
    .addOption(portOption())
    .addOption(resultsOption())
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
}

/** An experiment without faults, whose size is a profile's unless its own options say otherwise. */
function measurement<Options>(
  name: string,
  description: string,
  run: (options: Options) => Promise<number>,
  withSizes: (command: Command) => Command,
): void {
  experiment(name, description, run, (command) => withSizes(command.addOption(profileOption("standard"))));
}

// What writes a run also chooses the formats of its report; what names targets also says where their stores are.
for (const command of program.commands) {
  const takes = (flag: string) => command.options.some(({ long }) => long === flag);
  if (takes("--results")) command.addOption(formatOption("files to write beside results.json", "all"));
  if (takes("--targets") || takes("--target")) for (const option of storeOptions()) command.addOption(option);
}

process.on("unhandledRejection", end); // when a run has failed, what it had under way fails too, perhaps before it
try {
  await program.parseAsync();
} catch (thrown) {
  end(thrown);
}

/** Tells a person what was thrown, and ends the process: what a failed run had planned for later must not keep it. */
function end(thrown: unknown): never {
  const { lines, exitCode } = tell(thrown instanceof CommanderError ? usageErrorOf(thrown) : thrown);
  console.error(lines.join("\n"));
  process.exit(exitCode);
}

function usageErrorOf({ message, exitCode }: CommanderError): unknown {
  if (exitCode === 0) process.exit(0); // --help
  if (message === "(outputHelp)") process.exit(64); // no command: the help has been shown
  const command = program.commands.find((candidate) => candidate.name() === process.argv[2])?.name();
  const help = command === undefined ? "node harness/cli.ts --help" : `npm run ${command} -- --help`;
  return new UsageError(message.replace(/^error: /, "").replaceAll("\n", " "), `See what there is: ${help}`);
}
