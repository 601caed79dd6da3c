/** What a worker that was stopped begins when it goes on, of sessions that are in other hands or done by then. */
import { setTimeout as delay } from "node:timers/promises";
import { stepsOf } from "../../../../implementations/session/steps.ts";
import type { History } from "../../../history/history.ts";
import { answers } from "../../../history/observe.ts";
import { evenWork, plainSpec } from "../../../run/sample-session.ts";
import { type Claim, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";
import type { Entry } from "../../../world/entry.ts";

const stoppedLeases = 5;
/** Half of them start before the worker is stopped, half while it is: what is pushed to it, or what it has asked for, waits in its queue. */
const sessions = 16;
const activities = 3;
const work = evenWork(stepsOf(activities), 300, 50);
/** From its first step until the sessions that it holds are in the middle of theirs, ms: what is about to begin when it is stopped begins when it goes on. */
const untilAmidMs = 150;

export const staleAttempts: Claim = {
  id: "stale-attempts",
  sentence:
    "A worker that stood still for several leases begins nothing of sessions that others have finished meanwhile.",
  provocation: `One of two workers is stopped in the middle of its steps; ${sessions} sessions, half of which start while it is stopped, come to their end elsewhere; after ${stoppedLeases} leases at the least it goes on. Half of the sessions use no keys.`,
  isLong: true,
  meaning:
    "What the worker had asked for, or was sent, while it stood still is an attempt that nobody waits for any more. A step that it begins then runs once more than it had to, and lands where no key or fence stops it.",
  play: (context) => context.whenFree(() => stopAmongOthers(context)),
};

async function stopAmongOthers({ client, openCase, leaseMs }: ScenarioContext) {
  const testCase = openCase("stale");
  const specs = Array.from({ length: sessions }, (_, index) => plainSpec(`stale-${index}`, { activities }));
  const [early, late] = [specs.slice(0, sessions / 2), specs.slice(sessions / 2)];
  for (const [index, { sessionId }] of specs.entries())
    await testCase.register(sessionId, index % 2 === 0 ? "naive" : "idempotent", work);
  const [stopped] = await Promise.all([testCase.startWorker(), testCase.startWorker()]);
  for (const spec of early) testCase.call(client, spec);
  const begun = await testCase.entry(
    (entry): entry is Entry => entry.kind === "begin" && entry.worker === stopped.worker,
  );
  await delay(untilAmidMs);
  let finished = 0;
  const wokenAt = await testCase.pause("stale", stopped, async () => {
    for (const spec of late) testCase.call(client, spec);
    const ends = await Promise.all(specs.map(({ sessionId }) => testCase.answered(sessionId)));
    finished = ends.filter((entry) => entry?.kind === "result").length;
    await delay(stoppedLeases * leaseMs);
  });
  await delay(2 * leaseMs);
  const history = await testCase.close();

  const stale = staleExecutions(history, stopped.worker, wokenAt);
  const landings = landedAfter(history, stopped.worker, wokenAt);
  return [
    measured("sessions that finished while it was stopped", begun === null ? null : finished),
    measured("executions that it began when it went on", stale.size),
    measured("effects of those that landed", landings.filter((execution) => stale.has(execution)).length),
    measured(
      "late effects that landed of what it was in the middle of",
      landings.filter((execution) => !stale.has(execution)).length,
    ),
    measured(
      "sessions that have one result in the end",
      specs.filter(({ sessionId }) => answers(history, sessionId) === 1).length,
    ),
  ];
}

/** The executions that the worker began after it went on. */
function staleExecutions(history: History, worker: string, wokenAt: number): ReadonlySet<string> {
  const begins = [...history.sessions.values()].flatMap((session) => session.begins);
  const stale = begins.filter((begin) => begin.worker === worker && begin.at >= wokenAt);
  return new Set(stale.map(({ execution }) => execution));
}

/** The executions of the worker whose effects landed after it went on, once for each effect. */
function landedAfter({ entries }: History, worker: string, wokenAt: number): readonly string[] {
  return entries.flatMap((entry) =>
    entry.kind === "landed" && entry.worker === worker && entry.at >= wokenAt ? [entry.execution] : [],
  );
}
