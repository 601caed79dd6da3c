import { isRecordStep, recordIndex, recordStep } from "../../../../implementations/session/steps.ts";
import { deaths, executionsOf, ifProvoked, landingsOf } from "../../../history/observe.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { type Claim, expected, measured } from "../../../scenarios/claim.ts";

const crashedBefore = 2;

export const crashBetweenSteps: Claim = {
  id: "crash-between-steps",
  sentence:
    "After a crash between two activities the lifecycle resumes at the first one that was not recorded.",
  provocation: `The worker dies after the checkpoint of activity ${crashedBefore - 1}, when activity ${crashedBefore} has begun and not landed; another one takes over. No keys.`,
  meaning: "What has a checkpoint is answered from it.",
  async play({ environment, client, openCase, whenFree }) {
    const spec = plainSpec("between-steps", { activities: 4 });
    const { sessionId } = spec;
    return whenFree(async () => {
      const testCase = openCase(sessionId);
      await testCase.register(sessionId, "naive");
      const step = recordStep(crashedBefore);
      await environment.witness.arm(sessionId, step, {
        kind: "crash",
        when: "before",
        effect: "append-activity",
      });
      testCase.call(client, spec);
      await testCase.diesAt(`${step}/before`, await testCase.startWorker());
      const { worker } = await testCase.startWorker();
      await testCase.answered(sessionId);
      const history = await testCase.close();

      const first = history.sessions.get(sessionId)?.begins.find((begin) => begin.worker === worker);
      const recorded = [...spec.activities.keys()].slice(0, crashedBefore);
      const again = recorded.filter(
        (index) => executionsOf(history, sessionId, recordStep(index)).length > 1,
      );
      return [
        measured("workers that died there", ifProvoked(deaths(history), 1)),
        expected(
          "index of the activity that the next worker began with",
          first !== undefined && isRecordStep(first.step) ? recordIndex(first.step) : -1,
          crashedBefore,
        ),
        expected("recorded activities that were executed again", again.length, 0),
        expected(
          "landings of all activities",
          landingsOf(history, sessionId, "append-activity").length,
          spec.activities.length,
        ),
      ];
    });
  },
};
