/** A profile that Node itself wrote, of a process that is told what to do and when. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cpuMsByPart, monotonicMs, profilingInto, readCpuProfile, type Window } from "./cpu-profile.ts";
import { Reaper } from "./reaper.ts";
import { terminate } from "./terminate.ts";

let reaper: Reaper;
beforeEach(async () => {
  reaper = await Reaper.start();
});
afterEach(() => reaper.stop());

const spanMs = 400;
/** An answer that takes longer never comes, ms. */
const longestMs = 60_000;

const program = `
import { work } from "sdk";
const told = {
  code: (until) => { while (performance.now() < until) for (let n = 0, last = 0; n < 1e6; n++) last = Math.imul(last + n, 31); },
  sdk: work,
};
process.on("message", ({ who }) => {
  told[who](performance.now() + ${spanMs});
  process.send({ kind: "done" });
});
process.on("SIGTERM", () => process.exit(0));
process.send({ kind: "ready" });
`;
/** Works within functions that have no file. */
const sdk = `
const text = JSON.stringify(Array.from({ length: 5_000 }, (_, n) => ({ n })));
export function work(until) { while (performance.now() < until) JSON.parse(text); }
`;

async function windowOf(work: () => Promise<unknown>): Promise<Window> {
  const fromMs = monotonicMs();
  await work();
  return { fromMs, toMs: monotonicMs() };
}

test("by a clock of another process, each window of a process's life shows what it did then", async () => {
  const home = join(reaper.folder, "a place"); // with a space
  const module = join(home, "node_modules/sdk");
  mkdirSync(module, { recursive: true });
  writeFileSync(join(module, "package.json"), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(join(module, "index.js"), sdk);
  writeFileSync(join(home, "main.mjs"), program);
  const folder = join(home, "profiles");
  const child = reaper.spawn({
    name: "profiled",
    file: process.execPath,
    args: [join(home, "main.mjs")],
    env: profilingInto(folder),
    ipc: true,
  });
  await child.firstMessage();
  const windows = {
    "our code": await windowOf(() => child.ask({ who: "code" }, longestMs)),
    waiting: await windowOf(() => delay(spanMs)),
    "engine SDK": await windowOf(() => child.ask({ who: "sdk" }, longestMs)),
  } as const;
  expect(readCpuProfile(folder, child)).toBeNull();
  await terminate(child);
  const profile = readCpuProfile(folder, child);
  if (profile === null) throw new Error("no profile was written");

  for (const part of ["our code", "waiting", "engine SDK"] as const) {
    const window = windows[part];
    const ms = cpuMsByPart(profile, window, { sdk: ["sdk"], drivers: [] });
    if (ms === null) throw new Error("the profile does not hold the window");
    const spent = Object.values(ms).reduce((sum, each) => sum + each, 0);
    expect(spent).toBeCloseTo(window.toMs - window.fromMs, 3);
    expect(ms[part] / spent).toBeGreaterThan(0.5);
  }
  expect(cpuMsByPart(profile, await windowOf(() => delay(1)), { sdk: [], drivers: [] })).toBeNull();
});
