import { stepsOf } from "../../../../implementations/session/steps.ts";
import { answers, mostExecutions } from "../../../history/observe.ts";
import { evenWork, plainSpec } from "../../../run/sample-session.ts";
import { type Claim, expected, measured } from "../../../scenarios/claim.ts";

const workers = 2;
const sessions = 16;
const activities = 5;
/** How long a worker may take to leave, leases: until then, all that it holds has come to its wait. */
const boundLeases = 5;
/** Long enough for those that an old worker brought to their wait to wake when it is gone. */
const idleLeases = 4;
const work = evenWork(stepsOf(activities), 100, 150);

export const rollingDeploy: Claim = {
  id: "rolling-deploy",
  sentence: "When all workers are replaced one after another, as a deploy does it, no step runs twice.",
  provocation: `${sessions} sessions are among their activities; a new worker starts and an old one gets SIGTERM, until all ${workers} are replaced. No keys.`,
  meaning:
    "A worker that drains takes no more sessions, brings those that it holds to their wait, and leaves.",
  async play({ client, openCase, leaseMs, whenFree }) {
    return whenFree(async () => {
      const testCase = openCase("deploy");
      const old = await Promise.all(Array.from({ length: workers }, () => testCase.startWorker()));
      const specs = Array.from({ length: sessions }, (_, index) =>
        plainSpec(`deploy-${index}`, { activities, idleTimeoutMs: idleLeases * leaseMs }),
      );
      for (const { sessionId } of specs) await testCase.register(sessionId, "naive", work);
      for (const spec of specs) testCase.call(client, spec);
      await Promise.all(specs.map(({ sessionId }) => testCase.begun(sessionId, "login")));
      let leftInTime = 0;
      for (const worker of old) {
        await testCase.startWorker();
        await testCase.end(worker, boundLeases * leaseMs);
        if ((await worker.child.exited).signal === null) leftInTime++;
      }
      await Promise.all(specs.map(({ sessionId }) => testCase.answered(sessionId)));
      const history = await testCase.close();

      const begins = specs.flatMap(({ sessionId }) => history.sessions.get(sessionId)?.begins ?? []);
      const replaced = new Set(old.map(({ worker }) => worker));
      const moved = specs.filter(({ sessionId }) => {
        const own = begins.filter(({ session }) => session === sessionId);
        return (
          own.some(({ worker }) => replaced.has(worker)) && own.some(({ worker }) => !replaced.has(worker))
        );
      });
      return [
        measured("sessions that moved from an old worker to a new one", moved.length || null),
        expected("old workers that left by themselves, in time", leftInTime, workers),
        expected(
          "most executions of any step",
          Math.max(...specs.map((spec) => mostExecutions(history, spec, []))),
          1,
        ),
        expected(
          "sessions that finished",
          specs.filter(({ sessionId }) => answers(history, sessionId) === 1).length,
          sessions,
        ),
      ];
    });
  },
};
