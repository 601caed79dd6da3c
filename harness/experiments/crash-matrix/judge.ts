/** From the ledger of a target to the rows of the crash matrix. Pure. */
import { effectsOf, stepsOf } from "../../../implementations/session/steps.ts";
import { isGuaranteed } from "../../checks/guarantees.ts";
import { judge, whyNotBelieved } from "../../checks/judge.ts";
import type { VerdictValue } from "../../checks/verdict.ts";
import { type Analysis, analysisOf } from "../../history/analysis.ts";
import { indexHistory } from "../../history/history.ts";
import { groupOf } from "../../run/case-worker.ts";
import type { Target } from "../../run/target.ts";
import type { Entry } from "../../world/entry.ts";
import type { CrashCase } from "./crash-case.ts";
import type { CrashMatrixRow } from "./rows.ts";

type Judged = Pick<Target, "name" | "guarantees">;

/** One row for each case, from a ledger in which all cases are; linear in the ledger. */
export function crashMatrixRows(
  entries: readonly Entry[],
  target: Judged,
  {
    cases,
    attempt,
    leaseMs,
  }: { readonly cases: readonly CrashCase[]; readonly attempt: number; readonly leaseMs: number },
): readonly CrashMatrixRow[] {
  // Cases share a store, but no session and no worker: what befell the workers of one is no excuse for another.
  const inspected = entries.filter(({ kind }) => kind === "inspected");
  const byCase = Map.groupBy(entries, caseIn);
  return cases.map((crashCase) => {
    const own = [...(byCase.get(crashCase.sessionId) ?? []), ...inspected];
    return { ...rowOf(crashCase, analysisOf(indexHistory(own), { leaseMs }), target), playedAgain: attempt };
  });
}

/** The session whose case an entry belongs to, which names its group too; null where it belongs to none. */
function caseIn(entry: Entry): string | null {
  if ("session" in entry) return entry.session;
  if ("worker" in entry) return groupOf(entry.worker);
  const [worker] = entry.kind === "fault" ? entry.workers : [];
  return worker === undefined ? null : groupOf(worker);
}

/** What the history says of one case. Pure. */
function rowOf(
  { crashPoint, mode, sessionId, spec, depth }: CrashCase,
  analysis: Analysis,
  { name: target, guarantees }: Judged,
): Omit<CrashMatrixRow, "playedAgain"> {
  const { history } = analysis;
  const { row, point, step, effect } = crashPoint;
  const session = history.sessions.get(sessionId);
  const work = session?.work ?? [];
  const count = (kind: Entry["kind"]) =>
    work.filter(
      (entry) => entry.kind === kind && "effect" in entry && entry.effect === effect && entry.step === step,
    ).length;
  const idle = session?.landed.find((entry) => entry.effect === "set-idle");
  const waitEndsAt = (idle?.at ?? Number.NaN) + spec.idleTimeoutMs;
  const crashes = [...history.workers.values()].filter(
    ({ exited, killedBy }) =>
      killedBy !== null &&
      exited?.signal === "SIGKILL" &&
      (crashPoint.how.kind !== "sleep" || exited.at < waitEndsAt),
  );
  const crashedAt = crashes.at(-1)?.exited?.at;
  // After the last checkpoint no step runs again; the first sign of life is then the result.
  const signsOfLife = [...work, ...(session?.results ?? [])];
  const next = signsOfLife.find((entry) => crashedAt !== undefined && entry.at > crashedAt);
  const violated = judge(analysis, [{ sessionId }], { faultsInjected: false }).filter(
    ({ invariant, verdict }) =>
      verdict === "fail" && isGuaranteed(guarantees, invariant, "crash-point", mode),
  );
  const whole = stepsOf(spec.activities.length).every((each) =>
    effectsOf(each).every((wanted) =>
      session?.landed.some((entry) => entry.effect === wanted && entry.step === each),
    ),
  );
  const held = whole && (session?.results.length ?? 0) > 0 && violated.length === 0;
  const provesNothing = whyNotBelieved(history) !== null || (held && crashes.length < depth);
  const verdict: VerdictValue = provesNothing ? "unknown" : held ? "pass" : "fail";
  return {
    target,
    session: sessionId,
    mode,
    step: row,
    point,
    landed: count("landed"),
    suppressed: count("suppressed"),
    executions: work.filter((entry) => entry.kind === "begin" && entry.step === step).length,
    recoveredMs: crashedAt === undefined || next === undefined ? null : next.at - crashedAt,
    verdict,
  };
}
