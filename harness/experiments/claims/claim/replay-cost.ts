import { setTimeout as delay } from "node:timers/promises";
import type { ProxyTraffic } from "../../../faults/network-proxy/proxy.ts";
import { deaths, executionsOf, ifProvoked, landingsOf } from "../../../history/observe.ts";
import { terminate } from "../../../processes/terminate.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { type Claim, type Evidence, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";

const recordedSteps = [5, 20, 100];
/** Login and mark-idle are recorded steps too. */
const besidesActivities = 2;
const idleTimeoutMs = 4_000;
/** Long, so that no lease is renewed, no stalled job looked for and no store probed while requests are counted. */
const leaseMs = 300_000;
const heldMs = 1_000;

export const replayCost: Claim = {
  id: "replay-cost",
  sentence: "What it costs to resume a session, by the number of steps that it has recorded.",
  provocation: `Sessions with ${recordedSteps.join(", ")} recorded steps lose their worker in the idle wait; another one resumes them when it is over. Counted is what passes between it and the store from shortly before the deadline until its first execution is seen; requests that are sent together count as one round trip.`,
  needsProxy: true,
  meaning: "What grows with the recorded steps is paid at every wake and at every takeover.",
  async play(context) {
    return context.whenFree(async () => {
      const environment = await context.openEnvironment("replay-cost", leaseMs);
      const client = environment.spawnClient("client", "none");
      await client.firstMessage();
      const evidence = await Promise.all(
        recordedSteps.map((steps) => resume({ ...context, environment, client }, steps)),
      );
      await terminate(client);
      await environment.close();
      return evidence.flat();
    });
  },
};

async function resume(
  { environment, client, openCase }: ScenarioContext,
  steps: number,
): Promise<readonly Evidence[]> {
  const spec = plainSpec(`replay-${steps}`, { activities: steps - besidesActivities, idleTimeoutMs });
  const { sessionId } = spec;
  const testCase = openCase(sessionId, environment);
  await testCase.register(sessionId, "naive");
  await environment.witness.arm(sessionId, "expire", { kind: "slow", delayMs: heldMs });
  testCase.call(client, spec);
  const victim = await testCase.startWorker();
  const idle = await testCase.idle(sessionId);
  await delay(idleTimeoutMs / 10); // until the wait is in the store and the worker has let go
  await testCase.kill(`${sessionId} in its wait`, "kill-all", [victim]);
  const { proxy, where } = await environment.openWorkerProxy();
  await testCase.start((worker) => environment.spawnWorker(worker, testCase.group, where));
  const dueAt = (idle?.at ?? 0) + idleTimeoutMs;
  await delay(Math.max(0, dueAt - Date.now() - idleTimeoutMs / 10)); // the world's clock is this machine's
  const before = { ...proxy.traffic };
  await testCase.begun(sessionId, "expire");
  const after = { ...proxy.traffic }; // while the step is held
  await testCase.answered(sessionId);
  const history = await testCase.close();
  await proxy.close();

  const [begun] = executionsOf(history, sessionId, "expire");
  const landed = landingsOf(history, sessionId, "append-activity").length;
  const which = `to resume after ${steps} recorded steps`;
  const resumed =
    begun !== undefined && ifProvoked(deaths(history), 1) !== null && landed === spec.activities.length;
  const passed = (what: keyof ProxyTraffic) => (resumed ? after[what] - before[what] : null);
  return [
    measured(`round trips ${which}`, passed("roundTrips")),
    measured(`bytes to the store ${which}`, passed("bytesToStore"), "bytes"),
    measured(`bytes from the store ${which}`, passed("bytesFromStore"), "bytes"),
    measured(`from the deadline to the first execution, ${which}`, resumed ? begun.at - dueAt : null, "ms"),
  ];
}
