/** How the lifecycle is changed while sessions are under way, and what then becomes of them. */
import type { Upgrades } from "../../../harness/engines/upgrade.ts";
import { byTheBook, plain, safe } from "./upgrade-edits.ts";

export const upgrades: Upgrades = {
  plain: { versions: plain, declared: {} },
  safe: { versions: safe, declared: {}, says: "", oldCodeStays: "" },
  byTheBook: { versions: byTheBook, declared: {} },
};
