import pLimit from "p-limit";
import { expect, test } from "vitest";
import { targets } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { declaredOn } from "./declared.ts";
import { claimsNamed } from "./list.ts";
import { playClaims } from "./play.ts";

const current = runForTests();

const settings = { leaseMs: 1000, retryDelayMs: 200 };

test.each(targets)("claims on $name are provoked, and turn out as declared", async (target) => {
  const ids = ["throw-retries-one", "racing-starts", "embedded-default", "replay-cost"];
  const claims = claimsNamed(ids);
  const rows = await playClaims(current.run, target, { ...settings, claims: ids }, pLimit(4), () => {});
  expect(rows.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  const concerned = claims.filter((claim) => declaredOn(claim, target) !== undefined);
  expect(rows.map(({ id }) => id)).toEqual(concerned.map(({ id }) => id));
  const retried = rows.find(({ id }) => id === "throw-retries-one")?.evidence ?? [];
  const quotes = retried.flatMap((each) => (each.kind === "quote" ? [each.text] : []));
  // Where the machine stalls for a lease, the job is put back as stalled.
  const retry = expect.stringMatching(/retrying in|^event (delayed|stalled)/);
  expect(quotes).toEqual([retry, retry]);
});
