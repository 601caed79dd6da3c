/**
 * Each fault alone, small, on both targets. What is proved here is that the fault happened, from the ledger: a harness that
 * injects nothing would let every invariant pass. Most of each test is waiting, so they run side by side, two at a time.
 */

import { expect, test } from "vitest";
import type { SessionSpec } from "../../../implementations/session/spec.ts";
import { isGuaranteed } from "../../checks/guarantees.ts";
import type { InvariantId } from "../../checks/invariants/index.ts";
import { judge } from "../../checks/judge.ts";
import type { PlannedFault } from "../../faults/kinds/faults.ts";
import { analysisOf } from "../../history/analysis.ts";
import { exposureOf } from "../../history/exposure.ts";
import { type FaultEntry, type History, indexHistory } from "../../history/history.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { type Plan, type PlannedSession, planSchema } from "../../plan/plan-schema.ts";
import { playPlan } from "../../run/play-plan.ts";
import type { Target } from "../../run/target.ts";
import { targets } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import type { Entry } from "../../world/entry.ts";

const current = runForTests();

const leaseMs = 1000;
/** What was on its way when a fault came may still arrive, ms. */
const onItsWayMs = 100;

/** How long what lasts lasts, ms: longer than the lease. */
const forMs = 1500;

/** Sessions at work from the start until well after the fault, none of which idles for long. */
const plan = planOf(
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
const sessionId =
  plan.sessions.find(({ calls: [call, ...others] }) => {
    return call?.spec.activities.length === 3 && others.length === 0;
  })?.sessionId ?? "";

/** A single worker, and one activity that takes four leases. */
const longSteps = planOf(
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

/** Plays the fault on both targets at once, and hands each history to `proof`. */
async function playAlone(
  fault: PlannedFault,
  proof: (played: Played) => void,
  sessions: Plan = plan,
): Promise<void> {
  const planned = planSchema.parse({ ...sessions, faults: [fault] });
  const histories = await Promise.all(
    targets.map(async (target) => {
      const experiment = `alone-${++played}`;
      const entries = await playPlan({
        run: current.run,
        experiment,
        target,
        plan: planned,
        watch: () => {},
      });
      return { target, history: indexHistory(entries) };
    }),
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

interface Played {
  readonly history: History;
  readonly injected: FaultEntry;
}

/** Both bound a time, which a busy machine may break: `compare` judges them, this does not. */
const timeBounds: readonly InvariantId[] = ["timer-kept", "repeats-explained"];

/** The guarantees that were violated. */
function violated(
  { sessions, leaseMs, faults }: Plan,
  history: History,
  { name, guarantees }: Target,
): readonly string[] {
  return (["idempotent", "naive"] as const).flatMap((mode) => {
    const judged = sessions.filter((session) => session.mode === mode);
    return judge(analysisOf(history, { leaseMs }), judged, { faultsInjected: true })
      .filter(({ invariant }) => !timeBounds.includes(invariant))
      .filter(({ invariant }) => faults.every(({ kind }) => isGuaranteed(guarantees, invariant, kind, mode)))
      .flatMap(({ invariant, violations }) => violations.map(({ what }) => `${name} ${invariant}: ${what}`));
  });
}

const writtenBy = (worker: string, { entries }: History): readonly Entry[] =>
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
function expectSilence(silent: readonly Entry[], others: readonly Entry[], injected: FaultEntry): void {
  const { fromMs, toMs } = longestSilence(silent, injected);
  expect(toMs - fromMs).toBeGreaterThan(forMs - onItsWayMs);
  expect(others.some(({ at }) => at > fromMs && at < toMs)).toBe(true);
}

const byKind = (entries: readonly Entry[], kind: Entry["kind"]): readonly Entry[] =>
  entries.filter((entry) => entry.kind === kind);

test.concurrent("kill: the worker dies by SIGKILL, and another one takes its slot", () =>
  playAlone({ kind: "kill", id: "f", atMs: 1500, slot: 0, restartAfterMs: 100 }, ({ history, injected }) => {
    expect(injected.workers).toEqual(["w0#1"]);
    expect(history.workers.get("w0#1")?.exited).toMatchObject({ signal: "SIGKILL" });
    expect(history.workers.get("w0#2")?.ready).toBeTruthy();
  }));

test.concurrent("kill-all: nobody is there for as long as it was ordered", () =>
  playAlone(
    { kind: "kill-all", id: "f", atMs: 1500, restartsAfterMs: [500, 600] },
    ({ history, injected }) => {
      expect(injected.workers.toSorted()).toEqual(["w0#1", "w1#1"]);
      const [outage] = history.outages;
      expect((outage?.toMs ?? 0) - (outage?.fromMs ?? 0)).toBeGreaterThan(500);
    },
  ));

test.concurrent("terminate: the worker leaves by itself, within the bound, and brings its work to rest before", () =>
  playAlone(
    { kind: "terminate", id: "f", atMs: 1500, slot: 0, restartAfterMs: 0 },
    ({ history, injected }) => {
      const life = history.workers.get("w0#1");
      expect(life?.exited).toMatchObject({ signal: null, code: 0 });
      expect((life?.exited?.at ?? Number.NaN) - injected.at).toBeLessThan(5 * leaseMs);
      expect(exposureOf(history, leaseMs).faults).toMatchObject([{ interrupted: [] }]);
      expect([...exposureOf(history, leaseMs).hits.values()].flat()[0]).toMatchObject({ kind: "drained" });
    },
  ));

test.concurrent("pause: the worker is silent for as long as it was ordered, and then goes on in the same life", () =>
  playAlone({ kind: "pause", id: "f", atMs: 1500, slot: 0, forMs }, ({ history, injected }) => {
    expectSilence(writtenBy("w0#1", history), writtenBy("w1#1", history), injected);
  }));

test.concurrent("pause of the only worker, in a step that outlasts the lease: the step gets done", () =>
  playAlone(
    { kind: "pause", id: "f", atMs: 1000, slot: 0, forMs: 800 },
    ({ history }) => {
      // BullMQ by itself starts such a step again and again, before the one before is done: see `single-run.ts`.
      const starts = [...history.sessions.values()].map(
        ({ begins }) => begins.filter(({ step }) => step === "record:0").length,
      );
      expect(Math.max(...starts)).toBeLessThanOrEqual(3);
    },
    longSteps,
  ));

test.concurrent("partition: the worker begins nothing more, and goes on in the same life when its proxy connection carries again", () =>
  playAlone(
    {
      kind: "partition",
      id: "f",
      atMs: 1500,
      between: { kind: "worker", slot: 0 },
      how: { kind: "stop", direction: "both", forMs },
    },
    ({ history, injected }) => {
      const begunBy = (worker: string) => byKind(writtenBy(worker, history), "begin");
      expectSilence(begunBy("w0#1"), begunBy("w1#1"), injected);
    },
  ));

test.concurrent("partition of a client: no start is acknowledged there, until its proxy connection carries again", () =>
  playAlone(
    {
      kind: "partition",
      id: "f",
      atMs: 1500,
      between: { kind: "client", client: 0 },
      how: { kind: "stop", direction: "both", forMs },
    },
    ({ history, injected }) => {
      const startedBy = (client: number) =>
        history.entries.filter((entry) => {
          if (entry.kind !== "started") return false;
          const calls = history.sessions.get(entry.session)?.calls;
          return calls?.some((call) => call.caller === entry.caller && call.client === client) === true;
        });
      expectSilence(startedBy(0), startedBy(1), injected);
    },
  ));

test.concurrent("kill-store: nothing is begun while it is down, and what was begun before goes on when it is back", () =>
  playAlone({ kind: "kill-store", id: "f", atMs: 1500, restartAfterMs: forMs }, ({ history, injected }) => {
    expectSilence(byKind(history.entries, "begin"), byKind(history.entries, "call"), injected);
    expect(history.outages[0]).toMatchObject({ fault: { faultKind: "kill-store" } });
  }));

test.concurrent("refuse: nothing is begun while the store refuses writes, and what was begun before goes on when it takes them again", () =>
  playAlone({ kind: "refuse", id: "f", atMs: 1500, forMs }, ({ history, injected }) => {
    expectSilence(byKind(history.entries, "begin"), byKind(history.entries, "call"), injected);
    expect(history.outages[0]).toMatchObject({ fault: { faultKind: "refuse" } });
  }));

test.concurrent("kill-store twice: the second one waits until the store is back from the first", async () => {
  const killStore = { kind: "kill-store", restartAfterMs: 500 } as const;
  const faults = [
    { ...killStore, id: "first", atMs: 600 },
    { ...killStore, id: "second", atMs: 1101 },
  ];
  const planned = planSchema.parse({ ...plan, faults });
  for (const target of targets.slice(-1)) {
    const experiment = `twice-${++played}`;
    const entries = await playPlan({ run: current.run, experiment, target, plan: planned, watch: () => {} });
    const [first, second, ...others] = indexHistory(entries).lastingFaults;
    expect(others).toEqual([]);
    expect(second?.fromMs).toBeGreaterThanOrEqual(first?.toMs ?? Number.NaN);
  }
});

test.concurrent("throw: the step fails as often as it was ordered, and is then executed once more", () =>
  playAlone(
    { kind: "throw", id: "f", session: sessionId, step: "record:0", when: "after", times: 2 },
    ({ history }) => {
      const begins = history.sessions.get(sessionId)?.begins.filter(({ step }) => step === "record:0");
      expect(begins?.map(({ order }) => order?.kind ?? null)).toEqual(["throw", "throw", null]);
    },
  ));

test.concurrent("slow: the step takes longer than the lease, and its effect lands once all the same", () =>
  playAlone(
    { kind: "slow", id: "f", session: sessionId, step: "record:0", delayMs: forMs },
    ({ history }) => {
      const work = history.sessions.get(sessionId)?.work.filter(({ step }) => step === "record:0");
      expect(work).toMatchObject([{ kind: "begin", order: { kind: "slow" } }, { kind: "landed" }]);
      expect((work?.[1]?.at ?? 0) - (work?.[0]?.at ?? 0)).toBeGreaterThanOrEqual(forMs);
    },
  ));

test.concurrent("race: all callers call from every client before it is over, and get the result of one lifecycle", () =>
  playAlone({ kind: "race", id: "f", session: sessionId, callers: 4 }, ({ history }) => {
    const session = history.sessions.get(sessionId);
    expect(session?.calls.length).toBe(5);
    expect(new Set(session?.calls.map(({ client }) => client))).toEqual(new Set([0, 1]));
    expect(new Set(session?.results.map(({ result }) => JSON.stringify(result))).size).toBe(1);
  }));
