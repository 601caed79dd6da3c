/**
 * Where an engine's packages come from. One with a `package.json` in its own folder is a guest: its packages are installed
 * there by `npm run setup -- <name>`, and nobody who does not ask for it needs them.
 */
import { existsSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { EnginePackages } from "../processes/cpu-profile.ts";
import { repositoryRoot } from "../repository.ts";
import type { Engine } from "./engine.ts";

/** Which of the packages that its manifest names are an engine's own, and which speak with its store. Pure. */
export function packagesOf({
  versions = {},
  drivers = [],
}: Pick<Engine, "versions" | "drivers">): EnginePackages {
  return { sdk: Object.values(versions).filter((name) => !drivers.includes(name)), drivers };
}

/** The folder whose `package.json` holds for a folder, a file URL that ends in `/`: its own, or the nearest above it. */
export function packageFolderOf(folder: string): string {
  const file = findPackageJSON("..", new URL("any/file", folder)); // seen from below, `..` is the folder
  return file === undefined ? repositoryRoot : dirname(file);
}

/** Whether an implementation of this repository, in a folder whose URL ends in `/`, has packages of its own. */
export function isGuest(folder: string): boolean {
  const isOurs = folder.startsWith(`${pathToFileURL(repositoryRoot).href}/`);
  return isOurs && packageFolderOf(folder) !== repositoryRoot;
}

/** Why a guest cannot be used here, and what to do about it, in one line; null for one that is installed, and for all others. */
export function whyNotInstalled(folder: string): string | null {
  if (!isGuest(folder)) return null;
  const home = packageFolderOf(folder);
  return existsSync(join(home, "node_modules/.package-lock.json"))
    ? null
    : `its packages are not installed; run \`npm run setup -- ${basename(home)}\``;
}
