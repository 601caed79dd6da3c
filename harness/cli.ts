/** The commands and their flags, and nothing else: what each does stands in `experiments/`. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { tell, UsageError } from "./errors.ts";
import {
  runChaos,
  runClaims,
  runCodeSize,
  runCompare,
  runCrashMatrix,
  runDurability,
  runRecovery,
  runReplay,
  runReport,
  runSelftest,
} from "./experiments/commands.ts";
import { runConform } from "./experiments/conform-command.ts";
import { type ProfileName, profiles } from "./experiments/profiles.ts";
import { plannedFaultKinds } from "./faults/fault-schema.ts";
import { durabilities } from "./stores/store.ts";
import { emptyStoreNames, targets } from "./targets.ts";

const program = new Command("killproof")
  .description("One user-session lifecycle, two architectures, real SIGKILLs, an independent witness.")
  .exitOverride()
  .configureOutput({ outputError: () => {} }) // errors are shown in one place, below
  .helpCommand(false);

comparison("compare", "the main job: all experiments at the size of a profile, one report", runCompare);
comparison(
  "chaos",
  "random faults from a plan over many concurrent sessions: do the invariants hold?",
  runChaos,
);

program
  .command("crash-matrix")
  .description("one kill at every crash point, on every target and in both modes")
  .option(
    "--depth <count>",
    "how often a session dies at its point: 1, or its retries too",
    integer(1, 10),
    1,
  )
  .option("--only <points...>", "only these points, such as record:1/after, or these rows of the matrix")
  .addOption(targetsOption())
  .addOption(durabilityOption())
  .addOption(portOption())
  .addOption(resultsOption())
  .action(async (options) => {
    process.exitCode = await runCrashMatrix(options);
  });

program
  .command("claims")
  .description("the failure modes that durable execution says it covers, each provoked, each with evidence")
  .option("--claim <ids...>", "only these claims, such as crash-in-idle")
  .addOption(targetsOption())
  .addOption(durabilityOption())
  .addOption(portOption())
  .addOption(resultsOption())
  .action(async (options) => {
    process.exitCode = await runClaims(options);
  });

program
  .command("recovery")
  .description("from a fault to the next execution of every session that it interrupted, against the lease")
  .option("--seed <integer>", "draws workload and faults; drawn anew when left out", integer(0, 2 ** 31 - 1))
  .addOption(targetsOption())
  .addOption(durabilityOption())
  .addOption(portOption())
  .addOption(resultsOption())
  .action(async (options) => {
    process.exitCode = await runRecovery(options);
  });

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
  .option(
    "--seed <integer>",
    "draws the runs of the correct targets; drawn anew when left out",
    integer(0, 2 ** 31 - 1),
  )
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
  .addOption(targetsOption())
  .addOption(durabilityOption())
  .addOption(portOption())
  .addOption(resultsOption())
  .action(async (run: string, options) => {
    process.exitCode = await runReplay(run, options);
  });

program
  .command("report")
  .description("show a results file again")
  .argument("[file]", "results.json, or the folder of its run", "results/latest")
  .action(async (file: string) => {
    process.exitCode = await runReport(file);
  });

program
  .command("code-size")
  .description("lines by file and concern, counted by the TypeScript scanner, with the rule")
  .action(async () => {
    process.exitCode = await runCodeSize();
  });

program
  .command("conform")
  .description("the contract's own tests on an implementation of anybody's, and what is missing")
  .argument("<folder>", "folder of the implementation: worker.ts and client.ts")
  .addOption(
    new Option("--store <kind>", "the store that it runs on").choices(emptyStoreNames).makeOptionMandatory(),
  )
  .addOption(portOption())
  .addOption(resultsOption())
  .action(async (folder: string, options) => {
    process.exitCode = await runConform(folder, options);
  });

function comparison(name: string, description: string, run: typeof runCompare): void {
  program
    .command(name)
    .description(description)
    .option(
      "--seed <integer>",
      "draws workload and faults; drawn anew when left out",
      integer(0, 2 ** 31 - 1),
    )
    .addOption(
      new Option("--profile <name>", "size of the run")
        .choices(Object.keys(profiles))
        .default("quick" satisfies ProfileName),
    )
    .addOption(targetsOption())
    .option(
      "--sessions <count>",
      "sessions started on each target (default: the profile's)",
      integer(1, 100_000),
    )
    .option(
      "--arrivals <seconds>",
      "how long arrivals are spread over (default: the profile's)",
      integer(1, 86_400),
    )
    .option("--workers <count>", "worker processes of each target (default: the profile's)", integer(1, 64))
    .option("--clients <count>", "client processes of each target (default: the profile's)", integer(1, 64))
    .option(
      "--faults <list>",
      `kinds of fault to draw, with weights, as many as the arrivals have room for: kill:5,pause or all (default: the profile's kills and kill-alls); known: ${plannedFaultKinds.join(", ")}`,
    )
    .option("--kills <count>", "SIGKILLs of one worker (default: the profile's)", integer(0, 100_000))
    .option(
      "--kill-alls <count>",
      "SIGKILLs of all workers at once (default: the profile's)",
      integer(0, 100_000),
    )
    .option(
      "--lease <ms>",
      "time until a dead worker's work is taken over (default: the profile's)",
      integer(200, 600_000),
    )
    .option(
      "--retry-delay <ms>",
      "constant delay before a failed step is retried (default: the profile's)",
      integer(1, 600_000),
    )
    .addOption(durabilityOption())
    .addOption(portOption())
    .addOption(resultsOption())
    .action(async (options) => {
      process.exitCode = await run(options);
    });
}

function targetsOption(): Option {
  const names = targets.map((target) => target.name).join(",");
  const description =
    "targets to compare, separated by commas: resonate@embedded, resonate@server, resonate@postgres, redis-bullmq@redis, postgres-outbox@postgres";
  return new Option("--targets <list>", description).default(names);
}

/** Where a store is that is running already, and what a store of the run's own needs besides its program. */
function storeOptions(): readonly Option[] {
  const option = (flags: string, description: string, variable: string) =>
    new Option(flags, description).env(`KILLPROOF_${variable}`);
  return [
    option(
      "--redis-url <url>",
      "store of redis-bullmq@redis that is running: rediss://user:password@host:6379/0",
      "REDIS_URL",
    ),
    option("--resonate-url <url>", "store of resonate@server that is running", "RESONATE_URL"),
    option("--resonate-token <token>", "what that one wants to see", "RESONATE_TOKEN"),
    option(
      "--postgres-url <url>",
      "store of resonate@postgres that is running, with the schema in place",
      "POSTGRES_URL",
    ),
    option(
      "--resonate-sql <file>",
      "resonate.sql of resonate-pg, for a PostgreSQL that the run starts",
      "RESONATE_SQL",
    ),
  ];
}

function durabilityOption(): Option {
  return new Option(
    "--durability <kind>",
    "what an acknowledged step survives: SIGKILL of any process, power loss too (fsync), or power loss but for the last second or two (everysec)",
  )
    .choices(durabilities)
    .default("process");
}

function portOption(): Option {
  const description =
    "first of the consecutive ports that the run listens on, on loopback (default: any free ones)";
  return new Option("--port <number>", description).argParser(integer(1024, 65_000));
}

function resultsOption(): Option {
  return new Option("--results <folder>", "where the run's files go").default("results");
}

/** A parser for whole numbers between bounds, both included. */
function integer(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
  };
}

for (const command of program.commands) {
  if (command.options.some(({ long }) => long === "--targets"))
    for (const option of storeOptions()) command.addOption(option);
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
  const command = program.commands.find((candidate) => candidate.name() === process.argv[2])?.name();
  const help = command === undefined ? "node harness/cli.ts --help" : `npm run ${command} -- --help`;
  return new UsageError(message.replace(/^error: /, "").replaceAll("\n", " "), `See what there is: ${help}`);
}
