/** Hand-written rows of code that changed under a session, shaped as a run would leave them. */
import type { UpgradeRow, UpgradeRows } from "../../experiments/upgrade/rows.ts";

const embedded = "resonate@embedded";
const redis = "redis-bullmq@redis";

export const sampleUpgrades: UpgradeRows = {
  upgrades: [
    ...under(embedded, "plain", ["runs as new", "lost", "lost"]),
    ...under(embedded, "safe", ["runs as old", "runs as old", "runs as old"]),
    ...under(redis, "plain", ["runs as new", "skipped", "skipped"]),
    ...under(redis, "safe", ["runs as old", "stuck, silent", null]),
  ],
  upgradePrices: [
    price(embedded, { plainLines: 3, safeLines: 6, oldLines: 52 }),
    price(redis, { plainLines: 7, safeLines: 14, oldLines: 0 }),
  ],
};

function under(
  target: string,
  way: UpgradeRow["way"],
  outcomes: readonly UpgradeRow["outcome"][],
): readonly UpgradeRow[] {
  const places = ["activities", "wait", "cleanup"] as const;
  return places.map((place, index) => {
    const outcome = outcomes[index] ?? null;
    const isExpected = way === "plain" || outcome === "runs as old";
    return {
      target,
      change: "step-before-idle",
      way,
      fleet: "forward",
      killed: false,
      killAt: null,
      place,
      session: `step-before-idle-${way}-forward-${place}`,
      outcome,
      found: outcome === null ? "it was not in its place when the code changed" : "what the ledger says",
      declared: way === "plain" && outcome !== null ? [outcome] : ["runs as old"],
      verdict: outcome === null ? "unknown" : isExpected ? "pass" : "fail",
      playedAgain: 0,
    };
  });
}

function price(
  target: string,
  lines: Pick<UpgradeRows["upgradePrices"][number], "plainLines" | "safeLines" | "oldLines">,
): UpgradeRows["upgradePrices"][number] {
  return {
    target,
    change: "step-before-idle",
    ...lines,
    says: "Both versions are there.",
    oldCodeStays: "until the last session that began with it has ended.",
    goingBack: "Callers ask for the old one again.",
  };
}
