import { describe, expect, it } from "vitest";
import { handWritten, leaseMs } from "../testing/hand-written.ts";
import { disturbancesOf } from "./disturbances.ts";

const startsAt = 1_000_000;

/** A worker that beats ten times per lease for twelve leases, but for the silences: from when, and to when, ms after the start. */
function beats(...silences: readonly (readonly [from: number, to: number])[]) {
  const run = handWritten().workers("w#1");
  for (let at = 100; at <= 12 * leaseMs; at += leaseMs / 10) {
    run.wait(leaseMs / 10 - 1);
    if (silences.every(([from, to]) => at <= from || at >= to)) run.write({ kind: "alive", worker: "w#1" });
    else run.wait(1);
  }
  return run.history();
}
const outage = { from: startsAt + 3_000, to: startsAt + 4_500 };

describe("what may excuse whatever is wrong in a case", () => {
  it("is nothing where workers beat", () => {
    expect(disturbancesOf(beats(), [], leaseMs)).toEqual([]);
  });

  it("is a worker that stalled", () => {
    expect(disturbancesOf(beats([2_000, 2_700]), [], leaseMs)).toEqual([
      "worker w#1 stalled (machine overloaded)",
    ]);
  });

  it("is not that the store was away because the case wanted it to be, and not for ever after", () => {
    expect(disturbancesOf(beats([3_000, 5_000]), [outage], leaseMs)).toEqual([]);
    expect(disturbancesOf(beats([3_000, 5_000], [8_000, 8_700]), [outage], leaseMs)).toHaveLength(1);
  });

  it("is a step that the world refused", () => {
    const refused = { session: "s1", step: "login", effect: null, worker: "w#1", execution: "x" } as const;
    const run = handWritten().write({ kind: "refused", ...refused, error: "ERR full" });
    expect(disturbancesOf(run.history(), [], leaseMs)).toEqual([
      "the world refused to begin in login of session s1: ERR full",
    ]);
  });
});
