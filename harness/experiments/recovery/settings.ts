/** How large each run of `recovery` is. */
import { z } from "zod";
import { oneKindShape } from "../one-kind.ts";

export const recoverySettingsSchema = z.strictObject(oneKindShape);

export type RecoverySettings = Readonly<z.infer<typeof recoverySettingsSchema>>;
