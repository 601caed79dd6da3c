/**
 * How the workflow is changed while sessions are under way. Recorded results are found by position, and DBOS compares the name of the
 * step: one that is another's is an error, at which the execution is broken off, and the session waits for the code that it knows.
 */
import {
  asTheyBegan,
  byPlace,
  changeNames,
  eitherOr,
  everywhere,
  type Upgrades,
  type Way,
} from "../../../harness/engines/upgrade.ts";
import { byTheBook, plain, safe } from "./upgrade-edits.ts";

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
    backward: everywhere("runs as old"),
  },
  "steps-swapped": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: everywhere("runs as old"),
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

/** By default the application's version is a hash of the workflow: workers of other code leave its sessions alone, and say nothing. */
const byHash: Way["declared"] = Object.fromEntries(
  changeNames.map((change) => [
    change,
    {
      forward: everywhere("stuck, silent"),
      mixed: everywhere("runs as old"),
      backward: everywhere("stuck, silent"),
    },
  ]),
);

export const upgrades: Upgrades = {
  plain: { versions: plain, declared },
  byTheBook: { versions: byTheBook, declared: byHash },
  safe: {
    versions: safe,
    declared: asTheyBegan(() => everywhere("refused")),
    says: "A patch at the head of the workflow tells whether a session began with the old body, which is kept beside the new one (https://docs.dbos.dev/typescript/tutorials/upgrading-workflows).",
    goingBack:
      "Workers that know both bodies stay until the last session of the new one has ended, with a patch that calls the old one for all others: the published code alone refuses the sessions of the new body, loudly.",
    oldCodeStays: "until the last session that began with it has ended.",
    unsafe: [
      {
        name: "not-patched",
        defect: "The workers have the new body alone.",
        change: "step-before-idle",
        version: plain["step-before-idle"],
        expected: "refused",
      },
    ],
  },
};
