import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { edit } from "../engines/edit.ts";
import { UsageError } from "../errors.ts";
import { repositoryRoot } from "../repository.ts";
import { implementationIn, unlistedTarget } from "../targets/targets.ts";
import { type Defect, edited, expectBroken } from "../testing/broken-copies.ts";
import { runForTests } from "../testing/run-for-tests.ts";
import { conform, type RuleOutcome } from "./conform.ts";
import { crashRules } from "./crash-rules.ts";
import { lifecycleRules } from "./lifecycle-rules.ts";
import { missingModules } from "./modules.ts";

const current = runForTests();
const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const implementations = join(repositoryRoot, "implementations");
const shipped = join(implementations, "redis-bullmq");
const onPostgres = join(implementations, "postgres-queue");

test("an implementation that ships with the project keeps every rule", async () => {
  const told: RuleOutcome[] = [];
  const target = unlistedTarget(implementationIn(shipped), "redis");
  const outcomes = await conform(current.run, target, (outcome) => told.push(outcome));
  expect(outcomes.flatMap(({ sentence, wrong }) => wrong.map((each) => `${sentence} ${each}`))).toEqual([]);
  expect(told).toEqual(outcomes);
  expect(outcomes.length).toBeGreaterThan(lifecycleRules.length);
});

test("the one on PostgreSQL takes back a session that it had lost while it stood still", async ({ skip }) => {
  const target = unlistedTarget(implementationIn(onPostgres), "postgres");
  const reason = await target.whyUnavailable();
  skip(reason !== null, reason ?? "");
  const rules = crashRules.filter(({ sentence }) => sentence.includes("stood still"));
  const [, outcome, ...others] = await conform(current.run, target, () => {}, { rules });
  expect(outcome).toMatchObject({ isKept: true, wrong: [] });
  expect(others).toEqual([]);
});

test("one whose keys change with each try breaks the rule of keys, and no other, and is told so", async () => {
  const target = edited(
    folder,
    "random-key",
    edit("idempotency.ts", "`${sessionId}|${step}`", "`${sessionId}|${step}|${Math.random()}`"),
  );
  const outcomes = await conform(current.run, target, () => {}, { rules: lifecycleRules });
  const broken = outcomes.filter(({ isKept }) => isKept === false);
  expect(broken.map(({ sentence }) => sentence)).toEqual([expect.stringContaining("idempotency key")]);
  expect(broken[0]?.wrong).toContain(
    "append-activity of record:0 landed 2 times: its second try had another key",
  );
});

/** What public reports describe, one defect each, and the rule that must be broken by it; those that take longer are nightly. */
const defects: readonly Defect[] = [
  {
    name: "added-anew",
    edits: [
      edit(
        "client.ts",
        "      if (!isDone) await addJob(sessionId, at);",
        "      await queue.remove(`s-${sessionId}`).catch(() => {});\n      if (!isDone) await addJob(sessionId, at + 1);",
      ),
    ],
    breaks: "fails 12 times",
  },
  {
    name: "plain-job-id",
    edits: [edit("client.ts", "jobId: jobIdOf(sessionId),", "jobId: sessionId,")],
    breaks: "may be anything but empty",
  },
  {
    name: "any-spec",
    edits: [
      edit(
        "client.ts",
        "const { sessionId } = sessionSpecSchema.parse(spec);",
        "const { sessionId } = spec;",
      ),
    ],
    breaks: "may be anything but empty",
  },
];

test.each(defects)("a copy with the defect $name breaks the rule that it breaks", (defect) =>
  expectBroken(current.run, folder, defect),
);

test("one whose worker ends by itself breaks rules, and the harness goes on", async () => {
  const target = edited(
    folder,
    "out-of-order",
    edit("worker.ts", "  await worker.waitUntilReady();", '  throw new Error("out of order");'),
  );
  const outcomes = await conform(current.run, target, () => {}, { rules: lifecycleRules.slice(0, 1) });
  expect(outcomes.map(({ isKept }) => isKept)).toEqual([true, false]);
  expect(outcomes[1]?.wrong.join()).toContain("exited unexpectedly");
});

test("one whose worker never gets ready breaks the rule of that, and no other is played", async () => {
  const target = edited(
    folder,
    "never-ready",
    edit("worker.ts", "  await worker.waitUntilReady();", "  await new Promise(() => {});"),
  );
  const outcomes = await conform(current.run, target, () => {}, { readyWithinMs: 4_000 });
  expect(outcomes.map(({ isKept }) => isKept)).toEqual([true, false]);
  expect(outcomes[1]?.wrong.join()).toContain("was not ready within 4 s");
});

test("a folder that holds neither module is no implementation", () => {
  expect(() => implementationIn(folder)).toThrow(UsageError);
  expect(() => implementationIn(join(folder, "nowhere"))).toThrow("there is no such folder");
});

test("what a module lacks is said by name", async () => {
  const half = join(folder, "half");
  mkdirSync(half);
  writeFileSync(join(half, "worker.ts"), "export const startWorkers = () => {};");
  const implementation = `${pathToFileURL(half).href}/`;
  expect(await missingModules(implementation)).toEqual([
    "worker.ts exports no startWorker",
    "there is no client.ts",
  ]);
  writeFileSync(join(half, "worker.ts"), "export const startWorker = 7;");
  writeFileSync(join(half, "client.ts"), 'import "./missing.ts"; export const connectClient = () => {};');
  const [worker, client] = await missingModules(implementation);
  expect(worker).toBe("worker.ts exports a number, not a function, as startWorker");
  expect(client).toMatch(/^client.ts cannot be imported: .*missing.ts/);
});
