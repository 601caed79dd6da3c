/**
 * What is loaded before everything else into the processes of a store, so that what they ask the system for goes through the
 * harness's hands: the time of day (`clock.c`), and that a file is synced (`syncs.c`). Made at the start of a run that needs
 * it, by the machine's C compiler.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MachineError } from "../../errors.ts";
import type { Clock } from "../../processes/clock/clock.ts";

type Environment = Readonly<Record<string, string>>;

/** Why nothing can be preloaded on this machine, in a few words; null where it can. */
export function whyNoPreload(): string | null {
  if (process.platform !== "linux") return "what it takes is preloaded on Linux only";
  const hasCompiler = (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => existsSync(join(folder, "cc")));
  return hasCompiler ? null : "there is no C compiler (cc) on PATH; install it with `apt-get install gcc`";
}

/** What the processes of a store need to go by this clock. @throws MachineError when that cannot be compiled. */
export function preloadedClock({ path }: Clock): Environment {
  return { KILLPROOF_CLOCK: path, LD_PRELOAD: compiledIn(dirname(path)) };
}

/** What they need to note in this file what they sync. @throws as {@link preloadedClock} does. */
export function preloadedNotes(path: string): Environment {
  return { KILLPROOF_SYNCS: path, LD_PRELOAD: compiledIn(dirname(path)) };
}

/** The library in the run's folder. */
function compiledIn(folder: string): string {
  const library = join(folder, "preload.so");
  if (existsSync(library)) return library;
  const sources = ["clock.c", "syncs.c"].map((file) => fileURLToPath(new URL(file, import.meta.url)));
  const { status, stderr } = spawnSync("cc", [
    "-std=c11",
    "-O2",
    "-shared",
    "-fPIC",
    "-o",
    library,
    ...sources,
  ]);
  if (status !== 0) {
    throw new MachineError(
      `${sources.join(" and ")} could not be compiled with cc.`,
      `It says: ${stderr?.toString().trim().split("\n")[0] || "nothing"}`,
    );
  }
  chmodSync(library, 0o755); // PostgreSQL runs as another user
  return library;
}
