/** How the lifecycle is changed while sessions are under way, and what then becomes of them. */
import type { Upgrades } from "../../../harness/engines/upgrade.ts";
import { plain } from "./upgrade-edits.ts";
import { byTheBook } from "./upgrade-edits-by-the-book.ts";
import { safe } from "./upgrade-edits-safe.ts";

export const upgrades: Upgrades = {
  plain: { versions: plain, declared: {} },
  safe: { versions: safe, declared: {}, says: "", oldCodeStays: "" },
  byTheBook: { versions: byTheBook, declared: {} },
};
