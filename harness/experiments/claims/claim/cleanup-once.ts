import { setTimeout as delay } from "node:timers/promises";
import { effectsOf } from "../../../../implementations/session/steps.ts";
import { deaths, executionsOf, ifProvoked, landingsOf } from "../../../history/observe.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";

const replays = 3;

export const cleanupOnce: Claim = {
  id: "cleanup-once",
  sentence:
    "Cleanup that succeeded is not run again, however often the lifecycle is replayed; one that was cut in half is finished.",
  needsCompletionHook: true,
  provocation: `One session's worker dies ${replays} times between the checkpoint of cleanup and the end of the lifecycle, without keys. Another's dies once, between revoking the token and clearing the cache, with keys.`,
  meaning:
    "Half a cleanup is executed again from its start: each effect needs a key of its own, or the revocation is done twice.",
  play: async (context) =>
    (
      await Promise.all([replay, cutInHalf].map((testCase) => context.whenFree(() => testCase(context))))
    ).flat(),
};

async function replay({ client, openCase, leaseMs }: ScenarioContext): Promise<readonly Evidence[]> {
  const spec = plainSpec("cleanup-replayed", { activities: 1 });
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "naive");
  testCase.call(client, spec);
  for (let life = 0; life < replays; life++) {
    if (!(await testCase.diesAt("completion", await testCase.startWorker({ crashAtCompletion: true }))))
      break;
  }
  await testCase.startWorker();
  await testCase.answered(sessionId);
  await delay(3 * leaseMs); // the caller may have its answer before the engine has learnt, from the last replay, that all is done
  const history = await testCase.close();
  const [audited] = landingsOf(history, sessionId, "write-audit");
  return [
    expected("crashes after cleanup's checkpoint", deaths(history, audited?.at) || null, replays),
    expected("executions of cleanup, then replayed", executionsOf(history, sessionId, "cleanup").length, 1),
    ...effectsOf("cleanup").map((effect) =>
      expected(`landings of ${effect}, then replayed`, landingsOf(history, sessionId, effect).length, 1),
    ),
  ];
}

async function cutInHalf({ environment, client, openCase }: ScenarioContext): Promise<readonly Evidence[]> {
  const spec = plainSpec("cleanup-cut", { activities: 1 });
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "idempotent");
  await environment.witness.arm(sessionId, "cleanup", {
    kind: "crash",
    when: "after",
    effect: "revoke-token",
  });
  testCase.call(client, spec);
  await testCase.diesAt("revoke-token/after", await testCase.startWorker());
  await testCase.startWorker();
  await testCase.answered(sessionId);
  const history = await testCase.close();
  return [
    measured("crashes between revoke and clear", ifProvoked(deaths(history), 1)),
    measured("executions of cleanup, cut in half", executionsOf(history, sessionId, "cleanup").length),
    ...effectsOf("cleanup").map((effect) =>
      expected(`landings of ${effect}, cut in half`, landingsOf(history, sessionId, effect).length, 1),
    ),
  ];
}
