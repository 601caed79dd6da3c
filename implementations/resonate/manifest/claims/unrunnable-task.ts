import { setTimeout as delay } from "node:timers/promises";
import { answers } from "../../../../harness/history/observe.ts";
import { terminate } from "../../../../harness/processes/terminate.ts";
import { plainSpec } from "../../../../harness/run/sample-session.ts";
import { type Claim, expected, measured } from "../../../../harness/scenarios/claim.ts";
import type { InProcessStart } from "./in-process-main.ts";

const inProcess = new URL("./in-process-main.ts", import.meta.url).href;
const watchedMs = 1_000;
/** A worker that asked again after each retry delay would come to fewer. */
const fewRequests = 20;

export const unrunnableTask: Claim = {
  id: "unrunnable-task",
  sentence:
    "A session whose function no worker of its group has registered waits, and costs the store next to nothing.",
  provocation: `A process joins the group without the function; a session is started, and the store's requests are counted for ${watchedMs / 1000} s. Then a worker comes that has it.`,
  meaning:
    "SDK 0.11.5 acquires such a task, fails, releases it, and is sent it again at once, as often as the two can speak. A deploy that forgets a function or a version keeps the store busy with every session that needs it; none is lost. Register the old versions beside the new ones.",
  play: async ({ openEnvironment, openCase, whenFree }) =>
    whenFree(async () => {
      const environment = await openEnvironment("unrunnable-task");
      const testCase = openCase("unrunnable", environment);
      const client = environment.spawnClient("client", testCase.group);
      await client.firstMessage();
      const spec = plainSpec("unrunnable");
      await testCase.register(spec.sessionId, "naive");
      const given = { spec: null, hasStore: true, registers: false } satisfies InProcessStart;
      const without = await testCase.start((worker) =>
        environment.spawnProgram(inProcess, worker, testCase.group, given),
      );
      testCase.call(client, spec);
      await testCase.entry((entry): entry is typeof entry => entry.kind === "started");
      const countOf = async (kind: string) => (await environment.store.traffic()).requests?.[kind] ?? null;
      const before = await countOf("task.acquire");
      await delay(watchedMs);
      const after = await countOf("task.acquire");
      await testCase.startWorker();
      await testCase.end(without);
      await testCase.answered(spec.sessionId);
      const history = await testCase.close();
      await terminate(client);
      await environment.close();
      return [
        expected(
          `times that the task was acquired within ${watchedMs / 1000} s`,
          before === null || after === null ? null : after - before,
          [0, fewRequests],
        ),
        measured(
          "callers who got the result once a worker had the function",
          answers(history, spec.sessionId),
        ),
      ];
    }),
};
