import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { Edit } from "../engines/edit.ts";
import { UsageError } from "../errors.ts";
import { writeEditedCopy } from "../experiments/selftest/edited-copy.ts";
import { repositoryRoot } from "../repository.ts";
import type { Target } from "../run/target.ts";
import { implementationIn, unlistedTarget } from "../targets/targets.ts";
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

/** A copy of it with one defect, under a name of its own: what a run keeps goes by that. */
function edited(name: string, edit: Edit): Target {
  const copy = join(folder, `copy-${name}`);
  writeEditedCopy(copy, [edit]);
  const implementation = join(copy, "implementations", name);
  renameSync(join(copy, "implementations/redis-bullmq"), implementation);
  return unlistedTarget(implementationIn(implementation), "redis");
}

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
  const target = edited("random-key", {
    file: "implementations/redis-bullmq/idempotency.ts",
    replace: "`${sessionId}|${step}`",
    by: "`${sessionId}|${step}|${Math.random()}`",
  });
  const outcomes = await conform(current.run, target, () => {}, { rules: lifecycleRules });
  const broken = outcomes.filter(({ isKept }) => isKept === false);
  expect(broken.map(({ sentence }) => sentence)).toEqual([expect.stringContaining("idempotency key")]);
  expect(broken[0]?.wrong).toContain(
    "append-activity of record:0 landed 2 times: its second try had another key",
  );
});

test("one whose worker ends by itself breaks rules, and the harness goes on", async () => {
  const target = edited("out-of-order", {
    file: "implementations/redis-bullmq/worker.ts",
    replace: "  await worker.waitUntilReady();",
    by: '  throw new Error("out of order");',
  });
  const outcomes = await conform(current.run, target, () => {}, { rules: lifecycleRules.slice(0, 1) });
  expect(outcomes.map(({ isKept }) => isKept)).toEqual([true, false]);
  expect(outcomes[1]?.wrong.join()).toContain("exited unexpectedly");
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
