import { setTimeout as delay } from "node:timers/promises";
import { answers } from "../../../../harness/history/observe.ts";
import { terminate } from "../../../../harness/processes/terminate.ts";
import { plainSpec } from "../../../../harness/run/sample-session.ts";
import { type Claim, expected, measured } from "../../../../harness/scenarios/claim.ts";
import type { InProcessStart } from "./in-process-main.ts";

const inProcess = new URL("./in-process-main.ts", import.meta.url).href;
const watchedMs = 2_000;
/** A worker that tried again after each retry delay, which is 200 ms, would come to fewer. */
const fewRequests = 20;
const lookMs = 50;
const mostLooks = 200;

export const unrunnableTask: Claim = {
  id: "unrunnable-task",
  sentence:
    "A session whose function no worker of its group has registered waits, and costs the store next to nothing.",
  provocation: `A process joins the group without the function; a session is started, and from the first time that the task is acquired on, its acquisitions are counted for ${watchedMs / 1000} s. Then a worker comes that has it.`,
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
      const acquires = async () => (await environment.store.traffic()).requests?.["task.acquire"] ?? 0;
      let before = 0;
      for (let looks = 0; before === 0 && looks < mostLooks; looks++) {
        await delay(lookMs);
        before = await acquires();
      }
      await delay(watchedMs);
      const after = await acquires();
      await testCase.startWorker();
      await testCase.end(without);
      await testCase.answered(spec.sessionId);
      const history = await testCase.close();
      await terminate(client);
      await environment.close();
      return [
        expected(
          `times that the task was acquired within ${watchedMs / 1000} s`,
          before === 0 ? null : after - before,
          [0, fewRequests],
        ),
        measured(
          "callers who got the result once a worker had the function",
          answers(history, spec.sessionId),
        ),
      ];
    }),
};
