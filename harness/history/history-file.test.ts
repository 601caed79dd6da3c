import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MachineError, UnreadableResultsError } from "../errors.ts";
import type { Entry } from "../world/entry.ts";
import { HistoryFile, readHistory, withLedgersOf } from "./history-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "killproof-history-"));
  path = join(folder, "history.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const spawned: Entry = { seq: "1-0", at: 1, kind: "spawned", worker: "w0#1" };
const ready: Entry = { seq: "2-0", at: 2, kind: "ready", worker: "w0#1" };
const alive: Entry = { seq: "3-0", at: 3, kind: "alive", worker: "w0#1" };

function written(): void {
  const file = new HistoryFile(path);
  file.write("chaos", "a@b", [spawned]);
  file.write("chaos", "c@d", [spawned]);
  file.write("chaos", "a@b", [ready, alive]);
  file.close();
}

test("a history that cannot be written any more says so to whoever waits for something else", async () => {
  const file = new HistoryFile(path);
  file.close();
  expect(() => file.write("chaos", "a@b", [spawned])).toThrow(MachineError);
  await expect(file.failed).rejects.toThrow(/history\.jsonl cannot be written \(EBADF/);
});

describe("readHistory", () => {
  test("gives back each ledger as it was written, without the signs of life", async () => {
    written();
    expect(await readHistory(path)).toEqual([
      { experiment: "chaos", target: "a@b", entries: [spawned, ready] },
      { experiment: "chaos", target: "c@d", entries: [spawned] },
    ]);
  });

  test("gives a target the name that it has today", async () => {
    const file = new HistoryFile(path);
    file.write("chaos", "postgres-outbox@postgres", [spawned]);
    file.close();
    expect(await readHistory(path)).toMatchObject([{ target: "postgres-queue@postgres" }]);
  });

  test("leaves out a last line that a kill tore", async () => {
    written();
    appendFileSync(path, '{"experiment":"chaos","tar');
    expect(await readHistory(path)).toHaveLength(2);
  });

  test("refuses a file that is damaged before its end, by line", async () => {
    written();
    appendFileSync(path, '{"torn\n{"experiment":"chaos"}\n');
    const error = await readHistory(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableResultsError);
    expect((error as UnreadableResultsError).causeLine).toContain("damaged in line 5");
  });

  test("refuses a file that is not there", async () => {
    await expect(readHistory(path)).rejects.toThrow(/cannot be read/);
  });

  test("a line ends at \\n, and at nothing else that Unicode calls an end", async () => {
    const session = "one\u2028two\u2029three\u0085four\rfive";
    const call: Entry = { seq: "4-0", at: 4, kind: "released", session } as never; // any entry with a session
    const file = new HistoryFile(path);
    file.write("chaos", "a@b", [call, ready]);
    file.close();
    expect(await readHistory(path)).toEqual([{ experiment: "chaos", target: "a@b", entries: [call, ready] }]);
  });

  test("a history that lacks entries of its run is refused where all are needed", async () => {
    written();
    await expect(readHistory(path, { atLeast: 5 })).rejects.toThrow("4 of the run's 5 entries");
    expect(await readHistory(path, { atLeast: 4 })).toHaveLength(2);
  });

  test("an empty history has no ledger", async () => {
    writeFileSync(path, "");
    expect(await readHistory(path)).toEqual([]);
  });
});

test("ledgers of a newer history take the place of those of the same experiment and target, and of no other", async () => {
  written();
  const newer = join(folder, "newer.jsonl");
  const file = new HistoryFile(newer);
  file.write("chaos", "a@b", [ready]);
  file.write("claims", "a@b", [spawned]);
  file.close();
  await withLedgersOf(path, newer);
  expect(await readHistory(path)).toEqual([
    { experiment: "chaos", target: "c@d", entries: [spawned] },
    { experiment: "chaos", target: "a@b", entries: [ready] },
    { experiment: "claims", target: "a@b", entries: [spawned] },
  ]);
});
