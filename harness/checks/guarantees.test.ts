import { describe, expect, it } from "vitest";
import { faultKinds } from "../world/entry.ts";
import { isGuaranteed } from "./guarantees.ts";
import { invariantIds } from "./verdict.ts";

const targets = ["resonate@embedded", "redis-bullmq@redis", "postgres-outbox@postgres"];

describe("isGuaranteed", () => {
  it.each(targets)("promises everything for idempotent sessions on %s", (target) => {
    const notPromised = invariantIds.filter((id) => !isGuaranteed(id, target, "kill-all", "idempotent"));
    expect(notPromised).toEqual([]);
  });

  it.each(targets)("promises for naive sessions on %s what needs no keys", (target) => {
    const notPromised = invariantIds.filter((id) => !isGuaranteed(id, target, "kill", "naive"));
    expect(notPromised).toEqual([
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
      const notPromised = (target: string) =>
        invariantIds.filter((id) => !isGuaranteed(id, target, fault, "idempotent"));
      expect(notPromised("resonate@postgres")).toEqual(["repeats-explained"]);
      expect(notPromised("redis-bullmq@redis")).toEqual([]);
    },
  );

  it("promises nothing for a target that is not declared", () => {
    expect(isGuaranteed("completed", "resonate@nowhere", "kill", "idempotent")).toBe(false);
  });

  it.each(targets)("says for every fault and both modes on %s whether anything is promised", (target) => {
    for (const fault of faultKinds)
      for (const mode of ["idempotent", "naive"] as const)
        expect(isGuaranteed("completed", target, fault, mode), `${fault} ${mode}`).toBe(true);
  });

  it.each(targets)("promises even for naive sessions on %s that a deploy repeats nothing", (target) => {
    expect(invariantIds.filter((id) => !isGuaranteed(id, target, "terminate", "naive"))).toEqual([]);
  });
});
