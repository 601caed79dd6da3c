import { expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { refuseFaultsNotTaken } from "../run/target.ts";
import { booksOf, resolveTargets, targetsNamed } from "./targets.ts";

test("a fault that a target cannot take is refused by name", () => {
  const target = { name: "some@elsewhere", faults: ["kill", "pause"] } as const;
  expect(() => refuseFaultsNotTaken([target], [{ kind: "kill" }, { kind: "pause" }])).not.toThrow();
  const refuse = () => refuseFaultsNotTaken([target], [{ kind: "kill" }, { kind: "kill-store" }]);
  expect(refuse).toThrow(UsageError);
  expect(refuse).toThrow('some@elsewhere cannot take the fault "kill-store".');
});

test("a store that was given is neither killed nor cut off", () => {
  const options = {
    redisUrl: "redis://localhost",
    resonateUrl: "http://localhost",
    postgresUrl: "postgres://localhost",
  };
  const names = "redis-bullmq@redis,resonate@server,resonate@postgres";
  for (const own of targetsNamed(names)) expect(own.faults).toContain("kill-store");
  for (const given of targetsNamed(names, options)) {
    expect(given.faults).toContain("kill");
    expect(given.faults).not.toContain("kill-store");
    expect(given.faults).not.toContain("partition");
  }
});

test("an engine by the book stands beside each target that has one on its store", () => {
  const targets = targetsNamed(
    "resonate@server,resonate@postgres,redis-bullmq@redis,postgres-queue@postgres",
  );
  expect(booksOf(targets, {}).map(({ name }) => name)).toEqual([
    "resonate-by-the-book@server",
    "redis-bullmq-by-the-book@redis",
  ]);
});

test("targets are run in the order of a report, official engines first", async () => {
  const { targets, unavailable } = await resolveTargets(
    "redis-bullmq@redis,resonate@embedded,resonate@server",
    {},
  );
  expect(targets.map(({ name }) => name).filter((name) => name !== "resonate@server")).toEqual([
    "resonate@embedded",
    "redis-bullmq@redis",
  ]);
  const first = unavailable.length > 0 ? "resonate@embedded" : "resonate@server";
  expect(targets[0]?.name).toBe(first);
});
