/**
 * Whether the disks that a run writes to have room. A store on a full disk refuses writes, or dies, and would be blamed for what
 * it then does not do: so the run ends before that.
 */
import { existsSync, statfsSync } from "node:fs";
import { MachineError } from "../errors.ts";

/** With less than this a disk counts as full: what a store writes between two looks must have room. */
const leastFreeBytes = 32 * 1024 * 1024;
const lookMs = 250;

/** What is wrong with the first of these folders whose disk is full; null where none is. One that is gone needs no room. */
export function fullDisk(folders: readonly string[]): MachineError | null {
  for (const folder of folders.filter((each) => existsSync(each))) {
    const { bavail, bsize } = statfsSync(folder);
    const freeBytes = bavail * bsize;
    if (freeBytes >= leastFreeBytes) continue;
    const mebibytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
    return new MachineError(
      `The disk of ${folder} is full: ${mebibytes(freeBytes)} MiB are free, and a run needs ${mebibytes(leastFreeBytes)} at any time.`,
      "Make room there, or name other folders: --results for what is kept, TMPDIR for what is needed meanwhile.",
    );
  }
  return null;
}

export class DiskWatch {
  private readonly failure = Promise.withResolvers<never>();
  private readonly timer: NodeJS.Timeout;

  /** Looks at the disks of these folders until it is stopped. */
  constructor(folders: readonly string[]) {
    this.failure.promise.catch(() => {}); // whoever awaits it is told; nobody may be awaiting it yet
    this.timer = setInterval(() => this.look(folders), lookMs);
  }

  /** Rejects with a MachineError once one of them is full. */
  get failed(): Promise<never> {
    return this.failure.promise;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(folders: readonly string[]): void {
    const full = fullDisk(folders);
    if (full !== null) this.failure.reject(full);
  }
}
