/**
 * How the workflow is changed while sessions are under way. A handler that is called again is held against its journal, command by
 * command, by kind and name: the first that differs ends the call, and each one after it.
 */

import {
  asTheyBegan,
  everywhere,
  type Upgrades,
  whereNamesAreCompared,
} from "../../../harness/engines/upgrade.ts";
import { isNext, plain, safe } from "./upgrade-edits.ts";

export const upgrades: Upgrades = {
  plain: { versions: plain, declared: whereNamesAreCompared },
  safe: {
    versions: safe,
    declared: asTheyBegan(() => everywhere("refused")),
    says: "Each version is a deployment with an address of its own, and a session ends on the one that it began on (https://docs.restate.dev/services/versioning).",
    goingBack:
      "The workers go on answering at both addresses, and the old one is registered again: the published code alone refuses the sessions of the new version, loudly, until that is back.",
    oldCodeStays: "at its address until the last session that began there has ended.",
    unsafe: [
      {
        name: "old-deployment-not-served",
        defect: "The workers answer at the address of the next version alone.",
        change: "step-before-idle",
        version: { edits: [...plain["step-before-idle"].edits, isNext] },
        expected: "refused",
      },
    ],
  },
};
