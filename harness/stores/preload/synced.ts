/**
 * What a store has synced, as `syncs.c` notes it, and how its files are cut to that. That is our model of a disk that loses
 * power: of a file that is only appended to, what was written after its last sync is gone, all of it and at once. A real
 * disk may have kept some; it writes back by itself what nobody synced, within half a minute or so.
 */
import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";

/** As in `syncs.c`. */
const places = 4096;
const bytesPerNote = 24;

interface Note {
  readonly bytes: number;
  /** ms since the epoch, by the machine's clock. */
  readonly atMs: number;
}

export class SyncNotes {
  readonly path: string;

  /** Makes the file that the store's processes note it in. */
  constructor(path: string) {
    this.path = path;
    writeFileSync(path, new Uint8Array(places * bytesPerNote));
  }

  /** Since when nothing of these files is sure to be kept, ms since the epoch: 0, if one was never synced; null, if everything is synced. */
  unsyncedSince(files: readonly string[]): number | null {
    const since = files.flatMap((file) => {
      const { ino, size } = statSync(file);
      const synced = this.#noteOf(ino);
      return size > (synced?.bytes ?? 0) ? [synced?.atMs ?? 0] : [];
    });
    return since.length === 0 ? null : Math.min(...since);
  }

  /** Cuts the files to what was synced of them; nobody has them open. Returns how many bytes that took away. */
  cut(files: readonly string[]): number {
    return files.reduce((cut, file) => {
      const { ino, size } = statSync(file);
      const kept = Math.min(size, this.#noteOf(ino)?.bytes ?? 0);
      if (kept < size) truncateSync(file, kept);
      return cut + size - kept;
    }, 0);
  }

  #noteOf(inode: number): Note | null {
    const notes = new BigInt64Array(readFileSync(this.path).buffer.slice(0, places * bytesPerNote));
    for (let tried = 0; tried < places; tried++) {
      const at = 3 * ((inode + tried) % places);
      if (notes[at] === 0n) return null;
      if (notes[at] === BigInt(inode)) return { bytes: Number(notes[at + 1]), atMs: Number(notes[at + 2]) };
    }
    return null;
  }
}
