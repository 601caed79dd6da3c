import { setTimeout as delay } from "node:timers/promises";
import { stepsOf } from "../../../../implementations/session/steps.ts";
import { isGuaranteed } from "../../../checks/guarantees.ts";
import { judge } from "../../../checks/judge.ts";
import { analysisOf } from "../../../history/analysis.ts";
import { answers } from "../../../history/observe.ts";
import { evenWork, plainSpec } from "../../../run/sample-session.ts";
import { type Claim, expected, measured } from "../../../scenarios/claim.ts";

const workers = 2;
const waiting = 4;
const working = 4;
const downLeases = 2;
const slowSteps = evenWork(stepsOf(5), 100);

export const allWorkersDown: Claim = {
  id: "all-workers-down",
  sentence: "When every worker is killed at once and started again after two leases, nothing is lost.",
  provocation: `${waiting} sessions wait and ${working} are among their activities when all ${workers} workers are killed; ${downLeases} leases later ${workers} others start.`,
  meaning: "All that a session has reached is in the store; a worker holds nothing that cannot be lost.",
  async play({ environment, client, openCase, leaseMs, whenFree }) {
    const waiters = Array.from({ length: waiting }, (_, index) =>
      plainSpec(`down-waiting-${index}`, { activities: 0, idleTimeoutMs: 4 * leaseMs }),
    );
    const busy = Array.from({ length: working }, (_, index) =>
      plainSpec(`down-working-${index}`, { activities: 5 }),
    );
    const specs = [...waiters, ...busy];
    return whenFree(async () => {
      const testCase = openCase("down");
      const startWorkers = () => Promise.all(Array.from({ length: workers }, () => testCase.startWorker()));
      const first = await startWorkers();
      for (const spec of waiters) await testCase.register(spec.sessionId, "idempotent");
      for (const spec of busy) await testCase.register(spec.sessionId, "idempotent", slowSteps);
      for (const spec of specs) testCase.call(client, spec);
      await Promise.all([
        ...waiters.map(({ sessionId }) => testCase.idle(sessionId)),
        ...busy.map(({ sessionId }) => testCase.begun(sessionId, "record:1")),
      ]);
      await testCase.kill("all workers", "kill-all", first);
      await delay(downLeases * leaseMs);
      await startWorkers();
      await Promise.all(specs.map(({ sessionId }) => testCase.answered(sessionId)));
      const history = await testCase.close();

      const analysis = analysisOf(history, { leaseMs });
      const { hits } = analysis.exposure;
      const hitAs = (kind: string) => [...hits.values()].flat().filter((hit) => hit.kind === kind).length;
      const violations = judge(analysis, specs, { faultsInjected: true })
        .filter(({ invariant }) =>
          isGuaranteed(environment.target.guarantees, invariant, "kill-all", "idempotent"),
        )
        .flatMap((verdict) => verdict.violations);
      return [
        measured("sessions interrupted among their activities", hitAs("interrupted") || null),
        measured("sessions left waiting without any worker", hitAs("left-waiting") || null),
        expected(
          "sessions that finished",
          specs.filter(({ sessionId }) => answers(history, sessionId) === 1).length,
          specs.length,
        ),
        expected("violations of what is guaranteed", violations.length, 0),
      ];
    });
  },
};
