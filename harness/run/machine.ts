/** What ran where: the machine, the versions and the commit, for results that may be compared only with their like. */
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
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

/** A package, and the folder, a file URL, from which it is imported. */
export interface ImportedPackage {
  readonly name: string;
  readonly from: string;
}

/** Versions of Node and of packages, by the key that each has in results; of one that is not installed, null. */
export function versions(packages: Readonly<Record<string, ImportedPackage>>): Record<string, string | null> {
  const installed = ({ name, from }: ImportedPackage): string | null => {
    const file = findPackageJSON(name, from);
    return file === undefined ? null : JSON.parse(readFileSync(file, "utf8")).version;
  };
  return {
    node: process.versions.node,
    ...Object.fromEntries(Object.entries(packages).map(([key, imported]) => [key, installed(imported)])),
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
