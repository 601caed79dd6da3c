import { deaths, executionsOf, ifProvoked, landingsOf } from "../../../history/observe.ts";
import type { SessionMode } from "../../../plan/plan-schema.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";

const step = "record:1";

export const crashAfterEffect: Claim = {
  id: "crash-after-effect",
  sentence:
    "A crash between an effect and its checkpoint executes the step again; how often the effect lands is up to the service.",
  provocation:
    "The worker dies when the second activity has landed and its checkpoint is not written, once with keys and once without.",
  meaning:
    "Nobody's guarantee: no engine can make a side effect on someone else's system exactly-once. Pass an idempotency key that a retry does not change, and let the service honour it.",
  play: async (context) =>
    (
      await Promise.all(
        (["idempotent", "naive"] as const).map((mode) => context.whenFree(() => crash(context, mode))),
      )
    ).flat(),
};

async function crash(
  { environment, client, openCase }: ScenarioContext,
  mode: SessionMode,
): Promise<readonly Evidence[]> {
  const spec = plainSpec(`after-effect-${mode}`);
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, mode);
  await environment.witness.arm(sessionId, step, { kind: "crash", when: "after", effect: "append-activity" });
  testCase.call(client, spec);
  await testCase.diesAt(`${step}/after`, await testCase.startWorker());
  await testCase.startWorker();
  await testCase.answered(sessionId);
  const history = await testCase.close();
  const landings = landingsOf(history, sessionId, "append-activity", step).length;
  return [
    measured(`crashes, ${mode}`, ifProvoked(deaths(history), 1)),
    measured(`executions of ${step}, ${mode}`, executionsOf(history, sessionId, step).length),
    mode === "naive" ? measured("landings, naive", landings) : expected("landings, idempotent", landings, 1),
  ];
}
