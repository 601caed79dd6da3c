/**
 * How the workflow is changed while sessions are under way. A handler that is called again is held against its journal, command by
 * command, by kind and name: the first that differs ends the call, and each one after it.
 */

import {
  asTheyBegan,
  byPlace,
  eitherOr,
  everywhere,
  type Upgrades,
  type Way,
} from "../../../harness/engines/upgrade.ts";
import { isNext, plain, safe } from "./upgrade-edits.ts";

const declared: Way["declared"] = {
  "step-before-idle": {
    forward: byPlace("runs as new", "refused", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "refused", "refused"),
  },
  "step-before-wait": {
    forward: byPlace("runs as new", "refused", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "refused", "refused"),
  },
  "step-after-wait": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "runs as old", "refused"),
  },
  "activity-removed": {
    forward: byPlace("runs as new", "refused", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "refused", "refused"),
  },
  "step-removed": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "runs as old", "refused"),
  },
  "steps-swapped": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "runs as old", "refused"),
  },
  "step-renamed": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "runs as old", "refused"),
  },
  "result-reshaped": {
    forward: byPlace("stuck, loud", "stuck, loud", "runs as new"),
    mixed: eitherOr("stuck, loud"),
    backward: byPlace("stuck, loud", "stuck, loud", "runs as old"),
  },
  "wait-doubled": {
    forward: byPlace("runs as new", "runs as old", "runs as new"),
    mixed: eitherOr(),
    backward: byPlace("runs as old", "runs as new", "runs as old"),
  },
};

export const upgrades: Upgrades = {
  plain: { versions: plain, declared },
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
