import { expect, test } from "vitest";
import { edit } from "../../../engines/edit.ts";
import { editedTarget } from "../../../engines/edited-copy.ts";
import { targetsNamed } from "../../../targets/targets.ts";
import { refutingFigures } from "../../../testing/play-claim.ts";
import { runForTests } from "../../../testing/run-for-tests.ts";

const current = runForTests();

test.each(targetsNamed("redis-bullmq@redis"))(
  "on $name a session that nobody can finish keeps neither the others nor a deploy; a drain without a bound is found",
  async (target) => {
    const { run } = current;
    const boundless = editedTarget(run, target, "boundless-drain", {
      edits: [
        edit(
          "worker.ts",
          "await Promise.race([worker.close(), delay(longestStopMs)]);",
          "await worker.close();",
        ),
      ],
    });
    const [correct, broken] = await Promise.all([
      refutingFigures(run, target, "poison-session"),
      refutingFigures(run, boundless, "poison-session", 1),
    ]);
    expect(correct).toEqual([]);
    expect(broken).toEqual(["from SIGTERM to the worker's end, beside a step that never returns"]);
  },
);
