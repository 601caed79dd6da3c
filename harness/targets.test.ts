import { expect, test } from "vitest";
import { UsageError } from "./errors.ts";
import { refuseFaultsNotTaken } from "./targets.ts";

test("a fault that a target cannot take is refused by name", () => {
  const target = { name: "some@elsewhere", faults: ["kill", "pause"] } as const;
  expect(() => refuseFaultsNotTaken([target], [{ kind: "kill" }, { kind: "pause" }])).not.toThrow();
  const refuse = () => refuseFaultsNotTaken([target], [{ kind: "kill" }, { kind: "kill-store" }]);
  expect(refuse).toThrow(UsageError);
  expect(refuse).toThrow('some@elsewhere cannot take the fault "kill-store".');
});
