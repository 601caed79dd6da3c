/** Ends what a run left behind: its processes, stopped ones too, and its folder. */
import { rmSync } from "node:fs";

export function reap(pids: Iterable<number>, folders: Iterable<string>): void {
  for (const pid of pids) {
    signal(pid, "SIGCONT"); // a stopped process keeps its memory and ports until it is continued
    signal(pid, "SIGKILL");
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It exited in the meantime, which is what was wanted.
  }
}
