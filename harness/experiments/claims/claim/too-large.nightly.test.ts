import { expect, test } from "vitest";
import { edit } from "../../../engines/edit.ts";
import { editedTarget } from "../../../engines/edited-copy.ts";
import { targetsNamed } from "../../../targets/targets.ts";
import { refutingFigures } from "../../../testing/play-claim.ts";
import { runForTests } from "../../../testing/run-for-tests.ts";

const current = runForTests();

test.each(targetsNamed("resonate@embedded"))(
  "on $name what is too large fails for all to see; a client that asks for ever is found",
  async (target) => {
    const { run } = current;
    const deaf = editedTarget(run, target, "deaf-to-refusals", {
      edits: [edit("client.ts", "(400|401|403|413)", "(400|401|403)")],
    });
    expect(await refutingFigures(run, target, "too-large")).toEqual([]);
    expect(await refutingFigures(run, deaf, "too-large", 1)).toEqual([
      "refusals and lines of log that say so, of that activity",
    ]);
  },
);
