/** Ends what a run left behind: its processes, stopped ones too, its folder, and what stands in no folder. */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** How long a process may take to be gone once it was killed, ms. */
const longestDeathMs = 5_000;

export async function reap(pids: Iterable<number>, folders: Iterable<string>): Promise<void> {
  const killed = [...pids];
  for (const pid of killed) {
    signal(pid, "SIGCONT"); // a stopped process keeps its memory and ports until it is continued
    signal(pid, "SIGKILL");
  }
  const killedAt = performance.now();
  // Until then they may write where nothing is to be left.
  while (killed.some(isThere) && performance.now() < killedAt + longestDeathMs) await delay(10);
  for (const folder of folders) {
    for (const segment of sharedMemoryOf(folder)) spawnSync("ipcrm", ["-m", segment]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/**
 * The System V segments of the PostgreSQL servers whose data are in a folder: a server that is killed leaves its own behind. Its
 * id is the second word of the seventh line of `postmaster.pid` (PostgreSQL, `miscinit.c`).
 */
function sharedMemoryOf(folder: string): readonly string[] {
  return globSync("**/postmaster.pid", { cwd: folder }).flatMap((file) => {
    const words = readFileSync(join(folder, file), "utf8").split("\n")[6]?.trim().split(/ +/) ?? [];
    return words.slice(1, 2);
  });
}

function isThere(pid: number): boolean {
  return signal(pid, 0);
}

/** Whether somebody was there to hear it. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // it exited in the meantime, which is what was wanted
  }
}
