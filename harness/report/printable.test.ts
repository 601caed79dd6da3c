import { expect, test } from "vitest";
import { oddIds } from "../plan/session-ids.ts";
import { printable, readableId } from "./printable.ts";

test("an id is shown whole, unless it is long: then by its beginning, its end and its length", () => {
  expect(readableId("session-00017")).toBe("session-00017");
  const long = readableId(oddIds.long(17));
  expect(long).toMatch(/^l{40}…l{38}17 \(1,900 characters\)$/);
  expect(readableId("🙂".repeat(81))).toBe(`${"🙂".repeat(40)}…${"🙂".repeat(40)} (81 characters)`);
});

test.each(Object.entries(oddIds))("an id of %s stands on one line", (_, idAt) => {
  expect(printable(readableId(idAt(17)))).not.toMatch(/[\n\r\u2028\t]/);
});
