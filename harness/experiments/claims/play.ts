/**
 * Plays claims: each failure mode that durable execution says it covers, provoked, with evidence in figures. Which outcome
 * is declared stands with the claim; only a deviation from it is a finding.
 */
import pLimit from "p-limit";
import { terminate } from "../../processes/terminate.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../run/target.ts";
import { judgeClaim, measured } from "../../scenarios/claim.ts";
import type { WhenFree } from "../../scenarios/scenario.ts";
import { Scenario } from "../../scenarios/scenario.ts";
import { declaredOn } from "./declared.ts";
import { claimsNamed } from "./list.ts";
import type { ClaimRow } from "./rows.ts";
import type { ClaimSettings } from "./settings.ts";

/** The name of its ledger; where claims are played again, of that attempt's. */
function ledgerOf(attempt: number): string {
  return attempt === 0 ? "claims" : `claims-again-${attempt}`;
}

/** Plays the claims that concern a target and resolves with one row for each, in order. */
export async function playClaims(
  run: Run,
  target: Target,
  { claims, leaseMs, retryDelayMs }: ClaimSettings,
  whenFree: WhenFree,
  onClaim: () => void,
  attempt = 0,
): Promise<readonly ClaimRow[]> {
  const experiment = ledgerOf(attempt);
  const environment = await TargetEnvironment.open({ run, experiment, target, leaseMs, retryDelayMs });
  const client = environment.spawnClient("client", "none");
  await client.firstMessage();
  const concerned = claimsNamed(claims).flatMap((claim) => {
    const declared = declaredOn(claim, target);
    return declared === undefined ? [] : [{ claim, declared }];
  });
  const rows = await Promise.all(
    concerned.map(async ({ claim, declared: { outcome, note } }): Promise<ClaimRow> => {
      const { id, sentence, provocation } = claim;
      const scenario = new Scenario({ run, target, environment, client, experiment, retryDelayMs, whenFree });
      const played = await claim.play(scenario);
      const disturbed = scenario.cases.flatMap(({ disturbances }) => disturbances).length;
      const evidence =
        disturbed === 0
          ? played
          : [...played, measured("stalls, or refusals of the world, without a fault", disturbed)];
      onClaim();
      const judged = judgeClaim(outcome, evidence, disturbed > 0);
      const meaning = [claim.meaning, ...(note === undefined ? [] : [note])].join(" ");
      return {
        id,
        target: target.name,
        sentence,
        provocation,
        declared: outcome,
        ...judged,
        evidence,
        playedAgain: attempt,
        meaning,
      };
    }),
  );
  await terminate(client);
  await environment.close();
  return rows;
}

/** Plays the inconclusive ones among the rows of a target again, one after another; null where none is. */
export async function playClaimsAgain(
  run: Run,
  target: Target,
  settings: ClaimSettings,
  rows: readonly ClaimRow[],
  attempt: number,
): Promise<readonly ClaimRow[] | null> {
  const claims = rows.filter(({ verdict }) => verdict === "unknown").map(({ id }) => id);
  if (claims.length === 0) return null;
  console.log(`${target.name}: inconclusive, played again: ${claims.join(", ")}`);
  const again = await playClaims(run, target, { ...settings, claims }, pLimit(1), () => {}, attempt);
  return rows.map((row) => again.find(({ id }) => id === row.id) ?? row);
}
