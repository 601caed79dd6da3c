/** A worker whose connections to its store broke, and who is then alone with work: does it hear of that? */
import { setTimeout as delay } from "node:timers/promises";
import { offerProbes, untilProbesEnded } from "../run/play-plan/offer-probes.ts";
import { goOn } from "./acts.ts";
import { eachAlone, type Provocation, untilAnswered } from "./provocation.ts";

/** Longer than a lease, so that whatever waits for an answer has given it up. */
const cutOffLeases = 1.5;

export const cutOff: Provocation = {
  sentence: `One of two workers is cut off from the store for ${cutOffLeases} leases, its connections break, and then it alone can take work.`,
  mode: "idempotent",
  spec: { activities: 0 },
  play: eachAlone(async (context, spec, testCase) => {
    const { environment, client, leaseMs } = context;
    const { group } = testCase;
    const { witness } = environment;
    const { proxy, where } = await environment.openWorkerProxy();
    const cut = await testCase.start((worker) => environment.spawnWorker(worker, group, where));
    const neighbour = await testCase.startWorker();
    const fault = `${spec.sessionId} cut off`;
    await witness.note({ kind: "fault", fault, faultKind: "partition", workers: [cut.worker], how: "stop" });
    proxy.stop("both");
    await delay(cutOffLeases * leaseMs);
    proxy.cut();
    proxy.heal();
    await witness.note({ kind: "fault-ended", fault });
    const register = (sessionId: string) => testCase.register(sessionId, "idempotent");
    const offering = { environment, register, client, group };
    neighbour.child.kill("SIGSTOP");
    const probes = await offerProbes(offering, cut.worker, [neighbour.worker]);
    goOn(neighbour);
    await register(spec.sessionId);
    testCase.call(client, spec);
    await Promise.all([untilAnswered(context, spec, testCase), untilProbesEnded(offering, probes)]);
    await testCase.end(cut); // it still has to say that the session is done
    await proxy.close();
    return 1;
  }),
};
