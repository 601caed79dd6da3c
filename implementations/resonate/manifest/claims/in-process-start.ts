import { setTimeout as delay } from "node:timers/promises";
import {
  answers,
  deaths,
  executionsOf,
  ifProvoked,
  landingsOf,
} from "../../../../harness/history/observe.ts";
import { plainSpec } from "../../../../harness/run/sample-session.ts";
import { type Claim, type Evidence, expected, measured } from "../../../../harness/scenarios/claim.ts";
import type { ScenarioContext } from "../../../../harness/scenarios/scenario.ts";
import type { InProcessStart } from "./in-process-main.ts";

const inProcess = new URL("./in-process-main.ts", import.meta.url).href;
const step = "record:1";
const leases = 2.5;

export const inProcessStart: Claim = {
  id: "in-process-start",
  sentence:
    "A lifecycle that was started with resonate.run, in a process that is killed, is finished by another process.",
  provocation: `A process runs a session with resonate.run and dies when the second activity has begun; a worker of its group stands by. In another session nobody dies, and a step takes ${leases} leases. No keys.`,
  meaning:
    "SDK 0.11.5 renews no lease for what resonate.run started: a step longer than the lease is executed again beside itself, by whomever the store sends it to, the same process included. Start with beginRpc to a group of workers, whose leases are renewed.",
  play: async (context) =>
    (
      await Promise.all(
        [killStarter, outliveLease].map((testCase) => context.whenFree(() => testCase(context))),
      )
    ).flat(),
};

async function killStarter({ environment, client, openCase }: ScenarioContext): Promise<readonly Evidence[]> {
  const spec = plainSpec("in-process-killed");
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "naive");
  await environment.witness.arm(sessionId, step, {
    kind: "crash",
    when: "before",
    effect: "append-activity",
  });
  const { worker } = await testCase.startWorker();
  const starter = await testCase.start((name) =>
    environment.spawnProgram(inProcess, name, testCase.group, {
      spec,
      hasStore: true,
    } satisfies InProcessStart),
  );
  await testCase.diesAt(`${step}/before`, starter);
  testCase.call(client, spec); // joins: the one who started it is dead
  await testCase.answered(sessionId);
  const history = await testCase.close();
  const begins = history.sessions.get(sessionId)?.begins ?? [];
  return [
    measured("processes that died", ifProvoked(deaths(history), 1)),
    expected("callers who got the result from another process", answers(history, sessionId), 1),
    expected(
      "steps that the other process executed again",
      begins.filter(
        (begin) =>
          begin.worker === worker &&
          begins.some((other) => other.worker !== worker && other.step === begin.step),
      ).length,
      1,
    ),
    expected(
      "landings of all activities",
      landingsOf(history, sessionId, "append-activity").length,
      spec.activities.length,
    ),
  ];
}

async function outliveLease({
  environment,
  client,
  openCase,
  leaseMs,
}: ScenarioContext): Promise<readonly Evidence[]> {
  const spec = plainSpec("in-process-long");
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "naive");
  await environment.witness.arm(sessionId, step, { kind: "slow", delayMs: leases * leaseMs }, 2);
  await testCase.startWorker();
  await testCase.start((worker) =>
    environment.spawnProgram(inProcess, worker, testCase.group, {
      spec,
      hasStore: true,
    } satisfies InProcessStart),
  );
  await testCase.begun(sessionId, step);
  await delay((2 * leases + 0.5) * leaseMs); // until every execution has come to its end, the zombie's too
  testCase.call(client, spec);
  await testCase.answered(sessionId);
  const history = await testCase.close();
  const executions = executionsOf(history, sessionId, step).filter(({ order }) => order?.kind === "slow");
  return [
    measured(
      `executions of a step that takes ${leases} leases, nobody having died`,
      executions.length || null,
    ),
    measured("processes that executed it", new Set(executions.map((execution) => execution.worker)).size),
    measured("landings of its activity", landingsOf(history, sessionId, "append-activity", step).length),
  ];
}
