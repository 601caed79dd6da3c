/** The flags that several commands share, each in one place, and how the flags of experiments become commander's. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Experiment, type Flag, type ProfileName, profileNames } from "../experiments/experiment.ts";
import { formats } from "../report/formats/formats.ts";
import { ownStoreFlags, storeFlags } from "../stores/options.ts";
import { durabilities } from "../stores/store.ts";
import { allTargetNames, usualTargetNames } from "../targets/targets.ts";

/** Adds to a command all flags of an experiment, those that it shares with others behind its own. */
export function addFlagsOf(command: Command, { flags, shared }: Experiment): Command {
  if (shared.profile !== undefined) command.addOption(profileOption(shared.profile));
  if (shared.draws !== undefined) command.addOption(seedOption(shared.draws));
  if (shared.lease) command.addOption(leaseOption());
  for (const flag of flags) command.addOption(optionOf(flag));
  if (shared.atOnce) command.addOption(atOnceOption());
  if (shared.remoteWorkers)
    command.addOption(worldOption()).addOption(remoteWorkersOption()).addOption(formerRemoteWorkersOption());
  if (shared.targets) command.addOption(targetsOption());
  if (shared.durability) command.addOption(durabilityOption());
  return command;
}

/** The flags of whatever opens a run: where it listens, and what it writes. */
export function addRunFlags(command: Command): Command {
  return command
    .addOption(portOption())
    .addOption(resultsOption())
    .addOption(formatOption("files to write beside results.json", "all"));
}

/** A flag as commander has it. */
export function optionOf({ flag, says, integer: bounds, isList, byDefault, variable }: Flag): Option {
  const option = new Option(flag, says);
  if (bounds !== undefined && isList) option.argParser(integers(...bounds));
  else if (bounds !== undefined) option.argParser(integer(...bounds));
  else if (option.variadic) option.argParser(names);
  if (byDefault !== undefined) option.default(byDefault);
  if (variable !== undefined) option.env(variable);
  return option;
}

/** Separated by spaces, or by commas as in all other lists. Pure. */
function names(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(",").filter((name) => name !== "")];
}

function profileOption(usual: ProfileName): Option {
  return new Option("--profile <name>", "size of the run").choices(profileNames).default(usual);
}

function seedOption(drawn: string): Option {
  const description = `draws ${drawn}; drawn anew when left out`;
  return new Option("--seed <integer>", description).argParser(integer(0, 2 ** 31 - 1));
}

export function leaseOption(): Option {
  const description =
    "time until a dead worker's work is taken over, ms (default: 1000 where the machine bears it, else 2000 or 4000)";
  return new Option("--lease <ms>", description).argParser(integer(200, 600_000));
}

export function targetsOption(): Option {
  const byDefault = `${usualTargetNames.join(",")}, or those of --engine`;
  const description = `targets to compare, separated by commas: ${allTargetNames.join(", ")} (default: ${byDefault})`;
  return new Option("--targets <list>", description);
}

/** A folder of anybody's as an engine. */
export function engineOption(description: string): Option {
  return new Option("--engine <folder>", description);
}

/** Where stores are that are running already. */
export function storeOptions(): readonly Option[] {
  return storeFlags.map(optionOf);
}

/** What stores of one's own need besides their programs. */
export function ownStoreOptions(): readonly Option[] {
  return ownStoreFlags.map(optionOf);
}

/** Where the world is, when workers on other hosts are to reach it. */
export function worldOption(): Option {
  const description =
    "a Redis that is running already, for the world: where workers on other hosts reach it too";
  return new Option("--world-url <url>", description).env("KILLPROOF_WORLD_URL");
}

/** The name that the flag had. */
function formerRemoteWorkersOption(): Option {
  return new Option("--workers-elsewhere <count>").argParser(integer(0, 64)).hideHelp();
}

function remoteWorkersOption(): Option {
  const description =
    "workers of each target that are started by hand with `npm run worker`, besides the run's own";
  return new Option("--remote-workers <count>", description).argParser(integer(0, 64));
}

export function atOnceOption(): Option {
  const description =
    "targets that play at the same time; the others wait (default: one per core, two at least)";
  return new Option("--at-once <count>", description).argParser(integer(1, 64));
}

export function durabilityOption(): Option {
  return new Option(
    "--durability <kind>",
    "what an acknowledged step survives: SIGKILL of any process, power loss too (fsync), or power loss but for the last second or two (everysec)",
  )
    .choices(durabilities)
    .default("process");
}

export function portOption(): Option {
  const description =
    "first of the consecutive ports that the run listens on, on loopback (default: any free ones)";
  return new Option("--port <number>", description).argParser(integer(1024, 65_000));
}

export function resultsOption(): Option {
  return new Option("--results <folder>", "where the run's files go").default("results");
}

export function formatOption(what: string, byDefault: string): Option {
  const known = [...formats.map(({ name }) => name), "json"].join(", ");
  return new Option("--format <list>", `${what}, separated by commas: ${known} (default: ${byDefault})`);
}

/** A parser for whole numbers between bounds, both included. */
function integer(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
  };
}

/** A parser for several of them, separated by commas. */
function integers(from: number, to: number): (text: string) => readonly number[] {
  const one = integer(from, to);
  return (text) => [...new Set(text.split(",").map((each) => one(each.trim())))];
}
