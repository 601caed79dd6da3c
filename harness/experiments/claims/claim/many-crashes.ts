import { answers, deaths, executionsOf, landingsOf } from "../../../history/observe.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { type Claim, expected } from "../../../scenarios/claim.ts";

const step = "record:1";
const crashes = 10;

export const manyCrashes: Claim = {
  id: "many-crashes",
  sentence: "A session that crashes ten times in a row still finishes.",
  provocation: `${crashes} workers, one after another, die when the second activity has landed and its checkpoint is not written. With keys.`,
  meaning: "No counter may give up on it.",
  async play({ environment, client, openCase, whenFree }) {
    const spec = plainSpec("many-crashes");
    const { sessionId } = spec;
    return whenFree(async () => {
      const testCase = openCase(sessionId);
      await testCase.register(sessionId, "idempotent");
      await environment.witness.arm(
        sessionId,
        step,
        { kind: "crash", when: "after", effect: "append-activity" },
        crashes,
      );
      testCase.call(client, spec);
      for (let life = 0; life < crashes; life++) {
        if (!(await testCase.diesAt(`${step}/after`, await testCase.startWorker()))) break;
      }
      await testCase.startWorker();
      await testCase.answered(sessionId);
      const history = await testCase.close();
      return [
        expected("crashes", deaths(history) || null, crashes),
        expected("callers who got the result", answers(history, sessionId), 1),
        expected("executions of the step", executionsOf(history, sessionId, step).length, crashes + 1),
        expected(
          "landings of the activity",
          landingsOf(history, sessionId, "append-activity", step).length,
          1,
        ),
      ];
    });
  },
};
