/** Defects of which it takes some time to see that they break a rule; beside those of `conform.e2e.test.ts`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import { edit } from "../engines/edit.ts";
import { type Defect, expectBroken, reportedDefects } from "../testing/broken-copies.ts";
import { runForTests } from "../testing/run-for-tests.ts";

const current = runForTests();
const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const defects: readonly Defect[] = [
  {
    name: "missed-result",
    edits: [
      edit(
        "client.ts",
        "for (const resolve of waiting.get(channel) ?? []) resolve(JSON.parse(message));",
        "if (message === channel) waiting.delete(channel);",
      ),
    ],
    breaks: "within 2 leases of its end",
  },
  {
    name: "short-memory",
    edits: reportedDefects["short-memory"],
    breaks: "an id that has ended",
  },
  {
    name: "delay-changed",
    edits: reportedDefects["delay-changed"],
    breaks: "while its session idles",
  },
  {
    name: "never-subscribes-again",
    edits: [
      edit(
        "client.ts",
        "const subscriber = new Redis(connection);",
        "const subscriber = new Redis({ ...connection, autoResubscribe: false });",
      ),
      edit("client.ts", "const pollIntervalMs = 10_000;", "const pollIntervalMs = 2 ** 31 - 1;"),
    ],
    breaks: "dies and comes back",
  },
  {
    name: "never-connects-again",
    edits: [edit("connection.ts", "retryStrategy: () => 200,", "retryStrategy: () => null,")],
    breaks: "dies and comes back",
  },
  {
    name: "ten-attempts",
    edits: reportedDefects["ten-attempts"],
    breaks: "fails 12 times",
  },
  {
    name: "growing-delay",
    edits: reportedDefects["growing-delay"],
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
