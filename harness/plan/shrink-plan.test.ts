import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawPlan } from "./draw-plan.ts";
import { type Plan, planSchema } from "./plan-schema.ts";
import { around, shrinkPlan } from "./shrink-plan.ts";

const shape = {
  sessions: 60,
  arrivalsMs: 30_000,
  workers: 2,
  clients: 2,
  leaseMs: 1000,
  retryDelayMs: 200,
  faults: { kill: 6, pause: 2, throw: 3, race: 2 },
};
const plans = fc.integer({ min: 0, max: 10_000 }).map((seed) => drawPlan(seed, shape));

/** Fails as long as it holds all of these sessions and faults. */
function failsWith(sessions: readonly string[], faults: readonly string[]) {
  const tried: Plan[] = [];
  const fails = async (plan: Plan) => {
    tried.push(plan);
    const ids = new Set([
      ...plan.sessions.map(({ sessionId }) => sessionId),
      ...plan.faults.map(({ id }) => id),
    ]);
    return [...sessions, ...faults].every((id) => ids.has(id));
  };
  return { tried, fails };
}

describe("shrinkPlan", () => {
  it("leaves out what it can where the failure was seen on no session of the plan", async () => {
    const plan = drawPlan(1, shape);
    const needed = plan.faults.slice(1, 2).map(({ id }) => id);
    const { fails } = failsWith([], needed);
    const smallest = await shrinkPlan(plan, { sessionId: "w0#1", fails, mayGoOn: () => true });
    expect(smallest?.faults.map(({ id }) => id)).toEqual(needed);
    const { fails: never } = failsWith(["another"], []);
    expect(await shrinkPlan(plan, { sessionId: "w0#1", fails: never, mayGoOn: () => true })).toBeNull();
  });

  it("ends at just what the failure takes, by plans that are whole", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat({ max: 59 }), async (plan, index) => {
        const focus = plan.sessions[index]?.sessionId ?? "";
        const near = around(plan, focus, 2_000);
        const needed = near.faults.slice(0, 1).map(({ id }) => id);
        const other = near.sessions.find(({ sessionId }) => sessionId !== focus)?.sessionId ?? focus;
        const { tried, fails } = failsWith([focus, other], needed);
        const smallest = await shrinkPlan(plan, { sessionId: focus, fails, mayGoOn: () => true });
        for (const candidate of tried) expect(planSchema.safeParse(candidate).error).toBeUndefined();
        const armed =
          near.faults[0] !== undefined && "session" in near.faults[0] ? [near.faults[0].session] : [];
        expect(new Set(smallest?.sessions.map(({ sessionId }) => sessionId))).toEqual(
          new Set([focus, other, ...armed]),
        );
        expect(smallest?.faults.map(({ id }) => id)).toEqual(needed);
      }),
      { numRuns: 30 },
    );
  });

  it("plays nothing more once its time is over, and keeps what it has", async () => {
    const plan = drawPlan(7, shape);
    const focus = plan.sessions[20]?.sessionId ?? "";
    const { tried, fails } = failsWith([focus], []);
    const smallest = await shrinkPlan(plan, { sessionId: focus, fails, mayGoOn: () => tried.length < 1 });
    expect(tried).toHaveLength(1);
    expect(smallest).toEqual(tried[0]);
  });

  it("has nothing to offer where the failure does not come back", async () => {
    const plan = drawPlan(7, shape);
    const focus = plan.sessions[20]?.sessionId ?? "";
    expect(
      await shrinkPlan(plan, { sessionId: focus, fails: async () => false, mayGoOn: () => true }),
    ).toBeNull();
  });
});

describe("around", () => {
  it("keeps what happens at the time of a session, in its order, and begins with it soon", () => {
    const plan = drawPlan(3, shape);
    const focus = plan.sessions[30];
    const cut = around(plan, focus?.sessionId ?? "", 2_000);
    expect(cut.sessions.length).toBeLessThan(plan.sessions.length);
    const at = ({ sessions }: Plan) =>
      sessions.flatMap(({ calls }) =>
        calls.flatMap(({ start }) => (start.kind === "at" ? [start.atMs] : [])),
      );
    expect(Math.min(...at(cut))).toBeLessThan(3_000);
    const ids = cut.sessions.map(({ sessionId }) => sessionId);
    expect(plan.sessions.map(({ sessionId }) => sessionId).filter((id) => ids.includes(id))).toEqual(ids);
  });
});
