/** All claims, in the order of a report: retries, crashes, starts, cleanup, what it costs, and those about one engine alone. */
import { UsageError } from "../../errors.ts";
import type { Claim } from "../../scenarios/claim.ts";
import { knownEngines } from "../../targets/targets.ts";
import { allWorkersDown } from "./claim/all-workers-down.ts";
import { cleanupOnce } from "./claim/cleanup-once.ts";
import { crashAfterEffect } from "./claim/crash-after-effect.ts";
import { crashBetweenSteps } from "./claim/crash-between-steps.ts";
import { crashInIdle } from "./claim/crash-in-idle.ts";
import { lateStart } from "./claim/late-start.ts";
import { longStep } from "./claim/long-step.ts";
import { manyCrashes } from "./claim/many-crashes.ts";
import { noHotLoop } from "./claim/no-hot-loop.ts";
import { poisonSession } from "./claim/poison-session.ts";
import { racingStarts } from "./claim/racing-starts.ts";
import { replayCost } from "./claim/replay-cost.ts";
import { rollingDeploy } from "./claim/rolling-deploy.ts";
import { staleAttempts } from "./claim/stale-attempts.ts";
import { throwRetriesOne } from "./claim/throw-retries-one.ts";
import { tooLarge } from "./claim/too-large.ts";
import { zombieEffects } from "./claim/zombie-effects.ts";

/** Those that every engine can be asked. */
export const sharedClaims: readonly Claim[] = [
  throwRetriesOne,
  crashBetweenSteps,
  crashInIdle,
  racingStarts,
  lateStart,
  cleanupOnce,
  crashAfterEffect,
  allWorkersDown,
  rollingDeploy,
  longStep,
  manyCrashes,
  zombieEffects,
  staleAttempts,
  replayCost,
  poisonSession,
  noHotLoop,
  tooLarge,
];

function allClaims(): readonly Claim[] {
  return [...sharedClaims, ...knownEngines().flatMap(({ manifest }) => manifest.ownClaims ?? [])];
}

/** All claims, or those with these ids. @throws UsageError for an id that there is not. */
export function claimsNamed(ids?: readonly string[]): readonly Claim[] {
  return ids === undefined ? allClaims() : [...new Set(ids)].flatMap(claimNamed);
}

function claimNamed(id: string): Claim {
  const claims = allClaims();
  const found = claims.find((claim) => claim.id === id);
  if (found !== undefined) return found;
  throw new UsageError(
    `Unknown claim "${id}".`,
    `Choose from: ${claims.map((claim) => claim.id).join(", ")}.`,
  );
}
