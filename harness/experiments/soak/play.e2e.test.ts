import { expect, test } from "vitest";
import { longLease, timing } from "../../run/timing.ts";
import { targets } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { playSoak } from "./play.ts";
import { type SoakRows, soakRowSchemas } from "./rows.ts";

const current = runForTests();

test.each(targets)(
  "$name: an overload is worked off, a soak loses no session to its kills, and everything that grows is sampled",
  async (target) => {
    const settings = {
      workers: 2,
      clients: 8,
      warmUpMs: 300,
      peakMs: 500,
      overloadMs: 1_000,
      overloadDrainMs: 60_000,
      soakDrainMs: 30_000,
      settleMs: 200,
      soakMs: 4_000,
      killEveryMs: 2_000,
      sampleEveryMs: 400,
      longLeaseMs: longLease.leaseMs,
      ...timing,
    };
    const found = (await playSoak(target, settings)(current.run)) as unknown as SoakRows; // what it fills
    for (const key of ["overload", "soak", "growth"] as const)
      for (const row of found[key]) expect(soakRowSchemas[key].safeParse(row).error).toBeUndefined();
    const [overload] = found.overload;
    expect(overload).toMatchObject({
      target: target.name,
      stopped: null,
      failed: 0,
      finished: overload?.begun,
    });
    expect(overload?.drainedMs).not.toBeNull();
    const [soak] = found.soak;
    expect(soak).toMatchObject({ target: target.name, stopped: null, failed: 0, lost: 0, kills: 2 });
    expect(soak?.begun).toBeGreaterThan(10);
    const livesOf = (kind: string) => found.growth.find(({ what }) => what === kind)?.lives;
    expect(livesOf("memory of the worker that is killed")).toBeGreaterThanOrEqual(2);
    expect(livesOf("memory of the worker that lives")).toBe(1);
    expect(found.growth.find(({ what }) => what === "store memory")?.perHour).not.toBeNull();
    if (process.platform === "linux") expect(livesOf("connections of the client")).toBe(1);
  },
);
