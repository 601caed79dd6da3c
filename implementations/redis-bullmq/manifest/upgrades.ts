/**
 * How the lifecycle is changed while sessions are under way. The row, or by the book the job's data, names the step to do next: a
 * session goes on there in whatever list of steps the code has now.
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
import { byTheBook } from "./upgrade-edits-by-the-book.ts";
import { safe, unsafe } from "./upgrade-edits-safe.ts";

const declared: Way["declared"] = {
  "step-before-idle": {
    forward: byPlace("runs as new", "skipped", "skipped"),
    mixed: eitherOr("skipped"),
    backward: everywhere("runs as old"),
  },
  "step-before-wait": {
    forward: byPlace("runs as new", "skipped", "skipped"),
    mixed: eitherOr("skipped"),
    backward: everywhere("runs as old"),
  },
  "step-after-wait": {
    forward: byPlace("runs as new", "skipped", "skipped"),
    mixed: eitherOr("skipped"),
    backward: byPlace("runs as old", "refused", "runs as old"),
  },
  "activity-removed": {
    forward: everywhere("runs as new"),
    mixed: eitherOr(),
    backward: everywhere("runs as old"),
  },
  "step-removed": {
    forward: byPlace("runs as new", "refused", "runs as new"),
    mixed: eitherOr("wrong"),
    backward: byPlace("runs as old", "wrong", "wrong"),
  },
  "steps-swapped": {
    forward: byPlace("runs as new", "lost", "runs as new"),
    mixed: eitherOr("lost", "wrong"),
    backward: byPlace("runs as old", "wrong", "wrong"),
  },
  "step-renamed": {
    forward: byPlace("runs as new", "refused", "runs as new"),
    mixed: eitherOr(),
    backward: byPlace("runs as old", "refused", "runs as old"),
  },
  "result-reshaped": {
    forward: byPlace("wrong", "wrong", "runs as new"),
    mixed: eitherOr("wrong"),
    backward: byPlace("wrong", "wrong", "runs as old"),
  },
  "wait-doubled": {
    forward: byPlace("runs as new", "runs as old", "runs as new"),
    mixed: eitherOr(),
    backward: byPlace("runs as old", "runs as new", "runs as old"),
  },
};

/** A job whose step the code does not know is tried again later and later, and may not be seen again in time by whoever knows it. */
const declaredByTheBook: Way["declared"] = {
  ...declared,
  "step-after-wait": { ...declared["step-after-wait"], mixed: eitherOr("skipped", "refused") },
  "step-removed": { ...declared["step-removed"], mixed: eitherOr("refused", "wrong") },
  "step-renamed": { ...declared["step-renamed"], mixed: eitherOr("refused") },
  // A field that is not there is left out of the call, which the service refuses; the row gives an empty one.
  "result-reshaped": {
    forward: byPlace("stuck, loud", "stuck, loud", "runs as new"),
    mixed: eitherOr("stuck, loud"),
    backward: byPlace("stuck, loud", "stuck, loud", "runs as old"),
  },
};

export const upgrades: Upgrades = {
  plain: { versions: plain, declared },
  byTheBook: { versions: byTheBook, declared: declaredByTheBook },
  safe: {
    versions: safe,
    // The published code does not read the stamp; of the renamed field it has both names.
    declared: asTheyBegan((change) =>
      change === "result-reshaped"
        ? everywhere("runs as old")
        : (declared[change]?.backward ?? everywhere([])),
    ),
    says: "The row says with which version its session began, and the lifecycle goes by that version's list of steps, names and window; a renamed field is written under both names.",
    goingBack:
      "Clients stamp the old version again, and workers that know both stay until the last row of the new one has ended: the published code alone does to such rows what it does by the plain way.",
    oldCodeStays:
      "in the list, and as a block for each step that it names, until the last row of the old version has ended.",
    unsafe,
  },
};
