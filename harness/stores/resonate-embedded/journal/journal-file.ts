/**
 * The journal as a file: read once on start, then only appended to. Cuts off the line that a crash tore;
 * refuses a file that is damaged anywhere else.
 */
import {
  closeSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../../errors.ts";
import type { Durability } from "../../store.ts";
import { JournalDamaged, JournalUnwritable } from "../failure.ts";
import type { JournalSink } from "./journal.ts";
import { decodeLine, type JournalEntry } from "./journal-line.ts";

const fdatasyncAsync = promisify(fdatasync);
const newline = 0x0a;

export class JournalFile implements JournalSink {
  readonly #fd: number;
  /** Size after the torn line, if there was one, was cut off. */
  readonly bytes: number;
  /** Lines that were read. */
  readonly lines: number;
  syncs = 0;

  /**
   * Opens or creates the file and hands each of its lines to `replay`, in order. Throws
   * {@link JournalDamaged} or {@link JournalUnwritable}.
   */
  constructor(path: string, durability: Durability, replay: (entry: JournalEntry) => void) {
    this.#fd = openForAppend(path);
    const { lines, bytes } = readJournal(this.#fd, path, replay);
    this.lines = lines;
    this.bytes = bytes;
    try {
      if (fstatSync(this.#fd).size > bytes) ftruncateSync(this.#fd, bytes);
      if (durability !== "process") this.#syncWithFolder(path);
    } catch (cause) {
      throw new JournalUnwritable(path, cause);
    }
  }

  append(bytes: Buffer): void {
    // A write may take only a part, on a disk that is filling up; the rest then fails with the reason.
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
  }

  sync(): Promise<void> {
    this.syncs += 1;
    return fdatasyncAsync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** A new file survives the loss of power only when its folder's entry for it does. */
  #syncWithFolder(path: string): void {
    fsyncSync(this.#fd);
    const folder = openSync(dirname(path), "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
    this.syncs += 2;
  }
}

function openForAppend(path: string): number {
  try {
    return openSync(path, "a+", 0o600);
  } catch (cause) {
    throw new JournalUnwritable(path, cause);
  }
}

/** A line counts when its newline is there: what follows the last one was never acknowledged. */
function readJournal(
  fd: number,
  path: string,
  replay: (entry: JournalEntry) => void,
): { lines: number; bytes: number } {
  const chunk = Buffer.alloc(1 << 20);
  let lines = 0;
  let bytes = 0;
  /** Parts of a line that began in earlier chunks. */
  let begun: Buffer[] = [];
  for (let position = 0; ; ) {
    const read = readSync(fd, chunk, 0, chunk.length, position);
    if (read === 0) return { lines, bytes };
    position += read;
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1 && end < read; end = chunk.indexOf(newline, start)) {
      const last = chunk.subarray(start, end);
      const line = begun.length === 0 ? last : Buffer.concat([...begun, last]);
      begun = [];
      lines += 1;
      replay(decodeOrRefuse(line, path, lines, bytes));
      bytes += line.length + 1;
      start = end + 1;
    }
    if (start < read) begun.push(Buffer.from(chunk.subarray(start, read)));
  }
}

function decodeOrRefuse(line: Buffer, path: string, lineNumber: number, offsetBytes: number): JournalEntry {
  try {
    return decodeLine(line.toString("utf8"));
  } catch (cause) {
    throw new JournalDamaged(path, lineNumber, offsetBytes, messageOf(cause));
  }
}
