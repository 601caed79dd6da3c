/** What is done to workers that their store calls, and to no others. */
import { setTimeout as delay } from "node:timers/promises";
import { Case } from "../../../harness/run/case.ts";
import { goOn } from "../../../harness/scenarios/acts.ts";
import { type Provocation, untilAnswered } from "../../../harness/scenarios/provocation.ts";

/** All sessions share one pause: the only worker is stopped, they are called on it and wait there, and it goes on when another has done the work. */
export const callsWait: Provocation = {
  sentence:
    "The only worker is stopped, the sessions start, and it goes on once another one has brought them to their end. No keys.",
  mode: "naive",
  spec: { activities: 1, idleTimeoutMs: 200 },
  play: (context, specs) =>
    context.whenFree(async () => {
      const { client, environment, leaseMs } = context;
      const testCase = new Case(environment, "all");
      for (const { sessionId } of specs)
        await testCase.register(sessionId, "naive", { login: [leaseMs / 4, 0] });
      const stopped = await testCase.startWorker();
      const fault = "stopped before its calls came";
      await environment.witness.note({ kind: "fault", fault, faultKind: "pause", workers: [stopped.worker] });
      stopped.child.kill("SIGSTOP");
      for (const spec of specs) testCase.call(client, spec);
      await testCase.startWorker();
      await Promise.all(specs.map((spec) => untilAnswered(context, spec, testCase)));
      goOn(stopped);
      await environment.witness.note({ kind: "fault-ended", fault });
      await delay(leaseMs); // whatever waited there has begun
      const history = await testCase.close();
      return specs.map((_, index) => ({ faults: index === 0 ? 1 : 0, history }));
    }),
};
