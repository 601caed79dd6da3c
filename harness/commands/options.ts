/** The flags that several commands share, each in one place, and how their values are read. */
import { InvalidArgumentError, Option } from "commander";
import { type ProfileName, profiles } from "../experiments/profiles.ts";
import { plannedFaultKinds } from "../plan/fault-schema.ts";
import { formats } from "../report/formats/formats.ts";
import { durabilities } from "../stores/store.ts";
import { targets } from "../targets/targets.ts";

export function profileOption(usual: ProfileName): Option {
  return new Option("--profile <name>", "size of the run").choices(Object.keys(profiles)).default(usual);
}

/** What a plan is drawn from. */
export function planOptions(): readonly Option[] {
  const number = (flags: string, description: string, from: number, to: number) =>
    new Option(flags, description).argParser(integer(from, to));
  const sized = (flags: string, what: string, from: number, to: number) =>
    number(flags, `${what} (default: the profile's)`, from, to);
  return [
    seedOption("workload and faults"),
    sized("--sessions <count>", "sessions started on each target", 1, 100_000),
    sized("--arrivals <seconds>", "how long arrivals are spread over", 1, 86_400),
    sized("--workers <count>", "worker processes of each target", 1, 64),
    sized("--clients <count>", "client processes of each target", 1, 64),
    new Option(
      "--faults <list>",
      `kinds of fault to draw, with weights, as many as the arrivals have room for: kill:5,pause or all (default: the profile's kills and kill-alls); known: ${plannedFaultKinds.join(", ")}`,
    ),
    sized("--kills <count>", "SIGKILLs of one worker", 0, 100_000),
    sized("--kill-alls <count>", "SIGKILLs of all workers at once", 0, 100_000),
    sized("--lease <ms>", "time until a dead worker's work is taken over", 200, 600_000),
    sized("--retry-delay <ms>", "constant delay before a failed step is retried", 1, 600_000),
  ];
}

export function seedOption(drawn: string): Option {
  const description = `draws ${drawn}; drawn anew when left out`;
  return new Option("--seed <integer>", description).argParser(integer(0, 2 ** 31 - 1));
}

export function targetsOption(): Option {
  const names = targets.map((target) => target.name).join(",");
  const description =
    "targets to compare, separated by commas: resonate@embedded, resonate@server, resonate@postgres, redis-bullmq@redis, postgres-outbox@postgres";
  return new Option("--targets <list>", description).default(names);
}

/** Where a store is that is running already, and what a store of the run's own needs besides its program. */
export function storeOptions(): readonly Option[] {
  const option = (flags: string, description: string, variable: string) =>
    new Option(flags, description).env(`KILLPROOF_${variable}`);
  return [
    option(
      "--redis-url <url>",
      "store of redis-bullmq@redis that is running: rediss://user:password@host:6379/0",
      "REDIS_URL",
    ),
    option("--resonate-url <url>", "store of resonate@server that is running", "RESONATE_URL"),
    option("--resonate-token <token>", "bearer token for that server", "RESONATE_TOKEN"),
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

/** Where the world is, when workers on other hosts are to reach it. */
export function worldOption(): Option {
  const description =
    "a Redis that is running already, for the world: where workers on other hosts reach it too";
  return new Option("--world-url <url>", description).env("KILLPROOF_WORLD_URL");
}

export function workersElsewhereOption(): Option {
  const description =
    "workers of each target that are started by hand with `npm run worker`, besides the run's own";
  return new Option("--workers-elsewhere <count>", description).argParser(integer(0, 64));
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

export function shrinkOption(): Option {
  const description =
    "how long to look for the smallest plan that fails, where a guarantee is violated; 0 does not look";
  return new Option("--shrink <seconds>", description).argParser(integer(0, 86_400)).default(90);
}

export function resultsOption(): Option {
  return new Option("--results <folder>", "where the run's files go").default("results");
}

export function formatOption(what: string, byDefault: string): Option {
  const known = [...formats.map(({ name }) => name), "json"].join(", ");
  return new Option("--format <list>", `${what}, separated by commas: ${known} (default: ${byDefault})`);
}

/** A parser for whole numbers between bounds, both included. */
export function integer(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
  };
}

/** A parser for several of them, separated by commas. */
export function integers(from: number, to: number): (text: string) => readonly number[] {
  const one = integer(from, to);
  return (text) => [...new Set(text.split(",").map((each) => one(each.trim())))];
}
