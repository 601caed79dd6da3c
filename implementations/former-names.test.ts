import { expect, test } from "vitest";
import { currentName, withCurrentNames } from "./former-names.ts";
import { engines } from "./index.ts";

test("what was published under a former name is read under the one of today, which exists", () => {
  expect(engines.has(currentName("postgres-outbox"))).toBe(true);
  expect(currentName("postgres-outbox@postgres")).toBe("postgres-queue@postgres");
  const variants = [...engines.values()].flatMap(({ variants = [] }) => variants.map(({ name }) => name));
  expect(variants).toContain(currentName("outbox-no-fence"));
  expect(currentName("an outbox-pattern")).toBe("an outbox-pattern");
});

test("keys and values of results are read so, and nothing else is changed", () => {
  const kept = {
    "store of postgres-outbox@postgres": "PostgreSQL 18.4",
    rows: [{ target: "postgres-outbox@postgres", n: 1 }, null],
  };
  expect(withCurrentNames(kept)).toEqual({
    "store of postgres-queue@postgres": "PostgreSQL 18.4",
    rows: [{ target: "postgres-queue@postgres", n: 1 }, null],
  });
});
