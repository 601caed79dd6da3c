import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { create } from "../../../testing/embedded-requests-under-test.ts";
import { type Durability, durabilities } from "../../store.ts";
import { JournalDamaged, JournalUnwritable } from "../failure.ts";
import { JournalFile } from "./journal-file.ts";
import { encodeLine, type JournalEntry } from "./journal-line.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "killproof-journal-"));
  path = join(folder, "journal.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (nowMs: number, size = 0): JournalEntry => ({
  nowMs,
  request: create("é".repeat(size) || `p${nowMs}`),
});

function open(durability: Durability = "process"): { file: JournalFile; entries: JournalEntry[] } {
  const entries: JournalEntry[] = [];
  const file = new JournalFile(path, durability, (one) => entries.push(one));
  return { file, entries };
}

test.each(durabilities)("what was appended is read again (%s)", async (durability) => {
  const { file } = open(durability);
  file.append(Buffer.from(encodeLine(entry(1)) + encodeLine(entry(2))));
  await file.sync();
  file.close();
  const again = open(durability);
  expect(again.entries).toEqual([entry(1), entry(2)]);
  expect(again.file.bytes).toBe(statSync(path).size);
  again.file.close();
});

test("the file is readable by its owner only", () => {
  open().file.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("lines longer than what is read at once are put together", () => {
  const entries = [entry(1), entry(2, 1_500_000), entry(3, 700_000), entry(4)];
  writeFileSync(path, entries.map(encodeLine).join(""));
  const { file, entries: read } = open();
  expect(read).toEqual(entries);
  file.close();
});

test.each(["[2,", '[2,{"kind":"promise.create"', "\0\0\0\0", encodeLine(entry(2)).trimEnd()])(
  "a torn last line is cut off before anything is appended: %j",
  (torn) => {
    writeFileSync(path, encodeLine(entry(1)) + torn);
    const { file, entries } = open();
    expect(entries).toEqual([entry(1)]);
    file.append(Buffer.from(encodeLine(entry(3))));
    file.close();
    expect(readFileSync(path, "utf8")).toBe(encodeLine(entry(1)) + encodeLine(entry(3)));
  },
);

test.each(["garbage", "[1]", '["1",{}]', '[1,{"kind":"promise.unheard"}]', ""])(
  "a damaged line in the middle is refused, with its place: %j",
  (damaged) => {
    const first = encodeLine(entry(1));
    writeFileSync(path, `${first}${damaged}\n${encodeLine(entry(3))}`);
    const before = readFileSync(path);
    expect(() => open()).toThrow(JournalDamaged);
    expect(() => open()).toThrow(`damaged at line 2 (byte ${first.length})`);
    expect(() => open()).toThrow("head -n 1");
    expect(readFileSync(path)).toEqual(before);
  },
);

test("a path that cannot be opened is named, with the reason", () => {
  path = join(folder, "missing", "journal.jsonl");
  expect(() => open()).toThrow(JournalUnwritable);
  expect(() => open()).toThrow(/missing.*ENOENT/);
});

test("appending goes to the end, whoever else wrote there", () => {
  const { file } = open();
  appendFileSync(path, encodeLine(entry(1)));
  file.append(Buffer.from(encodeLine(entry(2))));
  file.close();
  expect(readFileSync(path, "utf8")).toBe(encodeLine(entry(1)) + encodeLine(entry(2)));
});
