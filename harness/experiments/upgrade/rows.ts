/** A row for each session of a cell: where it was when the code changed, and what became of it. */
import { z } from "zod";
import { changeNames, fleets, outcomes, places } from "../../engines/upgrade.ts";
import { count, targetName, verdictValue } from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

export const wayNames = ["plain", "safe"] as const;
export type WayName = (typeof wayNames)[number];

const upgradeRowSchema = z.strictObject({
  target: targetName,
  change: z.enum(changeNames),
  way: z.enum(wayNames),
  fleet: z.enum(fleets),
  /** Whether a worker died of it after the change too. */
  killed: z.boolean(),
  /** Where a worker may die of it after the change, as `step/effect`: what landed first then; null where nothing did, or it did not go on. */
  killAt: z.string().nullable(),
  /** `new`: it was started after the change. */
  place: z.enum([...places, "new"]),
  /** By which its entries are found in the history. */
  session: z.string(),
  /** Null where it was not where it had to be, or the kill did not happen. */
  outcome: z.enum(outcomes).nullable(),
  /** What of the ledger says so. */
  found: z.string(),
  /** The outcomes that its engine declares for it; none where it declares nothing. */
  declared: z.array(z.enum(outcomes)).readonly(),
  verdict: verdictValue,
  /** How often it was inconclusive, and played again alone; this is the last of these. */
  playedAgain: count.default(0),
});

/** What the safe way of an engine costs, for each change. */
const upgradePriceSchema = z.strictObject({
  target: targetName,
  change: z.enum(changeNames),
  /** Code lines that the next version adds or changes, by the plain way and by the safe one. */
  plainLines: count,
  safeLines: count,
  /** Code lines of the old version that stay beside the new ones. */
  oldLines: count,
  oldCodeStays: z.string(),
  goingBack: z.string(),
  says: z.string(),
});

export const upgradeRowSchemas = { upgrades: upgradeRowSchema, upgradePrices: upgradePriceSchema };

export type UpgradeRows = RowsOf<typeof upgradeRowSchemas>;
export type UpgradeRow = UpgradeRows["upgrades"][number];
export type UpgradePrice = UpgradeRows["upgradePrices"][number];
