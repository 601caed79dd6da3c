/**
 * Plays claims: each failure mode that durable execution says it covers, provoked, with evidence in figures. Which outcome
 * is declared stands with the claim; only a deviation from it is a finding.
 */
import { dismiss } from "../../processes/dismiss.ts";
import { Trial } from "../../run/case.ts";
import { Stage } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../targets/targets.ts";
import type { InLane } from "../experiment.ts";
import { declaredOn, judgeClaim, measured, type Scene } from "./claim.ts";
import { claimsNamed } from "./list.ts";
import type { ClaimRow } from "./rows.ts";
import type { ClaimSettings } from "./settings.ts";

const experiment = "claims";

/** Plays the claims that concern a target and resolves with one row for each, in order. */
export async function playClaims(
  run: Run,
  target: Target,
  { claims, leaseMs, retryDelayMs }: ClaimSettings,
  inLane: InLane,
  onClaim: () => void,
): Promise<readonly ClaimRow[]> {
  const stage = await Stage.open({ run, experiment, target, leaseMs, retryDelayMs });
  const client = stage.spawnClient("client", "none");
  await client.firstMessage();
  const openStage: Scene["openStage"] = (own) =>
    Stage.open({ run, target, retryDelayMs, leaseMs: own.leaseMs, experiment: `${experiment}-${own.name}` });

  const concerned = claimsNamed(claims).filter((claim) => declaredOn(claim, target) !== undefined);
  const rows = await Promise.all(
    concerned.map(async (claim): Promise<ClaimRow> => {
      const { id, sentence, provocation, meaning } = claim;
      const declared = declaredOn(claim, target) ?? "measured";
      const trials: Trial[] = [];
      const openTrial: Scene["openTrial"] = (group, onStage = stage) => {
        const trial = new Trial(onStage, group);
        trials.push(trial);
        return trial;
      };
      const played = await claim.play({ stage, client, leaseMs, inLane, openStage, openTrial });
      const stalls = trials.reduce((sum, { starved }) => sum + starved.length, 0);
      const evidence =
        stalls === 0 ? played : [...played, measured("workers that stalled, with nobody's doing", stalls)];
      onClaim();
      const judged = judgeClaim(declared, evidence, stalls > 0);
      return { id, target: target.name, sentence, provocation, declared, ...judged, evidence, meaning };
    }),
  );
  await dismiss(client);
  await stage.close();
  return rows;
}
