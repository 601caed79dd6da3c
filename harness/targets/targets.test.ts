import { expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { planFor, refuseToPlayNoFault } from "../run/target.ts";
import { booksOf, resolveTargets, targetsNamed } from "./targets.ts";

test("a target that can take none of the faults is refused by name, and one that can take some plays those", () => {
  const [target] = targetsNamed("redis-bullmq@redis", { redisUrl: "redis://localhost" });
  if (target === undefined) throw new Error("the target is not listed");
  expect(() => refuseToPlayNoFault([target], ["kill", "kill-store"])).not.toThrow();
  const refuse = () => refuseToPlayNoFault([target], ["kill-store"]);
  expect(refuse).toThrow(UsageError);
  expect(refuse).toThrow(
    'redis-bullmq@redis cannot take the fault "kill-store": the run did not start its store.',
  );
  const kill = { kind: "kill", id: "a", atMs: 0, slot: 0, restartAfterMs: 0 } as const;
  const killStore = { kind: "kill-store", id: "b", atMs: 0, restartAfterMs: 0 } as const;
  expect(planFor(target, { faults: [kill, killStore] })).toEqual({ faults: [kill] });
});

test("a store that was given is neither killed nor cut off", () => {
  const options = {
    redisUrl: "redis://localhost",
    resonateUrl: "http://localhost",
    postgresUrl: "postgres://localhost",
  };
  const names = "redis-bullmq@redis,resonate@server,resonate@postgres,postgres-queue@postgres";
  for (const own of targetsNamed(names)) expect(own.faults).toContain("kill-store");
  for (const given of targetsNamed(names, options)) {
    expect(given.faults).toContain("kill");
    expect(given.faults).not.toContain("kill-store");
    expect(given.faults).not.toContain("partition");
  }
});

test("a store that an engine brings is given by its target's name, and by no other", () => {
  const name = "restate@server";
  const at = (storeUrl: string) => targetsNamed(name, { storeUrl })[0];
  expect(at(`${name}=http://localhost:8080`)?.external).toEqual({ url: "http://localhost:8080", secret: "" });
  expect(at("")?.external).toBeNull();
  expect(() => at("redis-bullmq@redis=redis://localhost")).toThrow(UsageError);
  expect(() => at(`${name}=redis://localhost`)).toThrow("not a URL of a store of that kind");
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
