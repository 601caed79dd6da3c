/** All claims, in the order of a report: retries, crashes, starts, cleanup, and what it costs. */
import { UsageError } from "../../errors.ts";
import { allWorkersDown } from "./all-workers-down.ts";
import type { Claim } from "./claim.ts";
import { cleanupOnce } from "./cleanup-once.ts";
import { crashAfterEffect } from "./crash-after-effect.ts";
import { crashBetweenSteps } from "./crash-between-steps.ts";
import { crashInIdle } from "./crash-in-idle.ts";
import { embeddedDefault } from "./embedded-default.ts";
import { inProcessStart } from "./in-process-start.ts";
import { lateStart } from "./late-start.ts";
import { longStep } from "./long-step.ts";
import { manyCrashes } from "./many-crashes.ts";
import { racingStarts } from "./racing-starts.ts";
import { replayCost } from "./replay-cost.ts";
import { throwRetriesOne } from "./throw-retries-one.ts";

const claims: readonly Claim[] = [
  throwRetriesOne,
  crashBetweenSteps,
  crashInIdle,
  racingStarts,
  lateStart,
  cleanupOnce,
  crashAfterEffect,
  allWorkersDown,
  inProcessStart,
  embeddedDefault,
  longStep,
  manyCrashes,
  replayCost,
];

/** All claims, or the one with this id. @throws UsageError when there is none. */
export function claimsNamed(id?: string): readonly Claim[] {
  if (id === undefined) return claims;
  const found = claims.filter((claim) => claim.id === id);
  if (found.length > 0) return found;
  throw new UsageError(
    `There is no claim "${id}".`,
    `Choose from: ${claims.map((claim) => claim.id).join(", ")}.`,
  );
}
