import { once } from "node:events";
import { execa } from "execa";
import { expect, test } from "vitest";
import { cpuMsOf, residentBytesOf, usageOf, watchMemory } from "./usage.ts";

const busy =
  "const until = Date.now() + 1500; while (Date.now() < until); console.log('done'); setInterval(() => {}, 1000);";
const parent = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(busy)}], { stdio: "inherit" }); setInterval(() => {}, 1000);`;

/** A process that leaves its own work to a child; ended with it. */
async function start(script: string) {
  const process_ = execa(process.execPath, ["-e", script], { detached: true, reject: false, buffer: false });
  const { pid, stdout } = process_;
  if (pid === undefined || stdout === null) throw new Error("it did not start");
  await once(stdout, "data"); // its work is done
  return { pid, end: () => process.kill(-pid, "SIGKILL") };
}

test("processor time is what a process and its children worked", async () => {
  const [alone, family] = await Promise.all([start(busy), start(parent)]);
  for (const each of [alone, family]) {
    expect((await usageOf(each))?.cpuMs).toBeGreaterThan(300); // of 1.5 s, on a machine that others use too
    each.end();
  }
});

test("memory is that of one process, and not known where several share it", async () => {
  const [alone, family] = await Promise.all([start(busy), start(parent)]);
  expect((await usageOf(alone))?.residentBytes).toBeGreaterThan(10_000_000); // Node itself
  expect((await usageOf(family))?.residentBytes).toBeNull();
  expect(await residentBytesOf([alone])).toBeGreaterThan(10_000_000);
  expect(await residentBytesOf([alone, alone])).toBeNull();
  const watch = watchMemory(alone);
  expect(await watch.stop()).toBeGreaterThan(10_000_000);
  for (const each of [alone, family]) each.end();
});

test("of what is gone nothing is known", async () => {
  const gone = execa(process.execPath, ["-e", ""]);
  const pid = gone.pid ?? 0;
  await gone;
  expect(await usageOf({ pid })).toBeNull();
  expect(await cpuMsOf([{ pid }])).toBeNull();
  expect(await cpuMsOf([])).toBeNull();
});
