/**
 * How the lifecycle is changed while sessions are under way. The row names the last step that is done: a session goes on after it in
 * whatever list of steps the code has now, and from the top where that does not have it.
 */
import {
  asTheyBegan,
  byPlace,
  eitherOr,
  everywhere,
  type Upgrades,
  type Way,
} from "../../../harness/engines/upgrade.ts";
import { plain } from "./upgrade-edits.ts";
import { safe, unsafe } from "./upgrade-edits-safe.ts";

const declared: Way["declared"] = {
  "step-before-idle": {
    forward: byPlace("runs as new", "skipped", "skipped"),
    mixed: eitherOr("skipped"),
    backward: everywhere("runs as old"),
  },
  "step-before-wait": {
    forward: byPlace("runs as new", "stuck, loud", "skipped"),
    mixed: eitherOr("skipped", "stuck, loud"),
    backward: everywhere("runs as old"),
  },
  "step-after-wait": {
    forward: byPlace("runs as new", "runs as new", "skipped"),
    mixed: eitherOr("skipped"),
    backward: everywhere("runs as old"),
  },
  "activity-removed": {
    forward: everywhere("runs as new"),
    mixed: eitherOr(),
    backward: everywhere("runs as old"),
  },
  "step-removed": {
    forward: everywhere("runs as new"),
    mixed: eitherOr(),
    backward: everywhere("runs as old"),
  },
  "steps-swapped": {
    forward: byPlace("runs as new", "runs as new", "stuck, silent"),
    mixed: eitherOr("stuck, silent"),
    backward: everywhere("runs as old"),
  },
  "step-renamed": {
    forward: byPlace("runs as new", "runs as new", "wrong"),
    mixed: eitherOr("wrong"),
    backward: byPlace("runs as old", "runs as old", "wrong"),
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
    // The published code does not read the stamp; of the renamed field it has both names.
    declared: asTheyBegan((change) =>
      change === "result-reshaped"
        ? everywhere("runs as old")
        : (declared[change]?.backward ?? everywhere([])),
    ),
    says: "A column says with which version a session began, by default the first, and the lifecycle goes by that version's list of steps, names and window; a renamed field is written under both names.",
    goingBack:
      "Clients stamp the old version again, and workers that know both stay until the last row of the new one has ended: the published code alone does to such rows what it does by the plain way.",
    oldCodeStays:
      "in the list, and as a block for each step that it names, until the last row of the old version has ended.",
    unsafe,
  },
};
