import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { drawPlan } from "./draw-plan.ts";
import { readPlan } from "./plan-file.ts";

const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const plan = drawPlan(7, {
  sessions: 3,
  arrivalsMs: 1_000,
  workers: 2,
  clients: 2,
  faults: { kill: 1 },
  leaseMs: 1_000,
  retryDelayMs: 200,
});
const file = join(folder, "plan.json");
const reading = (written: unknown) => {
  writeFileSync(file, JSON.stringify(written));
  try {
    return readPlan(file);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error;
  }
};

test("a plan is read as it was written", () => {
  expect(reading(plan)).toEqual(plan);
});

test.each([
  ["a fault without a name", { faults: [{ ...plan.faults[0], id: "" }] }, "faults.0.id: "],
  [
    "half a surrogate pair in an id",
    { sessions: plan.sessions.map((each) => ({ ...each, calls: [withId(each.calls[0], "half\ud83d")] })) },
    "sessions.0.calls.0.spec.sessionId: half a surrogate pair is no text",
  ],
  [
    "a store that dies as it comes back",
    {
      faults: [0, 500].map((atMs) => ({ kind: "kill-store", id: `at-${atMs}`, atMs, restartAfterMs: 500 })),
    },
    "(at-500 (kill-store) comes while at-0 (kill-store) lasts)",
  ],
  ["a lease that nobody can renew in", { leaseMs: 1 }, "leaseMs: "],
] as const)("%s is refused by its place, and may be mended there", (_, edited, place) => {
  expect(reading({ ...plan, ...edited })).toMatchObject({
    causeLine: expect.stringContaining(place),
    fixLine: expect.stringContaining("Change that in the file"),
  });
});

test("a plan of another version, and what is no plan, are told apart from one that was edited", () => {
  const fixLine = expect.stringContaining("the commit that drew it");
  const ofVersion = { causeLine: expect.stringContaining("a plan of version 0, and not of 1"), fixLine };
  expect(reading({ ...plan, schemaVersion: 0 })).toMatchObject(ofVersion);
  expect(reading([])).toMatchObject({ causeLine: expect.stringContaining("is no plan"), fixLine });
});

function withId(call: (typeof plan)["sessions"][number]["calls"][number] | undefined, sessionId: string) {
  return { ...call, spec: { ...call?.spec, sessionId } };
}
