import { executionsOf, ifProvoked, landingsOf, readyWorkers } from "../../../history/observe.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { longStep as longStepOf } from "../../../scenarios/acts.ts";
import { type Claim, expected, measured } from "../../../scenarios/claim.ts";

const step = "record:1";
const leases = 3;

export const longStep: Claim = {
  id: "long-step",
  sentence: "A step that takes longer than the lease, without any crash, is executed once.",
  provocation: `The second activity's service takes ${leases} leases; a second worker stands by to take over. No keys.`,
  meaning:
    "A worker renews its lease at half of it, as long as its event loop turns: a step that computes for longer than half a lease without a break is another matter.",
  async play({ client, openCase, leaseMs, whenFree }) {
    const spec = plainSpec("long-step");
    const { sessionId } = spec;
    return whenFree(async () => {
      const testCase = openCase(sessionId);
      await testCase.register(sessionId, "naive");
      await longStepOf(testCase, client, spec, { step, delayMs: leases * leaseMs });
      await testCase.answered(sessionId);
      const history = await testCase.close();

      const executions = executionsOf(history, sessionId, step);
      const landings = landingsOf(history, sessionId, "append-activity", step);
      const [execution, landing] = [executions[0], landings[0]];
      const tookMs = execution === undefined || landing === undefined ? 0 : landing.at - execution.at;
      return [
        measured("the step took", tookMs >= leases * leaseMs ? tookMs : null, "ms"),
        measured("workers there", ifProvoked(readyWorkers(history), 2)),
        expected("executions of the step", executions.length, 1),
        expected("landings of the activity", landings.length, 1),
      ];
    });
  },
};
