import { expect, test } from "vitest";
import { drawPlan, type PlanShape } from "./draw-plan.ts";
import { planSchema } from "./plan-schema.ts";

const shape: PlanShape = {
  sessions: 768,
  arrivalsMs: 70_000,
  workers: 2,
  clients: 2,
  faults: { throw: 40 },
  leaseMs: 1_000,
  retryDelayMs: 200,
};
const calls = (of: PlanShape) =>
  planSchema.parse(drawPlan(7, of)).sessions.flatMap((session) => {
    const [first] = session.calls;
    const { idleTimeoutMs = 0 } = first?.spec ?? {};
    const atMs = first?.start.kind === "at" ? first.start.atMs : 0;
    return session.calls.map(({ start }) => ({ start, idleTimeoutMs, atMs }));
  });

test("some callers come so late in a long wait that a clock which they restart is late for all to see, and before its end", () => {
  const late = calls(shape).flatMap(({ start, idleTimeoutMs }) =>
    start.kind === "in-wait" && idleTimeoutMs >= 6_000 ? [{ ...start, idleTimeoutMs }] : [],
  );
  expect(late.length).toBeGreaterThan(10);
  for (const { delayMs, idleTimeoutMs } of late) {
    expect(delayMs).toBeGreaterThan(4 * shape.leaseMs);
    expect(delayMs).toBeLessThan(idleTimeoutMs);
  }
});

test("some callers come seconds after the end, and none for whom the run would wait alone", () => {
  const late = calls(shape).flatMap(({ start, ...of }) =>
    start.kind === "after-result" && start.delayMs > 3_000
      ? [of.atMs + of.idleTimeoutMs + start.delayMs]
      : [],
  );
  expect(late.length).toBeGreaterThan(5);
  expect(Math.max(...late)).toBeLessThanOrEqual(shape.arrivalsMs);
});

test("some steps fail more often than queues try by default, where that is soon over", () => {
  const times = (of: PlanShape) =>
    drawPlan(7, of).faults.flatMap((fault) => (fault.kind === "throw" ? [fault.times] : []));
  expect(Math.max(...times(shape))).toBe(12);
  expect(Math.max(...times({ ...shape, retryDelayMs: 35_000 }))).toBeLessThanOrEqual(3);
});
