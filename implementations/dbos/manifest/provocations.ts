/** What is done to sessions on DBOS alone. */
import { setTimeout as delay } from "node:timers/promises";
import { Case } from "../../../harness/run/case.ts";
import { eachAlone, type Provocation, untilAnswered } from "../../../harness/scenarios/provocation.ts";

const step = "record:1";
/** For longer than what a worker tries by itself, and for less than a lease. */
const refusedLeases = 0.7;

/** All sessions share one refusal, in the midst of a step whose end cannot be recorded then. */
export const refuseInStep: Provocation = {
  sentence: `The store refuses writes for ${refusedLeases} leases from the begin of ${step} on, which ends meanwhile.`,
  mode: "idempotent",
  spec: {},
  play: (context, specs) =>
    context.whenFree(async () => {
      const { environment, client, leaseMs } = context;
      const testCase = new Case(environment, "all");
      const work = { [step]: [(refusedLeases * leaseMs) / 3, 0] as [number, number] };
      for (const { sessionId } of specs) await testCase.register(sessionId, "idempotent", work);
      const { worker } = await testCase.startWorker();
      for (const spec of specs) testCase.call(client, spec);
      const begun = await Promise.all(specs.map(({ sessionId }) => testCase.begun(sessionId, step)));
      const fault = "refused writes";
      await environment.witness.note({ kind: "fault", fault, faultKind: "refuse", workers: [worker] });
      await environment.store.refuseWrites?.(true);
      await delay(refusedLeases * leaseMs);
      await environment.store.refuseWrites?.(false);
      await environment.witness.note({ kind: "fault-ended", fault });
      await Promise.all(specs.map((spec) => untilAnswered(context, spec, testCase)));
      const history = await testCase.close();
      return begun.map((entry, index) => ({ faults: entry === null ? null : index === 0 ? 1 : 0, history }));
    }),
};

/** A deploy that adds a worker, or replaces one that died. */
export const joinInStep: Provocation = {
  sentence: `A second worker starts while the first is in ${step}, whose service takes three leases. No keys.`,
  mode: "naive",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    const { sessionId } = spec;
    await testCase.register(sessionId, "naive", { [step]: [3 * context.leaseMs, 0] });
    testCase.call(context.client, spec);
    await testCase.startWorker();
    const begun = await testCase.begun(sessionId, step);
    await testCase.startWorker();
    await untilAnswered(context, spec, testCase);
    return begun === null ? null : 0;
  }),
};
