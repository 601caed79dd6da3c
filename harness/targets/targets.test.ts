import { expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { refuseFaultsNotTaken } from "../run/target.ts";
import { targetsNamed } from "./targets.ts";

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
