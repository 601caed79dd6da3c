/**
 * A clock that can be set wrong: by how much it is off stands in a file of eight bytes, a signed number of ms, which the
 * processes that go by it read at each look at the clock. So it jumps for all of them at once, at any time, and whoever
 * starts later finds it as it is. Clocks that count from no date (timers, `performance.now()`) go on.
 */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";

/** Where {@link dateVariable} names such a file, `shifted-date.ts` shifts `Date` by it. */
export const dateVariable = "KILLPROOF_DATE";

export class Clock {
  readonly path: string;
  #offsetMs = 0;

  /** Makes the file of a clock that is right. */
  constructor(path: string) {
    this.path = path;
    writeFileSync(path, bytesOf(0), { mode: 0o644 }); // PostgreSQL runs as another user
  }

  /** Lets it jump by so many ms, back where that is negative. */
  move(byMs: number): void {
    this.#offsetMs += byMs;
    const file = openSync(this.path, "r+"); // in place: it is mapped
    writeSync(file, bytesOf(this.#offsetMs));
    closeSync(file);
  }

  /** What a Node process needs to go by this clock. */
  get ofNode(): Readonly<Record<string, string>> {
    const module = new URL("shifted-date.ts", import.meta.url).href;
    return {
      [dateVariable]: this.path,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${module}`.trim(),
    };
  }
}

function bytesOf(offsetMs: number): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt(offsetMs)).buffer);
}
