/** A clock that is set wrong, as a real process sees it. */
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { expect, it } from "vitest";
import { Clock } from "./clock.ts";

const folder = () => mkdtempSync(join(tmpdir(), "killproof-test-"));

/** By how much each way to ask for the time is off in a process that starts now, ms; `performance.now()` by how much it moved. */
const looks = `
  const real = () => performance.timeOrigin + performance.now();
  const off = (ms) => Math.round((ms - real()) / 100) * 100;
  const fromFile = require("node:fs").statSync(".").mtime;
  console.log(JSON.stringify({
    now: off(Date.now()), created: off(new Date().getTime()), called: off(Date.parse(Date())) >= 4000,
    given: new Date(5).getTime(), parsed: Date.UTC(1970, 0, 1), isDate: fromFile instanceof Date && new Date() instanceof Date,
  }));
`;

it("shifts what a process that starts takes for the time, and nothing else", () => {
  const clock = new Clock(join(folder(), "clock"));
  clock.move(5_000);
  const { stdout } = execaSync(process.execPath, ["-e", looks], { env: clock.ofNode });
  expect(JSON.parse(stdout)).toEqual({
    now: 5_000,
    created: 5_000,
    called: true,
    given: 5,
    parsed: 0,
    isDate: true,
  });
});

it("jumps in a process that runs, forward and back", async () => {
  const clock = new Clock(join(folder(), "clock"));
  const asked =
    "process.on('message', () => process.send(Date.now() - performance.timeOrigin - performance.now()))";
  const child = execa(process.execPath, ["-e", asked], { env: clock.ofNode, ipc: true, reject: false });
  const offMs = async () => {
    const answer = once(child.nodeChildProcess, "message");
    child.nodeChildProcess.send({});
    return Math.round(Number((await answer)[0]) / 100) * 100;
  };
  expect(await offMs()).toBeCloseTo(0);
  clock.move(60_000);
  expect(await offMs()).toBe(60_000);
  clock.move(-60_300);
  expect(await offMs()).toBe(-300);
  clock.move(300);
  expect(await offMs()).toBeCloseTo(0);
  child.kill();
  await child;
});
