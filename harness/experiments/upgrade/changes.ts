/** What the next version of the lifecycle does otherwise: each change in a sentence, and the law that sessions of that version keep. */

import type { Step } from "../../../implementations/session/steps.ts";
import type { ChangeName, Fleet, Place } from "../../engines/upgrade.ts";
import { isUnder, type Law, published, stepsUnder } from "../../history/law.ts";

export interface Change {
  readonly says: string;
  readonly law: Law;
}

/** Everything that a session has three of. */
export const activityCount = 3;

const orderWith = (added: "notify", before: "mark-idle" | "expire") =>
  published.order.flatMap((place) => (place === before ? [added, place] : [place]));

export const changes: Readonly<Record<ChangeName, Change>> = {
  "step-before-idle": {
    says: "a step is added before mark-idle",
    law: { ...published, order: orderWith("notify", "mark-idle") },
  },
  "step-before-wait": {
    says: "a step is added between mark-idle and the wait",
    law: { ...published, order: orderWith("notify", "expire") },
  },
  "step-after-wait": {
    says: "a step is added after the wait",
    law: { ...published, order: orderWith("notify", "expire"), wakesWith: "notify" },
  },
  "activity-removed": {
    says: "the last activity's step is removed",
    law: { ...published, unrecorded: activityCount - 1 },
  },
  "step-removed": {
    says: "a step after the wait, expire, is removed",
    law: { ...published, order: published.order.filter((step) => step !== "expire"), wakesWith: "cleanup" },
  },
  "steps-swapped": {
    says: "expire and cleanup are swapped",
    law: {
      ...published,
      order: ["login", "records", "mark-idle", "cleanup", "expire"],
      wakesWith: "cleanup",
    },
  },
  "step-renamed": { says: "a step, expire, is renamed", law: published },
  "result-reshaped": { says: "what login leaves for cleanup is renamed", law: published },
  "wait-doubled": { says: "the idle window is doubled", law: { ...published, idleTimeouts: 2 } },
};

/** The law of the version that a session begins with, and that of the version which it comes to. Pure. */
export function lawsOf(change: ChangeName, fleet: Fleet): { readonly from: Law; readonly to: Law } {
  const next = { ...changes[change].law, name: "next" };
  return fleet === "backward" ? { from: next, to: published } : { from: published, to: next };
}

/** The step that a session is in, or has done last, in its place. Pure. */
export function stepAt(place: Place, law: Law): Step {
  switch (place) {
    case "activities":
      return "record:1";
    case "cleanup":
      return "cleanup";
    case "wait": {
      const steps = stepsUnder(law, activityCount);
      return steps[steps.indexOf(law.wakesWith) - 1] ?? "mark-idle";
    }
  }
}

/**
 * The law of a session that goes on by another version from its place: by its first law until then, and by the other's after
 * it. What both have and it has not done is still to do; what only the other has, before the place, is past. Pure.
 */
export function lawFrom(place: Place, from: Law, to: Law): Law {
  const at = stepAt(place, from);
  const behind = stepsUnder(from, activityCount);
  const done = behind.slice(0, behind.indexOf(at) + 1);
  const ahead = stepsUnder(to, activityCount);
  const passed = ahead.indexOf(at);
  const left = ahead.filter((step, index) => !done.includes(step) && (index > passed || isUnder(from, step)));
  const records = [...done, ...left].filter((step) => step.startsWith("record:"));
  const others = (steps: readonly Step[]) => steps.filter((step) => !step.startsWith("record:"));
  const order = ["login", "records", ...others([...done, ...left]).slice(1)] as Law["order"]; // login comes first in every law
  const { unrecorded: _, ...idles } = place === "activities" ? to : from;
  const wakesWith = place === "cleanup" ? from.wakesWith : wakeAmong(order, to);
  return {
    ...idles,
    name: `${from.name} until the ${place}, then ${to.name}`,
    order,
    wakesWith,
    ...(records.length < activityCount ? { unrecorded: activityCount - 1 } : {}),
  };
}

/** The step that comes first after the wait, where some of the other version's are past. */
function wakeAmong(order: Law["order"], { wakesWith, order: whole }: Law): Step {
  const afterWait = whole.slice(whole.indexOf(wakesWith as Law["order"][number]));
  return (order.find((step) => afterWait.includes(step)) ?? wakesWith) as Step;
}
