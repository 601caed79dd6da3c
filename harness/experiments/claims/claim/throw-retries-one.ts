import type { EngineWords } from "../../../engines/engine.ts";
import { executionsOf, ifProvoked, landingsOf, mostExecutions } from "../../../history/observe.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";
import { engineOf } from "../../../targets/targets.ts";

const failures = 3;
const step = "record:1";

export const throwRetriesOne: Claim = {
  id: "throw-retries-one",
  sentence:
    "A step whose call fails is retried alone, by the engine; the steps before it are not executed again.",
  provocation: `The call of the second activity fails ${failures} times, before its effect in one session and after it in another; neither uses keys.`,
  meaning:
    "A failure after the effect repeats the effect: a retry is at least once, and only a key that the called service honours makes it once.",
  play: async (context) =>
    (
      await Promise.all(
        (["before", "after"] as const).map((when) => context.whenFree(() => fail(context, when))),
      )
    ).flat(),
};

async function fail(
  { environment, client, openCase }: ScenarioContext,
  when: "before" | "after",
): Promise<readonly Evidence[]> {
  const spec = plainSpec(`throw-${when}`, { idleTimeoutMs: 2_000 }); // long enough to be waited for, even on a machine that stalls
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "naive");
  await environment.witness.arm(sessionId, step, { kind: "throw", when }, failures);
  testCase.call(client, spec);
  const worker = await testCase.startWorker();
  await testCase.answered(sessionId);
  const retries = (await engineOf(environment.target).retries?.(testCase, worker, sessionId)) ?? null;
  const history = await testCase.close();

  const executions = executionsOf(history, sessionId, step);
  const ordered = executions.filter(({ order }) => order?.kind === "throw").length;
  const pauses = executions.slice(1).map((execution, index) => execution.at - (executions[index]?.at ?? 0));
  const where = `a failure ${when} the effect`;
  return [
    measured(`failures ${when} the effect`, ifProvoked(ordered, failures)),
    expected(`executions of ${step}, with ${where}`, executions.length, failures + 1),
    expected(`most executions of any other step, with ${where}`, mostExecutions(history, spec, [step]), 1),
    measured(
      `landings of the activity, with ${where} and no key`,
      landingsOf(history, sessionId, "append-activity", step).length,
    ),
    measured(`shortest time from one execution to the next, with ${where}`, Math.min(...pauses), "ms"),
    ...inEnginesWords(retries, where),
  ];
}

/** The engine's own account: one line or event for each retry; nothing where nobody knows where it keeps one. */
function inEnginesWords(retries: EngineWords | null, where: string): readonly Evidence[] {
  if (retries === null) return [];
  const { source, texts } = retries;
  const [text] = texts;
  return [
    expected(`retries that the engine speaks of, with ${where}`, texts.length, failures),
    ...(text === undefined ? [] : [{ kind: "quote", source, text } as const]),
  ];
}
