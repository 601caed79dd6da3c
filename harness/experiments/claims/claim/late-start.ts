import { setTimeout as delay } from "node:timers/promises";
import { answers, differentAnswers } from "../../../history/observe.ts";
import { terminate } from "../../../processes/terminate.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { type Claim, expected, measured } from "../../../scenarios/claim.ts";

export const lateStart: Claim = {
  id: "late-start",
  sentence: "A start after completion returns the first result and runs nothing.",
  provocation:
    "When a session has ended and its caller has the result, another process starts its id twice, with equal and with different arguments. No keys.",
  meaning: "The end of a session must be remembered for as long as callers may come back.",
  async play({ environment, client, openCase, leaseMs, whenFree }) {
    const sessionId = "late";
    return whenFree(async () => {
      const testCase = openCase(sessionId);
      await testCase.register(sessionId, "naive");
      testCase.call(client, plainSpec(sessionId));
      await testCase.startWorker();
      const first = await testCase.answered(sessionId);
      const other = environment.spawnClient("late-client", testCase.group);
      await other.firstMessage();
      for (const flavour of ["plain", "different"]) {
        testCase.call(other, plainSpec(sessionId, { flavour }), flavour);
        await testCase.answered(sessionId, flavour);
      }
      await delay(2 * leaseMs); // whatever the late starts set off would show
      await terminate(other);
      const history = await testCase.close();

      const begins = history.sessions.get(sessionId)?.begins ?? [];
      return [
        measured(
          "executions up to the first result",
          begins.filter(({ at }) => first !== null && at <= first.at).length || null,
        ),
        expected(
          "executions after the first result",
          begins.filter(({ at }) => first !== null && at > first.at).length,
          0,
        ),
        expected("callers who got a result", answers(history, sessionId), 3),
        expected("different results", differentAnswers(history, sessionId), 1),
      ];
    });
  },
};
