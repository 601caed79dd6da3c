/** What is done to workers that their store calls, and to no others. */
import { setTimeout as delay } from "node:timers/promises";
import { Case } from "../../../harness/run/case.ts";
import { goOn } from "../../../harness/scenarios/acts.ts";
import { type Provocation, untilAnswered } from "../../../harness/scenarios/provocation.ts";

/** All sessions share one pause: one of two workers is stopped, calls come to it and wait, and it goes on when another has done the work. */
export const callsWait: Provocation = {
  sentence:
    "One of two workers is stopped, the sessions are started, and it goes on once the other one has brought them to their end.",
  mode: "idempotent",
  spec: { activities: 1, idleTimeoutMs: 200 },
  play: (context, specs) =>
    context.whenFree(async () => {
      const { client, environment, leaseMs } = context;
      const testCase = new Case(environment, "all");
      for (const { sessionId } of specs) await testCase.register(sessionId, "idempotent");
      const [stopped] = await Promise.all([testCase.startWorker(), testCase.startWorker()]);
      const fault = "stopped before its calls came";
      await environment.witness.note({ kind: "fault", fault, faultKind: "pause", workers: [stopped.worker] });
      stopped.child.kill("SIGSTOP");
      for (const spec of specs) testCase.call(client, spec);
      await Promise.all(specs.map((spec) => untilAnswered(context, spec, testCase)));
      goOn(stopped);
      await environment.witness.note({ kind: "fault-ended", fault });
      await delay(leaseMs); // whatever waited there has begun
      const history = await testCase.close();
      return specs.map((_, index) => ({ faults: index === 0 ? 1 : 0, history }));
    }),
};
