/** Which cells are played, and in what time. */
import { z } from "zod";
import { changeNames, fleets } from "../../engines/upgrade.ts";
import { count } from "../../report/schema-parts.ts";

export const upgradeSettingsSchema = z.strictObject({
  changes: z.array(z.enum(changeNames)).readonly(),
  fleets: z.array(z.enum(fleets)).readonly(),
  /** A safe way with something left out, by its name, which is then played alone. */
  unsafe: z.string().nullable().default(null),
  /** Whether cells that went on are played again with a kill at the worst moment. */
  kills: z.boolean(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type UpgradeSettings = Readonly<z.infer<typeof upgradeSettingsSchema>>;
