/** What ran where: the machine, the versions and the commit, for results that may be compared only with their like. */
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { RunFacts } from "../report/run-facts.ts";
import { repositoryRoot } from "../repository.ts";

export function machine(): RunFacts["machine"] {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || "unknown",
    cores: Math.max(1, processors.length),
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
  };
}

/** Versions of Node and of the engines' packages. */
export function versions(): Record<string, string> {
  const installed = (name: string): string =>
    JSON.parse(readFileSync(join(repositoryRoot, "node_modules", name, "package.json"), "utf8")).version;
  return {
    node: process.versions.node,
    resonateSdk: installed("@resonatehq/sdk"),
    bullmq: installed("bullmq"),
    ioredis: installed("ioredis"),
    pg: installed("pg"),
  };
}

/** The commit that is checked out, marked when files differ from it; null outside a checkout. */
export async function commit(): Promise<string | null> {
  const { stdout, failed } = await execa(
    "git",
    ["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
    {
      cwd: repositoryRoot,
      reject: false,
    },
  );
  return failed || stdout === "" ? null : stdout;
}
