/**
 * The barrier between the state and the outside: whatever reflects a change leaves only once the change is
 * in the journal. All that one turn of the event loop applied is written together (group commit), so that
 * the price of a write, or of an `fdatasync`, is paid once for many requests.
 */
import type { Durability } from "../../store.ts";

/** With `everysec`: how long after a write its sync begins, unless one is under way, ms. */
const syncEveryMs = 1_000;

/** Where the journal's bytes go. */
export interface JournalSink {
  /** Appends all bytes or throws. */
  append(bytes: Buffer): void;
  /** Resolves once all that was appended is on the medium. */
  sync(): Promise<void>;
  /** Calls of `fsync` and `fdatasync` so far. */
  readonly syncs: number;
}

interface Batch {
  readonly lines: string[];
  readonly releases: (() => void)[];
}

export class Journal {
  readonly #sink: JournalSink;
  readonly #durability: Durability;
  readonly #onFailure: (cause: unknown) => void;
  #open: Batch = { lines: [], releases: [] };
  /** Why no flush needs to be scheduled: one is, a sync is under way and will flush, or all is lost. */
  #phase: "idle" | "scheduled" | "syncing" | "failed" = "idle";
  #bytes: number;
  /** With `everysec`: whether a sync is planned or under way, and whether anything was written that it may miss. */
  #isSyncing = false;
  #isMissed = false;

  /**
   * `bytes` is what the journal holds already. `onFailure` is called once, when a write or a sync fails;
   * from then on nothing is released any more.
   */
  constructor(sink: JournalSink, durability: Durability, bytes: number, onFailure: (cause: unknown) => void) {
    this.#sink = sink;
    this.#durability = durability;
    this.#bytes = bytes;
    this.#onFailure = onFailure;
  }

  /** Size of the journal. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Calls of `fsync` and `fdatasync` since the process started. */
  get syncs(): number {
    return this.#sink.syncs;
  }

  /**
   * Calls `release` once `line` and all lines committed before it are in the journal. A read has no line of
   * its own (null), but it may have seen the change of another request, so it waits like everybody else.
   */
  commit(line: string | null, release: () => void): void {
    if (line !== null) this.#open.lines.push(line);
    this.#open.releases.push(release);
    if (this.#phase !== "idle") return;
    this.#phase = "scheduled";
    setImmediate(() => this.#flush());
  }

  /** Resolves when all that was committed so far is in the journal and released, and synced unless nothing ever is. */
  async drained(): Promise<void> {
    await new Promise<void>((resolve) => this.commit(null, resolve));
    if (this.#durability === "everysec") await this.#sink.sync().catch((cause) => this.#fail(cause));
  }

  #flush(): void {
    const batch = this.#open;
    this.#open = { lines: [], releases: [] };
    this.#phase = "idle";
    try {
      this.#append(batch.lines);
    } catch (cause) {
      this.#fail(cause);
      return;
    }
    if (batch.lines.length > 0 && this.#durability === "fsync") {
      this.#syncThenRelease(batch);
      return;
    }
    release(batch);
    if (batch.lines.length > 0 && this.#durability === "everysec") this.#syncLater();
  }

  #append(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.join(""));
    this.#sink.append(bytes);
    this.#bytes += bytes.length;
  }

  /** What is committed meanwhile gathers in one batch, which the end of this sync flushes. */
  #syncThenRelease(batch: Batch): void {
    this.#phase = "syncing";
    this.#sink.sync().then(
      () => {
        this.#phase = "scheduled";
        release(batch);
        this.#flush();
      },
      (cause) => this.#fail(cause),
    );
  }

  /** Nobody waits for this sync. What is written once it has begun is left to the next one. */
  #syncLater(): void {
    this.#isMissed = true;
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    setTimeout(() => {
      this.#isMissed = false;
      this.#sink.sync().then(
        () => {
          this.#isSyncing = false;
          if (this.#isMissed) this.#syncLater();
        },
        (cause) => this.#fail(cause),
      );
    }, syncEveryMs);
  }

  #fail(cause: unknown): void {
    if (this.#phase === "failed") return;
    this.#phase = "failed";
    this.#open = { lines: [], releases: [] };
    this.#onFailure(cause);
  }
}

function release(batch: Batch): void {
  for (const releaseOne of batch.releases) releaseOne();
}
