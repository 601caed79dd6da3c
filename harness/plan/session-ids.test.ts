import { describe, expect, it } from "vitest";
import { sessionSpecSchema } from "../../implementations/session/spec.ts";
import { drawPlan } from "./draw-plan.ts";
import { oddIds, sessionIdAt } from "./session-ids.ts";

const ids = Array.from({ length: 2_000 }, (_, index) => sessionIdAt(index));
const odd = ids.filter((id) => !id.startsWith("session-"));

describe("the ids of sessions", () => {
  it("are unique, and legal", () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const sessionId of ids)
      sessionSpecSchema.parse({ sessionId, userId: "u", activities: [], idleTimeoutMs: 0 });
  });

  it("are odd once in seven, of each kind before any comes twice, in both modes", () => {
    expect(odd.length / ids.length).toBeCloseTo(1 / 7, 2);
    const first = odd.slice(0, Object.keys(oddIds).length).map((id) => id.replaceAll(/\d+/g, "#"));
    expect(new Set(first).size).toBe(first.length);
    const shape = {
      sessions: 240,
      arrivalsMs: 1,
      workers: 1,
      clients: 1,
      faults: {},
      leaseMs: 1_000,
      retryDelayMs: 1,
    };
    const { sessions } = drawPlan(1, shape);
    const modes = sessions.filter(({ sessionId }) => odd.includes(sessionId)).map(({ mode }) => mode);
    expect(Object.keys(Object.groupBy(modes, (mode) => mode)).toSorted()).toEqual(["idempotent", "naive"]);
  });

  it("hold two that only normalizing would take for one, digits alone, and 1,900 bytes", () => {
    const normalized = Map.groupBy(odd, (id) => id.normalize());
    expect([...normalized.values()].some((same) => same.length === 2)).toBe(true);
    expect(odd.some((id) => /^\d+$/.test(id))).toBe(true);
    expect(Math.max(...odd.map((id) => Buffer.byteLength(id)))).toBe(1_900);
  });
});
