/** A session that nobody can finish, and what it does to those beside it. */
import { setTimeout as delay } from "node:timers/promises";
import type { SessionSpec } from "../../../../implementations/session/spec.ts";
import { stepsOf } from "../../../../implementations/session/steps.ts";
import type { Order } from "../../../../implementations/session/world.ts";
import type { History } from "../../../history/history.ts";
import { executionsOf } from "../../../history/observe.ts";
import type { Case } from "../../../run/case.ts";
import { percentilesOf } from "../../../run/percentiles.ts";
import { evenWork, plainSpec } from "../../../run/sample-session.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";
import { engineOf } from "../../../targets/targets.ts";
import { KeptWorker } from "./kept-worker.ts";

const step = "record:1";
const effect = "append-activity";
const bystanders = 20;
const activities = 8;
const idleLeases = 2;
const stepMs = 150;
const work = evenWork(stepsOf(activities), stepMs, 0);
/** The others come to the end of some steps in each life of a worker that it kills. */
const poisonedWork: typeof work = { ...work, [step]: [4 * stepMs, 0] };
/** More often than any retry delay lets it happen within a claim. */
const often = 5_000;
const forEverMs = 24 * 60 * 60 * 1000;
/** How long a worker that gets SIGTERM may take to end, ms: orchestrators kill it after 30 s. */
const boundMs = 25_000;
const graceMs = 30_000;
/** How long bystanders are waited for, before the removal and after it, and how long the next worker is watched, in leases. */
const patienceLeases = 30;
const watchedLeases = 3;
/** So many executions, or so many leases, say how often its worker dies. */
const seenExecutions = 6;
const seenLeases = 12;

interface Poison {
  readonly name: string;
  readonly what: string;
  /** Null where the session is one like the others. */
  readonly order: Order | null;
  readonly kills?: true;
}

const poisons: readonly Poison[] = [
  { name: "none", what: "nothing wrong with it", order: null },
  { name: "throws", what: "a step that always fails", order: { kind: "throw", when: "before" } },
  {
    name: "kills",
    what: "a step that kills its worker",
    order: { kind: "crash", when: "before", effect },
    kills: true,
  },
  { name: "hangs", what: "a step that never returns", order: { kind: "slow", delayMs: forEverMs } },
  { name: "unencodable", what: "a result that cannot be encoded", order: { kind: "unencodable", effect } },
];

export const poisonSession: Claim = {
  id: "poison-session",
  sentence: "A session that nobody can finish does not keep others from finishing, nor a deploy from ending.",
  provocation: `One worker is kept there. The second activity of one session always fails, kills its worker each time, never returns, or has a result that cannot be encoded. ${bystanders} other sessions run beside it; among their activities another worker starts and the old one gets SIGTERM. Then an operator removes the session, and the worker is replaced. Once with nothing wrong, to compare. No keys.`,
  isLong: true,
  meaning:
    "Nothing stops the poisoned session by itself: its step is tried for as long as it is there. A step that kills its worker interrupts all that this worker holds each time, and without keys their steps repeat.",
  play: async (context) =>
    (await Promise.all(poisons.map((poison) => context.whenFree(() => play(context, poison))))).flat(),
};

async function play(context: ScenarioContext, poison: Poison): Promise<readonly Evidence[]> {
  const { environment, client, openCase, leaseMs } = context;
  const { name, what, order, kills } = poison;
  const poisoned = plainSpec(`poison-${name}`, { activities });
  const { sessionId } = poisoned;
  const others = Array.from({ length: bystanders }, (_, index) =>
    plainSpec(`${sessionId}-bystander-${index}`, { activities, idleTimeoutMs: idleLeases * leaseMs }),
  );
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "naive", poisonedWork);
  for (const spec of others) await testCase.register(spec.sessionId, "naive", work);
  if (order !== null) await environment.witness.arm(sessionId, step, order, often);
  const kept = new KeptWorker(testCase);
  await kept.start();
  testCase.call(client, poisoned);
  await testCase.begun(sessionId, step);
  for (const spec of others) testCase.call(client, spec);
  const patienceMs = patienceLeases * leaseMs;
  await within(
    patienceMs,
    others.map((spec) => testCase.begun(spec.sessionId, "record:0")),
  );
  const tookMs = await kept.deploy(graceMs);
  const finished = others.map((spec) => testCase.answered(spec.sessionId));
  await within(patienceMs, finished);
  const begunOften = testCase.begun(sessionId, step, seenExecutions);
  if (order !== null) await within(seenLeases * leaseMs, [begunOften]);
  const removed = order === null ? null : await remove(context, kept, testCase, sessionId);
  await within(patienceMs, finished);
  await kept.end();
  const history = await testCase.close();
  return [
    ...besides(history, others, what, removed?.at),
    ...(kills
      ? []
      : [expected(`from SIGTERM to the worker's end, beside ${what}`, tookMs, [0, boundMs], "ms")]),
    ...(order === null ? [] : harm(history, kept, poison, sessionId)),
    ...(removed === null ? [] : afterRemoval(history, removed, what)),
  ];
}

/** Resolves when all of these have, or when the time is up. */
async function within(ms: number, all: readonly Promise<unknown>[]): Promise<void> {
  await Promise.race([Promise.all(all), delay(ms)]);
}

/** What became of the others; `until` is when the session was removed, which it is where that helps them. */
function besides(
  history: History,
  others: readonly SessionSpec[],
  what: string,
  until = Number.POSITIVE_INFINITY,
): readonly Evidence[] {
  const finished = others.flatMap(({ sessionId }) => {
    const { calls = [], results = [] } = history.sessions.get(sessionId) ?? {};
    const [[called], [answered]] = [calls, results];
    return called === undefined || answered === undefined ? [] : [{ called, answered }];
  });
  const before = finished.filter(({ answered }) => answered.at < until);
  const tookMs = finished.map(({ called, answered }) => answered.at - called.at);
  return [
    expected(`sessions that finished, beside ${what}`, finished.length, bystanders),
    measured(`of them, while it was there, beside ${what}`, before.length),
    measured(`from their start to their result, p99, beside ${what}`, percentilesOf(tookMs).p99Ms, "ms"),
  ];
}

/** How often the step ran, and how many workers died of it. */
function harm(
  history: History,
  { deaths }: KeptWorker,
  { what, kills }: Poison,
  sessionId: string,
): readonly Evidence[] {
  const [first, last] = [deaths[0] ?? 0, deaths.at(-1) ?? 0];
  const perMinute = deaths.length < 2 ? null : Math.round((deaths.length - 1) / ((last - first) / 60_000));
  return [
    measured(`executions of it, with ${what}`, executionsOf(history, sessionId, step).length || null),
    kills
      ? measured(`workers that died per minute, with ${what}`, perMinute)
      : expected(`workers that died, with ${what}`, deaths.length, 0),
  ];
}

interface Removed {
  readonly sessionId: string;
  readonly at: number;
  /** The worker that came afterwards. */
  readonly successor: string;
}

/** Lets an operator remove the session, and replaces the worker; null where the engine's manifest does not say how. */
async function remove(
  { environment, leaseMs }: ScenarioContext,
  kept: KeptWorker,
  testCase: Case,
  sessionId: string,
): Promise<Removed | null> {
  const { removeSession } = engineOf(environment.target);
  if (removeSession === undefined) return null;
  await removeSession(environment.store.address, testCase.group, sessionId);
  const at = Date.now(); // the world's clock is this machine's
  await delay(leaseMs);
  await kept.deploy(0);
  await delay(watchedLeases * leaseMs);
  return { sessionId, at, successor: kept.name };
}

function afterRemoval(
  history: History,
  { sessionId, at, successor }: Removed,
  what: string,
): readonly Evidence[] {
  const later = executionsOf(history, sessionId, step).filter((begin) => begin.at > at);
  const bySuccessor = later.filter(({ worker }) => worker === successor).length;
  const { resultFailures = [] } = history.sessions.get(sessionId) ?? {};
  return [
    measured(
      `executions after its removal until its worker was replaced, with ${what}`,
      later.length - bySuccessor,
    ),
    expected(`executions after its removal by the next worker, with ${what}`, bySuccessor, 0),
    measured(`its callers who were told of the removal, with ${what}`, resultFailures.length),
  ];
}
