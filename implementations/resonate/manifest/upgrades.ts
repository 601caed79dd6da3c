/**
 * How the durable function is changed while sessions are under way. Recorded results are found by position (SDK 0.11.5): a change
 * of what comes before the place that a session has reached gives each later step another one's result.
 */

import { edit } from "../../../harness/engines/edit.ts";
import {
  asTheyBegan,
  byPlace,
  eitherOr,
  everywhere,
  type Upgrades,
  type Way,
} from "../../../harness/engines/upgrade.ts";
import { byTheBook, plain, safe } from "./upgrade-edits.ts";

const declared: Way["declared"] = {
  "step-before-idle": {
    forward: byPlace("runs as new", "lost", "lost"),
    mixed: eitherOr("skipped", "lost"),
    backward: byPlace("runs as old", "lost", "lost"),
  },
  "step-before-wait": {
    forward: byPlace("runs as new", "lost", "lost"),
    mixed: eitherOr("skipped", "lost"),
    backward: byPlace("runs as old", "lost", "lost"),
  },
  "step-after-wait": {
    forward: byPlace("runs as new", "runs as new", "wrong"),
    mixed: eitherOr("skipped", "lost", "wrong"),
    backward: byPlace("runs as old", "runs as old", "lost"),
  },
  "activity-removed": {
    forward: byPlace("runs as new", "lost", "lost"),
    mixed: eitherOr("lost"),
    backward: byPlace("runs as old", "lost", "lost"),
  },
  "step-removed": {
    forward: byPlace("runs as new", "runs as new", "lost"),
    mixed: eitherOr("lost", "wrong"),
    backward: everywhere("runs as old"),
  },
  "steps-swapped": {
    forward: byPlace("runs as new", "runs as new", "wrong"),
    mixed: eitherOr("lost", "wrong"),
    backward: everywhere("runs as old"),
  },
  "step-renamed": {
    forward: everywhere("runs as new"),
    mixed: eitherOr(),
    backward: everywhere("runs as old"),
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

/** Where the others lose a session, this store refuses it: it takes no timer without a time. */
const onStore: Way["onStore"] = {
  postgres: {
    "step-before-idle": {
      mixed: eitherOr("skipped", "lost", "refused"),
      backward: byPlace("runs as old", "refused", "refused"),
    },
    "activity-removed": {
      forward: byPlace("runs as new", "refused", "refused"),
      mixed: eitherOr("lost", "refused"),
    },
  },
};

export const upgrades: Upgrades = {
  plain: { versions: plain, declared, onStore },
  byTheBook: { versions: byTheBook, declared },
  safe: {
    versions: safe,
    declared: asTheyBegan(() => everywhere("refused")),
    says: "Both versions of the function are registered, and callers ask for the new one by its number (https://docs.resonatehq.io/develop/typescript).",
    goingBack:
      "The workers go on registering both, and callers ask for the old one again: the published code alone refuses the sessions of the new version, loudly, until that is back.",
    oldCodeStays: "until the last session that began with it has ended.",
    unsafe: [
      {
        name: "old-version-not-registered",
        defect: "The workers register the next version alone.",
        change: "step-before-idle",
        version: {
          edits: [
            ...plain["step-before-idle"].edits,
            edit("lifecycle.ts", "export const version = 1;", "export const version = 2;"),
          ],
        },
        expected: "refused",
      },
    ],
  },
};
