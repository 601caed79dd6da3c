/** What is declared of each claim, by the manifest of the engine that it is played on. */
import type { DeclaredClaim } from "../../engines/engine.ts";
import { hasCompletionHook, type Target } from "../../run/target.ts";
import type { Claim } from "../../scenarios/claim.ts";
import { engineOf } from "../../targets/targets.ts";
import { sharedClaims } from "./list.ts";

/**
 * Undefined where the claim does not concern the target, or cannot be played on it. What an engine does not declare is
 * measured, but for another engine's own claims.
 */
export function declaredOn(
  claim: Pick<Claim, "id" | "needsProxy" | "needsCompletionHook">,
  target: Pick<Target, "name" | "engine" | "implementation" | "faults">,
): DeclaredClaim | undefined {
  if (claim.needsProxy && !target.faults.includes("partition")) return undefined;
  if (claim.needsCompletionHook && !hasCompletionHook(target)) return undefined;
  const { claims = {}, ownClaims = [] } = engineOf(target);
  const isAsked = [...sharedClaims, ...ownClaims].some(({ id }) => id === claim.id);
  const declared = claims[claim.id];
  if (!isAsked || declared === null) return undefined;
  if (declared === undefined) return { outcome: "measured" };
  if (typeof declared === "string") return { outcome: declared };
  const isOfStore = declared.store === undefined || target.name === `${target.engine}@${declared.store}`;
  return isOfStore ? declared : undefined;
}
