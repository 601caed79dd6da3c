import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { phases } from "../../report/phase.ts";
import { repositoryRoot } from "../../repository.ts";
import { lifecycleSource } from "./lifecycle-source.ts";

async function read(implementation: string) {
  const file = `implementations/${implementation}/lifecycle.ts`;
  return lifecycleSource(implementation, file, await readFile(join(repositoryRoot, file), "utf8"));
}

test.each(["resonate", "redis-bullmq"])(
  "every step is found in the lifecycle of %s, and no import is one",
  async (name) => {
    const { lines } = await read(name);
    expect(phases.filter((phase) => lines.some((line) => line.phase === phase))).toEqual(phases);
    expect(lines.filter(({ text, phase }) => text.startsWith("import") && phase !== null)).toEqual([]);
  },
);

test("a statement is about the step that it calls, and a case about the step that it names", () => {
  const text = [
    'import { login, expire } from "./operations.ts";',
    "async function run(row) {",
    "  const now = Date.now();",
    "  switch (row.step) {",
    '    case "login": {',
    "      await login(row);",
    '      await advance("expire");',
    "      break;",
    "    }",
    '    case "expire": {',
    "      await waitUntil(row.expireAt);",
    "      await expire(row);",
    "      break;",
    "    }",
    "    default: {",
    "      await recordActivity(row);",
    "    }",
    "  }",
    "}",
  ].join("\n");
  const { lines } = lifecycleSource("example", "example.ts", text);
  expect(lines.map(({ phase }) => phase)).toEqual([
    ...[null, null, null, null],
    ...["login", "login", "login", "login", "login"],
    ...["expire", "wait", "expire", "expire", "expire"],
    ...["record", "record", "record"],
    ...[null, null],
  ]);
});
