/**
 * `history.jsonl`: every entry of every ledger of a run, one line each, written as it happens, so that a run
 * that is killed half-way leaves what it saw.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import type { Entry } from "./entry.ts";

export class HistoryFile {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, "wx");
  }

  write(experiment: string, target: string, entries: readonly Entry[]): void {
    const lines = entries.map((entry) => `${JSON.stringify({ experiment, target, ...entry })}\n`);
    if (lines.length > 0) writeSync(this.file, lines.join(""));
  }

  close(): void {
    closeSync(this.file);
  }
}
