/**
 * How the workflow is changed while sessions are under way. Recorded results are found by position, and DBOS compares the name of the
 * step: one that is another's is an error, at which the execution is broken off, and the session waits for the code that it knows.
 */
import {
  asTheyBegan,
  changeNames,
  everywhere,
  type Upgrades,
  type Way,
  whereNamesAreCompared,
} from "../../../harness/engines/upgrade.ts";
import { byTheBook, plain, safe } from "./upgrade-edits.ts";

/** But for two changes, of which a session in its cleanup goes back as if nothing had been. */
const declared: Way["declared"] = {
  ...whereNamesAreCompared,
  "step-removed": { ...whereNamesAreCompared["step-removed"], backward: everywhere("runs as old") },
  "steps-swapped": { ...whereNamesAreCompared["steps-swapped"], backward: everywhere("runs as old") },
};

/** By default the application's version is a hash of the workflow: workers of other code leave its sessions alone, and do not say so. */
const leftAlone = everywhere(["stuck, silent", "refused"]); // the latter where a log says anything else
const byHash: Way["declared"] = Object.fromEntries(
  changeNames.map((change) => [
    change,
    { forward: leftAlone, mixed: everywhere("runs as old"), backward: leftAlone },
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
