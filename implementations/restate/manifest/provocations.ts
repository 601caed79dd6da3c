/** What is done to workers that their store calls, and to no others. */
import { eachAlone, type Provocation, untilAnswered } from "../../../harness/scenarios/provocation.ts";

/** So long are both at the same step, in leases. */
const secondLeases = 2;

/** What the server has said is held back by the network, until another worker goes on with the session; then it arrives. */
export const answerWaits: Provocation = {
  sentence:
    "The network holds back what the server says to the session's worker, from record:1 on, until another one is at record:2; then it arrives.",
  mode: "idempotent",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    const { client, environment, leaseMs } = context;
    const { sessionId } = spec;
    await testCase.register(sessionId, "idempotent", {
      "record:1": [leaseMs / 4, 0],
      "record:2": [secondLeases * leaseMs, 0],
    });
    const places = [await environment.openWorkerProxy(), await environment.openWorkerProxy()];
    const start = ({ where }: (typeof places)[number]) =>
      testCase.start((worker) => environment.spawnWorker(worker, testCase.group, where));
    const workers = await Promise.all(places.map(start));
    testCase.call(client, spec);
    const begun = await testCase.begun(sessionId, "record:1");
    const index = workers.findIndex(({ worker }) => worker === begun?.worker);
    const [cutOff, place] = [workers[index], places[index]];
    if (cutOff === undefined || place === undefined) return null;
    const fault = `${sessionId} hears nothing`;
    await environment.witness.note({
      kind: "fault",
      fault,
      faultKind: "partition",
      workers: [cutOff.worker],
      how: "stop",
    });
    place.proxy.stop("from-store");
    const takenOver = await testCase.begun(sessionId, "record:2");
    place.proxy.heal();
    await environment.witness.note({ kind: "fault-ended", fault });
    await untilAnswered(context, spec, testCase);
    await Promise.all(workers.map((worker) => testCase.end(worker))); // they may still have something to say
    await Promise.all(places.map(({ proxy }) => proxy.close()));
    return takenOver === null || takenOver.worker === cutOff.worker ? null : 1;
  }),
};
