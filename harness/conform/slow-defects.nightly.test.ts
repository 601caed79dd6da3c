/** Defects of which it takes some time to see that they break a rule; beside those of `conform.e2e.test.ts`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import { type Defect, expectBroken } from "../testing/broken-copies.ts";
import { runForTests } from "../testing/run-for-tests.ts";

const current = runForTests();
const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const defects: readonly Defect[] = [
  {
    name: "ten-attempts",
    file: "implementations/redis-bullmq/client.ts",
    replace: "attempts: Number.MAX_SAFE_INTEGER,",
    by: "attempts: 10,",
    breaks: "fails 12 times",
  },
  {
    name: "growing-delay",
    file: "implementations/redis-bullmq/client.ts",
    replace: 'type: "fixed",',
    by: 'type: "exponential",',
    breaks: "fails 12 times",
  },
];

test.each(defects)("a copy with the defect $name breaks the rule that it breaks", (defect) =>
  expectBroken(current.run, folder, defect),
);
