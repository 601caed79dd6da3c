/** What a process that was killed had synced, and what is left of its files without the rest. */
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { preloadedNotes, whyNoPreload } from "./preload.ts";
import { SyncNotes } from "./synced.ts";

/** Appends to one file before and after it is synced, and to another that never is; then waits for its end. */
const writer = `
  const { openSync, writeSync, fdatasyncSync } = require("node:fs");
  const [one, other] = ["one", "other"].map((name) => openSync(name, "a"));
  writeSync(one, "kept"); fdatasyncSync(one); writeSync(one, " lost"); writeSync(other, "lost");
  process.on("message", () => {});
  process.send({});
`;

it.skipIf(whyNoPreload() !== null)("cuts what is appended to what was synced", async () => {
  const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
  const notes = new SyncNotes(join(folder, "notes"));
  const files = [join(folder, "one"), join(folder, "other")];
  const before = Date.now();
  const child = execa(process.execPath, ["-e", writer], {
    cwd: folder,
    env: preloadedNotes(notes.path),
    ipc: true,
    reject: false,
  });
  await once(child.nodeChildProcess, "message");
  child.kill("SIGKILL");
  await child;
  expect(notes.unsyncedSince(files.slice(0, 1))).toBeGreaterThanOrEqual(before);
  expect(notes.unsyncedSince(files)).toBe(0);
  expect(notes.cut(files)).toBe(" lost".length + "lost".length);
  expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(["kept", ""]);
  expect(notes.unsyncedSince(files)).toBe(null);
});
