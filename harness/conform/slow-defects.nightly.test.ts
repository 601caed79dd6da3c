/** Defects of which it takes some time to see that they break a rule; beside those of `conform.e2e.test.ts`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import { edit } from "../engines/edit.ts";
import { type Defect, expectBroken } from "../testing/broken-copies.ts";
import { runForTests } from "../testing/run-for-tests.ts";

const current = runForTests();
const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const defects: readonly Defect[] = [
  {
    name: "ten-attempts",
    edits: [edit("client.ts", "attempts: Number.MAX_SAFE_INTEGER,", "attempts: 10,")],
    breaks: "fails 12 times",
  },
  {
    name: "growing-delay",
    edits: [edit("client.ts", 'type: "fixed",', 'type: "exponential",')],
    breaks: "fails 12 times",
  },
  {
    name: "long-delay",
    edits: [edit("client.ts", "delay: retryDelayMs }", "delay: 12 * retryDelayMs }")],
    breaks: "fails 12 times",
  },
];

test.each(defects)("a copy with the defect $name breaks the rule that it breaks", (defect) =>
  expectBroken(current.run, folder, defect),
);
