import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test, vi } from "vitest";
import { isRunning } from "../testing/is-running.ts";
import { NeverReadyError, Reaper } from "./reaper.ts";

/** A harness in miniature: starts a process that ignores everything but SIGKILL, stops another, and waits to be killed. */
const harness = `
  import { Reaper } from ${JSON.stringify(fileURLToPath(new URL("reaper.ts", import.meta.url)))};
  const reaper = await Reaper.start();
  const forever = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
  const stubborn = reaper.spawn({ name: "stubborn", file: process.execPath, args: ["-e", forever] });
  const stopped = reaper.spawn({ name: "stopped", file: process.execPath, args: ["-e", forever] });
  stopped.kill("SIGSTOP");
  console.log(JSON.stringify({ pids: [stubborn.pid, stopped.pid], folder: reaper.folder }));
`;

test.each(["SIGKILL", "SIGTERM"] as const)(
  "nothing outlives a harness that was ended by %s",
  async (signal) => {
    const subprocess = execa(process.execPath, ["--input-type=module", "-e", harness], { reject: false });
    const { value: line } = await subprocess.iterable()[Symbol.asyncIterator]().next();
    const { pids, folder }: { pids: number[]; folder: string } = JSON.parse(String(line));
    expect(pids.map(isRunning)).toEqual([true, true]);
    process.kill(subprocess.pid ?? Number.NaN, signal);
    await vi.waitFor(
      () => expect([...pids.map(isRunning), existsSync(folder)]).toEqual([false, false, false]),
      10_000,
    );
  },
);

test("of a process that dies of an uncaught exception, the last line of the log is the error", async () => {
  const reaper = await Reaper.start();
  const child = reaper.spawn({ name: "dies", file: process.execPath, args: ["--eval", "null.that"] });
  await child.exited;
  expect(child.lastLogLine()).toMatch(/^TypeError: /);
  await reaper.stop();
});

test("a process that lives and never says that it is ready is not waited for for ever", async () => {
  const reaper = await Reaper.start();
  const silent = "console.log('waits'); setInterval(() => {}, 1000); process.on('message', () => {})";
  const child = reaper.spawn({ name: "silent", file: process.execPath, args: ["--eval", silent], ipc: true });
  await vi.waitUntil(() => child.lastLogLine() === "waits");
  const error: unknown = await child.firstMessage(100).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NeverReadyError);
  expect(String(error)).toContain("silent was not ready within 0.1 s");
  const unanswered: unknown = await child.ask({}, 100).catch((thrown: unknown) => thrown);
  expect(String(unanswered)).toContain("silent did not answer within 0.1 s");
  await reaper.stop();
});

test("while a run ends nothing is started any more, and its folder does not come back", async () => {
  const reaper = await Reaper.start();
  const ending = reaper.stop();
  mkdirSync(join(reaper.folder, "store"), { recursive: true });
  expect(() => reaper.spawn({ name: "late", file: process.execPath, args: ["--version"] })).toThrow(
    "late was not started",
  );
  await ending;
  expect(existsSync(reaper.folder)).toBe(false);
});
