import { describe, expect, it } from "vitest";
import { isGuaranteed } from "../checks/guarantees.ts";
import { invariantIds } from "../checks/invariants/index.ts";
import { type FaultKind, faultKinds } from "../faults/kinds/faults.ts";
import type { SessionMode } from "../plan/plan-schema.ts";
import { isByTheBook } from "../report/target-name.ts";
import type { Target } from "../run/target.ts";
import { allTargetNames, targetsNamed } from "./targets.ts";

const all = targetsNamed(allTargetNames.join());
const withAll = targetsNamed("resonate@embedded,redis-bullmq@redis,postgres-queue@postgres");

function notPromised(
  { guarantees }: Pick<Target, "guarantees">,
  fault: FaultKind,
  mode: SessionMode,
): readonly string[] {
  return invariantIds.filter((id) => !isGuaranteed(guarantees, id, fault, mode));
}

describe("what the engines promise", () => {
  it.each(withAll)("is everything for idempotent sessions on $name", (target) => {
    expect(notPromised(target, "kill-all", "idempotent")).toEqual([]);
  });

  it.each(withAll)("is for naive sessions on $name what needs no keys", (target) => {
    expect(notPromised(target, "kill", "naive")).toEqual([
      "login-once",
      "recorded-once",
      "in-order",
      "expired-once",
      "cleaned-once",
      "quiet-after",
      "no-residue",
    ]);
  });

  it.each(["kill", "pause", "kill-store"] as const)(
    "leaves out under %s on resonate@postgres what a lease that is taken away for nothing breaks",
    (fault) => {
      const [onPostgres] = targetsNamed("resonate@postgres");
      expect(onPostgres && notPromised(onPostgres, fault, "idempotent")).toEqual(["repeats-explained"]);
    },
  );

  it("is nothing where nothing is declared", () => {
    expect(notPromised({ guarantees: [] }, "kill", "idempotent")).toEqual(invariantIds);
  });

  const hardened = all.filter(({ name }) => !isByTheBook(name));
  it("leaves out on resonate@server what a wake that its PostgreSQL has lost breaks, whatever the fault", () => {
    const [onServer] = targetsNamed("resonate@server");
    expect(onServer && notPromised(onServer, "terminate", "idempotent")).toEqual([
      "timer-kept",
      "expired-once",
      "cleaned-once",
      "completed",
      "no-residue",
    ]);
  });

  const whole = hardened.filter(({ name }) => name !== "resonate@server");
  it.each(whole)("is said on $name of every fault and both modes", (target) => {
    for (const fault of faultKinds)
      for (const mode of ["idempotent", "naive"] as const)
        expect(notPromised(target, fault, mode), `${fault} ${mode}`).not.toContain("completed");
  });

  it("is nothing by the book", () => {
    const books = all.filter(({ name }) => isByTheBook(name));
    expect(books.map(({ name }) => name)).toContain("resonate-by-the-book@server");
    for (const { guarantees } of books) expect(guarantees).toEqual([]);
  });

  it.each(withAll)("is even for naive sessions on $name that a deploy repeats nothing", (target) => {
    expect(notPromised(target, "terminate", "naive")).toEqual([]);
  });
});
