/**
 * What a reader must have and know beside the code of each implementation: processes to run, packages to install, and the named
 * concepts of the engine that the code uses.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageFolderOf } from "../../engines/packages.ts";
import { engineOf } from "../../targets/targets.ts";
import { countedImplementations, sourcesOf } from "./count.ts";
import type { FootprintRow } from "./rows.ts";

/** One row for each implementation that is counted; services and concepts are declared in its engine's manifest. */
export async function footprint(): Promise<FootprintRow[]> {
  return Promise.all(
    countedImplementations().map(async (counted) => {
      const sources = await sourcesOf(counted);
      const packages = packagesOf(sources);
      const { services = [], concepts = [], licences = {} } = engineOf(counted);
      return {
        implementation: counted.name,
        services: [...services],
        packages: [...packages],
        packagesInAll: closureOf(packages, packageFolderOf(counted.folder))?.size ?? null,
        concepts: concepts
          .filter(({ word }) => sources.some((text) => text.includes(word)))
          .map(({ name }) => name),
        licences,
      };
    }),
  );
}

/** The npm packages that sources import by name, in order. Pure. */
export function packagesOf(sources: readonly string[]): readonly string[] {
  const names = sources
    .flatMap((text) => ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName))
    .filter((name) => !/^(\.|node:|killproof\/)/.test(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  return [...new Set(names)].sort();
}

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** These packages and all that they bring along, as a folder's lock file resolves them; optional ones are left out. Null where it lacks one of them. */
function closureOf(packages: readonly string[], folder: string): ReadonlySet<string> | null {
  const lock: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(join(folder, "package-lock.json"), "utf8"),
  );
  if (packages.some((name) => !(`node_modules/${name}` in lock.packages))) return null;
  const found = new Set<string>();
  const visit = (name: string, from: string): void => {
    const nested = `${from}/node_modules/${name}`;
    const place = nested in lock.packages ? nested : `node_modules/${name}`;
    if (found.has(place) || !(place in lock.packages)) return;
    found.add(place);
    for (const dependency of Object.keys(lock.packages[place]?.dependencies ?? {})) visit(dependency, place);
  };
  for (const name of packages) visit(name, "");
  return found;
}
