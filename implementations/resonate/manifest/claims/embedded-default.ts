import { setTimeout as delay } from "node:timers/promises";
import { deaths, executionsOf, ifProvoked, landingsOf } from "../../../../harness/history/observe.ts";
import { plainSpec } from "../../../../harness/run/sample-session.ts";
import { type Claim, type Evidence, expected, measured } from "../../../../harness/scenarios/claim.ts";
import type { ScenarioContext } from "../../../../harness/scenarios/scenario.ts";
import type { InProcessStart } from "./in-process-main.ts";

const inProcess = new URL("./in-process-main.ts", import.meta.url).href;
const step = "record:1";
const watchedLeases = 3;
const leases = 2.5;
const watchedLongLeases = 8;

export const embeddedDefault: Claim = {
  id: "embedded-default",
  sentence: "What new Resonate() without a URL has started survives the death of its process.",
  provocation: `A process runs a session with resonate.run on new Resonate() and dies when the second activity has landed; a new process comes, and after ${watchedLeases} leases the same id is started again. In another session nobody dies, and a step takes ${leases} leases. No keys.`,
  meaning:
    "Without a URL the state lives in the process and dies with it, and a step longer than ttl is executed again whenever its ttl has run out (looked at once a second), and its results are refused: the session never gets past it. The default ttl is 60 s. Give new Resonate() the URL of a store.",
  play: async (context) =>
    (
      await Promise.all([kill, outliveLease].map((testCase) => context.whenFree(() => testCase(context))))
    ).flat(),
};

async function kill({ environment, leaseMs, openCase }: ScenarioContext): Promise<readonly Evidence[]> {
  const spec = plainSpec("embedded-killed");
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "naive");
  await environment.witness.arm(sessionId, step, { kind: "crash", when: "after", effect: "append-activity" });
  const run = (start: typeof spec | null) =>
    testCase.start((worker) =>
      environment.spawnProgram(inProcess, worker, testCase.group, {
        spec: start,
        hasStore: false,
      } satisfies InProcessStart),
    );
  await testCase.diesAt(`${step}/after`, await run(spec));
  const idle = await run(null);
  await delay(watchedLeases * leaseMs);
  const again = await run(spec);
  await testCase.audited(sessionId);
  const history = await testCase.close();

  const begins = history.sessions.get(sessionId)?.begins ?? [];
  return [
    measured("processes that died", ifProvoked(deaths(history), 1)),
    measured(
      "processes that came after it",
      ifProvoked([idle, again].filter(({ worker }) => history.workers.get(worker)?.ready).length, 2),
    ),
    expected(
      `sessions that went on by themselves within ${watchedLeases} leases`,
      begins.some(({ worker }) => worker === idle.worker) ? 1 : 0,
      1,
    ),
    measured(
      "steps with a checkpoint that the second start executed again",
      (["login", "record:0"] as const).filter((done) =>
        executionsOf(history, sessionId, done).some(({ worker }) => worker === again.worker),
      ).length,
    ),
    measured("tokens issued", landingsOf(history, sessionId, "issue-token").length),
    measured("landings of all activities", landingsOf(history, sessionId, "append-activity").length),
  ];
}

async function outliveLease({
  environment,
  leaseMs,
  openCase,
}: ScenarioContext): Promise<readonly Evidence[]> {
  const spec = plainSpec("embedded-long");
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "naive");
  await environment.witness.arm(
    sessionId,
    step,
    { kind: "slow", delayMs: leases * leaseMs },
    watchedLongLeases,
  );
  await testCase.start((worker) =>
    environment.spawnProgram(inProcess, worker, testCase.group, {
      spec,
      hasStore: false,
    } satisfies InProcessStart),
  );
  await testCase.begun(sessionId, step);
  await delay(watchedLongLeases * leaseMs);
  const history = await testCase.close();
  return [
    measured(
      `executions, within ${watchedLongLeases} leases, of a step that takes ${leases}, with ttl set to the lease`,
      executionsOf(history, sessionId, step).filter(({ order }) => order?.kind === "slow").length || null,
    ),
    measured("landings of its activity", landingsOf(history, sessionId, "append-activity", step).length),
    measured("steps that were begun after it", executionsOf(history, sessionId, "record:2").length),
  ];
}
