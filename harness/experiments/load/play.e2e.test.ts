import { expect, test, vi } from "vitest";
import { type FoundRows, joined } from "../../run/run-experiments.ts";
import { longLease } from "../../run/timing.ts";
import { RedisVisits } from "../../stores/redis-visits.ts";
import { targets } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { loadParts } from "./play.ts";
import { type LoadRows, loadRowSchemas } from "./rows.ts";
import { tuningsOf } from "./tuned-targets.ts";

const current = runForTests();
const settings = {
  workers: [1],
  clients: [1, 16],
  turns: [1, 1] as const,
  retakes: 0,
  roundMs: 150,
  warmUpMs: 150,
  extras: true,
  ...longLease,
};

/** Of each process that the run starts from now on, which others it found there. */
function watchProcesses() {
  const { reaper } = current.run;
  const alive = new Set<string>();
  const started: { readonly name: string; readonly beside: readonly string[] }[] = [];
  const spawn = reaper.spawn.bind(reaper);
  vi.spyOn(reaper, "spawn").mockImplementation((command) => {
    started.push({ name: command.name, beside: [...alive] });
    const child = spawn(command);
    alive.add(command.name);
    child.exited.then(() => alive.delete(command.name));
    return child;
  });
  return started;
}

/** `load-rates-3-resonate@embedded-lifecycle-no-op`, of a worker or a client; stores have other names. */
const armOf = (name: string) =>
  /^load[-a-z]*-\d+-.*-(?:lifecycle|engine-ceiling)-(?:no-op|witnessed|none)/.exec(name)?.[0];

test("a load has a row for each target, work and setting, and measures each alone", async () => {
  const started = watchProcesses();
  let found: FoundRows = {};
  for (const part of loadParts(targets, settings)) found = joined(found, await part(current.run));
  const rows = found as LoadRows;
  for (const [key, schema] of Object.entries(loadRowSchemas)) {
    for (const row of rows[key as keyof LoadRows]) expect(schema.safeParse(row).error).toBeUndefined();
  }
  // A row of which others had the machine has no figure; it is still there.
  const measured = [...rows.load, ...rows.loadLeftOut.filter(({ target }) => !target.includes(","))].map(
    ({ target, work, world, clients, shareOfPeak }) => [target, work, world, clients, shareOfPeak].join(" "),
  );
  const peaks = new Set(rows.loadBounds.map(({ target }) => target));
  const expected = targets.flatMap(({ name }) => [
    ...[1, 16].map((clients) => `${name} lifecycle no-op ${clients} `),
    `${name} engine-ceiling none 16 `,
    `${name} lifecycle witnessed 16 `,
    ...(peaks.has(name) ? ["0.5", "0.8", ""].map((share) => `${name} lifecycle no-op  ${share}`) : []),
  ]);
  expect(new Set(measured)).toEqual(new Set(expected));
  expect(started.length).toBeGreaterThan(0);
  for (const { name, beside } of started) {
    const arm = armOf(name);
    const others = beside.map(armOf).filter((other) => other !== undefined);
    if (arm === undefined)
      expect(beside).toEqual([]); // a store, with which a turn begins
    else expect(others.every((other) => other === arm)).toBe(true);
  }
  for (const row of rows.load) {
    expect(row.sessions).toBeGreaterThan(0); // in every round somebody got a result
    expect(row.p50Ms).toBeLessThanOrEqual(row.maxMs ?? 0);
  }
  // A start, its listener, an acquisition, two for each of five steps and the wait, one for the end, whatever the load.
  for (const { target, work, world, requestsPerSession } of rows.load)
    if (target === "resonate@embedded" && work === "lifecycle" && world === "no-op")
      expect(requestsPerSession).toBeCloseTo(15, 0);
  for (const { target, boundBy, parts, limit } of rows.loadBounds) {
    expect(boundBy).not.toBe("unknown");
    expect(parts?.find(({ part }) => part === "engine SDK")?.share).toBeGreaterThan(0);
    expect(limit, target).toBeGreaterThan(0);
  }
  const tuned = [...rows.loadTuned.map((row) => row.tuned), ...rows.loadLeftOut.map(({ target }) => target)];
  for (const target of targets)
    for (const { name } of tuningsOf(target)) expect(tuned).toContain(`${target.name}, ${name}`);
  // Of a load, nothing is told but its rows: its ledgers are neither saved nor kept in the world.
  expect(current.run.history.count).toBe(0);
  await new RedisVisits(current.run.world).visit(async (world) => expect(await world.dbsize()).toBe(0));
});
