/** How large each run of `faults` is, and which there are. */
import { z } from "zod";
import { oneKindShape } from "../one-kind.ts";

export const faultsSettingsSchema = z.strictObject({
  /** By name. */
  runs: z.array(z.string()).readonly(),
  ...oneKindShape,
});

export type FaultsSettings = Readonly<z.infer<typeof faultsSettingsSchema>>;

export interface FaultsFlags {
  readonly only: readonly string[];
}
