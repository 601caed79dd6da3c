/** Test support: one fault alone, small, on both default targets, and what its ledger must show. */
import { expect } from "vitest";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import { isGuaranteed } from "../checks/guarantees.ts";
import type { InvariantId } from "../checks/invariants/index.ts";
import { judge } from "../checks/judge.ts";
import type { PlannedFault } from "../faults/kinds/faults.ts";
import { analysisOf } from "../history/analysis.ts";
import { exposureOf } from "../history/exposure.ts";
import { type FaultEntry, type History, indexHistory } from "../history/history.ts";
import { drawPlan } from "../plan/draw-plan.ts";
import { type Plan, type PlannedSession, planSchema } from "../plan/plan-schema.ts";
import { playPlan } from "../run/play-plan/play-plan.ts";
import type { Target } from "../run/target.ts";
import { targets } from "../targets/targets.ts";
import type { Entry } from "../world/entry.ts";
import { runForTests } from "./run-for-tests.ts";

export const current = runForTests();

export const leaseMs = 1000;
/** What was on its way when a fault came may still arrive, ms. */
export const onItsWayMs = 100;

/** How long what lasts lasts, ms: longer than the lease. */
export const forMs = 1500;

/** Sessions at work from the start until well after the fault, none of which idles for long. */
export const plan = planOf(
  drawPlan(3, {
    sessions: 40,
    arrivalsMs: 3500,
    workers: 2,
    clients: 2,
    faults: {},
    leaseMs,
    retryDelayMs: 100,
  }),
);
/** One with an activity and one caller, for what is done to a session. */
export const sessionId =
  plan.sessions.find(({ calls: [call, ...others] }) => {
    return call?.spec.activities.length === 3 && others.length === 0;
  })?.sessionId ?? "";

/** A single worker, and one activity that takes four leases. */
export const longSteps = planOf(
  drawPlan(3, {
    sessions: 6,
    arrivalsMs: 500,
    workers: 1,
    clients: 1,
    faults: {},
    leaseMs: 500,
    retryDelayMs: 100,
  }),
  { activities: [{ action: "upload", target: "/archive" }] },
  { "record:0": [1000, 1000] },
);

function planOf(drawn: Plan, wanted: Partial<SessionSpec> = {}, workMs: PlannedSession["workMs"] = {}): Plan {
  const sessions = drawn.sessions.map((session) => ({
    ...session,
    workMs: { ...session.workMs, ...workMs },
    calls: session.calls
      .filter(({ start }) => start.kind === "at")
      .map((call) => ({ ...call, spec: { ...call.spec, idleTimeoutMs: 400, ...wanted } })),
  }));
  return { ...drawn, sessions };
}

let played = 0;

/** Plays a plan on a target in the run of the file's tests. */
export async function playOn(target: Target, planned: Plan): Promise<History> {
  const experiment = `alone-${++played}`;
  return indexHistory(
    await playPlan({ run: current.run, experiment, target, plan: planned, watch: () => {} }),
  );
}

/** Plays the fault on both targets at once, or on those named, and hands each history to `proof`. */
export async function playAlone(
  fault: PlannedFault,
  proof: (played: Played) => void,
  sessions: Plan = plan,
  on: readonly Target[] = targets,
): Promise<void> {
  const planned = planSchema.parse({ ...sessions, faults: [fault] });
  const histories = await Promise.all(
    on.map(async (target) => ({ target, history: await playOn(target, planned) })),
  );
  for (const { target, history } of histories) {
    const [injected] = history.faults;
    if (injected === undefined) throw new Error("no fault is in the ledger");
    proof({ history, injected });
    expect(violated(planned, history, target)).toEqual([]);
    expect(history.offers).toHaveLength(planned.workers); // or nothing would be said of who hears
    expect(exposureOf(history, planned.leaseMs).faults).toMatchObject([{ effective: true }]);
  }
}

export interface Played {
  readonly history: History;
  readonly injected: FaultEntry;
}

/** Both bound a time, which a busy machine may break: `compare` judges them, this does not. */
const timeBounds: readonly InvariantId[] = ["timer-kept", "repeats-explained"];

/** The guarantees that were violated. */
function violated(
  { sessions, leaseMs, faults }: Plan,
  history: History,
  { name, guarantees, clocks }: Target,
): readonly string[] {
  return (["idempotent", "naive"] as const).flatMap((mode) => {
    const judged = sessions.filter((session) => session.mode === mode);
    return judge(analysisOf(history, { leaseMs, clocks }), judged, { faultsInjected: true })
      .filter(({ invariant }) => !timeBounds.includes(invariant))
      .filter(({ invariant }) => faults.every(({ kind }) => isGuaranteed(guarantees, invariant, kind, mode)))
      .flatMap(({ invariant, violations }) => violations.map(({ what }) => `${name} ${invariant}: ${what}`));
  });
}

export const writtenBy = (worker: string, { entries }: History): readonly Entry[] =>
  entries.filter((entry) => "worker" in entry && entry.worker === worker);

/** The longest silence between two entries of which the second came after the fault; a harness that is late makes it no shorter. */
function longestSilence(entries: readonly Entry[], { at }: FaultEntry): { fromMs: number; toMs: number } {
  const silences = entries.map((entry, index) => ({
    fromMs: entries[index - 1]?.at ?? entry.at,
    toMs: entry.at,
  }));
  return silences
    .filter(({ toMs }) => toMs > at)
    .reduce((a, b) => (b.toMs - b.fromMs > a.toMs - a.fromMs ? b : a), { fromMs: at, toMs: at });
}

/** Proves that these entries kept silent for as long as was ordered, and that those others did not meanwhile. */
export function expectSilence(
  silent: readonly Entry[],
  others: readonly Entry[],
  injected: FaultEntry,
): void {
  const { fromMs, toMs } = longestSilence(silent, injected);
  expect(toMs - fromMs).toBeGreaterThan(forMs - onItsWayMs);
  expect(others.some(({ at }) => at > fromMs && at < toMs)).toBe(true);
}

export const byKind = (entries: readonly Entry[], kind: Entry["kind"]): readonly Entry[] =>
  entries.filter((entry) => entry.kind === kind);
