import { expect, test } from "vitest";
import { edit } from "../../../engines/edit.ts";
import { editedTarget } from "../../../engines/edited-copy.ts";
import { targetsNamed } from "../../../targets/targets.ts";
import { refutingFigures } from "../../../testing/play-claim.ts";
import { runForTests } from "../../../testing/run-for-tests.ts";

const current = runForTests();

test.each(targetsNamed("resonate@embedded"))(
  "on $name a session that is stuck is tried a few times per second; a release that does not wait is found",
  async (target) => {
    const { run } = current;
    const hasty = editedTarget(run, target, "hasty-release", {
      edits: [
        edit(
          "draining-network.ts",
          'if (request.kind === "task.release") await delay(this.retryDelayMs);',
          "",
        ),
      ],
    });
    expect(await refutingFigures(run, target, "no-hot-loop")).toEqual([]);
    expect(await refutingFigures(run, hasty, "no-hot-loop", 1)).toEqual([
      "requests per second, with a result that cannot be encoded",
      "lines of its log per second, with a result that cannot be encoded",
      "requests per second, with a function that is not registered",
      "lines of its log per second, with a function that is not registered",
    ]);
  },
);
