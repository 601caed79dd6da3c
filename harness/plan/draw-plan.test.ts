import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { endOf, isTimed, type PlannedFault, plannedFaultKinds } from "../faults/kinds/faults.ts";
import { drawPlan, type PlanShape } from "./draw-plan.ts";
import { type PlannedCall, planSchema } from "./plan-schema.ts";

const shape: PlanShape = {
  sessions: 300,
  arrivalsMs: 30_000,
  workers: 3,
  clients: 2,
  faults: { kill: 12, "kill-all": 3 },
  leaseMs: 1000,
  retryDelayMs: 200,
};
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("drawPlan", () => {
  test("gives the same plan for the same seed, and another for another", () => {
    expect(drawPlan(7, shape)).toEqual(drawPlan(7, shape));
    expect(drawPlan(7, shape).sessions).not.toEqual(drawPlan(8, shape).sessions);
  });

  test("fits its schema and survives JSON, for any seed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const plan = drawPlan(seed, { ...shape, sessions: 30 });
        expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      }),
      { numRuns: 50 },
    );
  });

  test("draws the same sessions whatever the faults", () => {
    expect(drawPlan(7, { ...shape, faults: { kill: 1, throw: 3 } }).sessions).toEqual(
      drawPlan(7, shape).sessions,
    );
  });

  test("makes exactly one of every three sessions naive", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { sessions } = drawPlan(seed, shape);
        for (let from = 0; from < sessions.length; from += 3) {
          expect(sessions.slice(from, from + 3).filter(({ mode }) => mode === "naive")).toHaveLength(1);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("holds races, late starts, callers that disagree, and waits long enough to judge the timer", () => {
    const { sessions } = drawPlan(7, shape);
    const calls = sessions.flatMap((session) => session.calls);
    const raced = sessions.filter((session) => session.calls.length > 1);
    expect(raced.length / sessions.length).toBeGreaterThan(0.05);
    expect(raced.length / sessions.length).toBeLessThan(0.2);
    expect(calls.some(({ start }) => start.kind === "after-result")).toBe(true);
    expect(
      raced.some((session) => new Set(session.calls.map(({ spec }) => JSON.stringify(spec))).size > 1),
    ).toBe(true);
    const patient = sessions.filter(({ calls: [first] }) => (first?.spec.idleTimeoutMs ?? 0) >= 6000);
    expect(patient).toHaveLength(50);
    expect(patient.filter(({ mode }) => mode === "naive")).toHaveLength(25);
  });

  test("holds the faults that were asked for, in order of time, and never the same slot twice in a row", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { faults } = drawPlan(seed, shape);
        expect(faults.filter(({ kind }) => kind === "kill")).toHaveLength(12);
        expect(faults.filter(({ kind }) => kind === "kill-all")).toHaveLength(3);
        const times = faults.filter(isTimed).map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const slots = faults.flatMap((fault) => (fault.kind === "kill" ? [fault.slot] : []));
        expect(slots.every((slot, index) => slot !== slots[index - 1])).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test("lets a share of the kills fall into an outage or a drain, and none unless it is asked for", () => {
    const faults = { kill: 10, "kill-store": 3, terminate: 3 };
    const fallsInto = (plan: ReturnType<typeof drawPlan>) => {
      const timed = plan.faults.filter(isTimed);
      return timed.filter(
        (kill) =>
          kill.kind === "kill" &&
          timed.some(
            (other) =>
              (other.kind === "kill-store" && other.atMs <= kill.atMs && kill.atMs <= endOf(other)) ||
              (other.kind === "terminate" && other.atMs <= kill.atMs && kill.atMs <= other.atMs + 1000),
          ),
      ).length;
    };
    fc.assert(
      fc.property(seeds, (seed) => {
        const plan = drawPlan(seed, { ...shape, faults, overlap: 100 });
        expect(planSchema.safeParse(plan).success).toBe(true);
        expect(fallsInto(plan)).toBeGreaterThan(fallsInto(drawPlan(seed, { ...shape, faults })));
        expect(drawPlan(seed, { ...shape, faults, overlap: 0 })).toEqual(
          drawPlan(seed, { ...shape, faults }),
        );
      }),
      { numRuns: 20 },
    );
  });

  test("lets one kill-all in three keep everybody away for five leases, with the room for it", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const faults = drawPlan(seed, { ...shape, leaseMs: 2000, arrivalsMs: 90_000 }).faults.filter(isTimed);
        const all = faults.filter((fault) => fault.kind === "kill-all");
        const long = all.filter(({ atLongWait }) => atLongWait);
        expect(long).toHaveLength(1);
        for (const fault of long) {
          expect(Math.min(...fault.restartsAfterMs)).toBeGreaterThanOrEqual(10_000);
          const next = faults[faults.indexOf(fault) + 1];
          expect((next?.atMs ?? Infinity) - fault.atMs).toBeGreaterThan(Math.max(...fault.restartsAfterMs));
        }
      }),
      { numRuns: 20 },
    );
  });

  test("draws every kind of fault as often as it was asked for, and nothing that contradicts itself", () => {
    const faults = Object.fromEntries(plannedFaultKinds.map((kind, index) => [kind, index + 1]));
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 3 }), (seed, workers) => {
        // So little room that drawn times would overlap if nothing were done about it.
        const plan = planSchema.parse(drawPlan(seed, { ...shape, workers, arrivalsMs: 10_000, faults }));
        const counts = Map.groupBy(plan.faults, ({ kind }) => kind);
        for (const kind of plannedFaultKinds) expect(counts.get(kind)).toHaveLength(faults[kind] ?? 0);
      }),
      { numRuns: 50 },
    );
  });

  test("ties each armed fault to a session of its own, and to a step that the session has", () => {
    const { sessions, faults } = drawPlan(7, { ...shape, faults: { throw: 40, slow: 20, race: 20 } });
    const armed = faults.filter((fault) => !isTimed(fault));
    expect(new Set(armed.map(({ session }) => session)).size).toBe(80);
    expect(sessions.filter(({ calls }) => calls.length > 1).map(({ sessionId }) => sessionId)).not.toContain(
      armed[0]?.session,
    );
  });
});

describe("planSchema", () => {
  const pause = { kind: "pause", id: "f1", atMs: 1000, slot: 0, forMs: 1500 } as const;
  const planWith = (...faults: readonly PlannedFault[]) =>
    planSchema.safeParse({ ...drawPlan(7, { ...shape, faults: {} }), faults });
  const complaint = (...faults: readonly PlannedFault[]) => planWith(...faults).error?.issues[0]?.message;

  test("refuses what befalls a worker that is stopped, and takes it when it runs again", () => {
    const kill = (atMs: number) => ({ kind: "kill", id: "f2", atMs, slot: 0, restartAfterMs: 100 }) as const;
    expect(complaint(pause, kill(2000))).toBe("f2 (kill) comes while f1 (pause) lasts");
    expect(complaint(pause, kill(2500))).toMatch(/f2 .*while f1/); // which of the two comes first, nobody can tell
    expect(planWith(pause, kill(2501)).success).toBe(true);
    expect(planWith(pause, { ...kill(2000), slot: 1 }).success).toBe(true);
  });

  test("refuses a kill-all while any worker is stopped, and a store that dies while it is down", () => {
    const killAll: PlannedFault = { kind: "kill-all", id: "f2", atMs: 2000, restartsAfterMs: [1, 2, 3] };
    expect(complaint(pause, killAll)).toMatch(/f2 .*while f1/);
    const store = { kind: "kill-store", id: "f1", atMs: 1000, restartAfterMs: 1500 } as const;
    expect(complaint(store, { ...store, id: "f2", atMs: 2000 })).toMatch(/f2 .*while f1/);
    expect(complaint(store, { ...store, id: "f2", atMs: 2500 })).toMatch(/f2 .*while f1/);
    expect(planWith(store, { ...killAll, atMs: 2000 }).success).toBe(true);
  });

  test("refuses calls that cannot be told apart, that nobody can make, or that are about another session", () => {
    const plan = drawPlan(7, { ...shape, faults: {} });
    const complaintAbout = (change: (call: PlannedCall) => readonly PlannedCall[]) => {
      const sessions = plan.sessions.map((session, index) => ({
        ...session,
        calls: index === 0 ? session.calls.slice(0, 1).flatMap(change) : session.calls,
      }));
      return planSchema.safeParse({ ...plan, sessions }).error?.issues[0]?.message;
    };
    expect(complaintAbout((call) => [call])).toBeUndefined();
    expect(complaintAbout((call) => [call, call])).toBe("a caller of session session-00000 occurs twice");
    const late = { kind: "after-result", delayMs: 0 } as const;
    expect(complaintAbout((call) => [{ ...call, start: late }])).toMatch(
      /waits for what nobody brings about/,
    );
    expect(complaintAbout((call) => [{ ...call, client: 2 }])).toMatch(/client 2 of 2/);
    const spec = { ...plan.sessions[1]?.calls[0]?.spec } as PlannedCall["spec"];
    expect(complaintAbout((call) => [{ ...call, spec }])).toMatch(/passes the id session-00001/);
  });

  test("refuses more callers or failures than a run can bear, and a fault without a name, with the place and the bound", () => {
    const session = "session-00000";
    const race = { kind: "race", id: "f1", session, callers: 2 ** 31 } as const;
    const thrown = {
      kind: "throw",
      id: "f1",
      session,
      step: "login",
      when: "after",
      times: 2 ** 31,
    } as const;
    for (const fault of [race, thrown]) {
      const issue = planWith(fault).error?.issues[0];
      expect(issue?.path).toEqual(["faults", 0, fault.kind === "race" ? "callers" : "times"]);
      expect(issue?.message).toContain("1000");
    }
    expect(planWith({ ...race, callers: 1_000 }).success).toBe(true);
    expect(planWith({ ...pause, id: "" }).error?.issues[0]?.path).toEqual(["faults", 0, "id"]);
  });

  test("refuses times that no timer takes, and leases that no worker could renew in", () => {
    const plan = drawPlan(7, { ...shape, sessions: 3, faults: {} });
    const [first] = plan.sessions;
    const [call] = first?.calls ?? [];
    if (first === undefined || call === undefined) throw new Error("the plan has no session");
    const late = { ...call, caller: "late", start: { kind: "after-result", delayMs: 2 ** 31 } };
    const withFirst = (changed: object) => ({
      ...plan,
      sessions: [{ ...first, ...changed }, ...plan.sessions.slice(1)],
    });
    for (const wrong of [
      withFirst({ calls: [call, late] }),
      withFirst({ workMs: { login: [2 ** 31, 0] } }),
      { ...plan, leaseMs: 1 },
    ])
      expect(planSchema.safeParse(wrong).error?.issues[0]?.code).toMatch(/^too_(big|small)$/);
  });

  test("refuses a fault on a worker, a client, a session or a step that the plan does not have", () => {
    expect(complaint({ ...pause, slot: 3 })).toBe("f1 is about worker 3 of 3");
    const between = { kind: "client", client: 2 } as const;
    const cut = { kind: "partition", id: "f1", atMs: 0, between, how: { kind: "cut" } } as const;
    expect(complaint(cut)).toBe("f1 is about client 2 of 2");
    const thrown = { kind: "throw", id: "f1", when: "after", times: 1 } as const;
    expect(complaint({ ...thrown, session: "nobody", step: "login" })).toMatch(/session nobody/);
    expect(complaint({ ...thrown, session: "session-00000", step: "record:99" })).toMatch(/record:99/);
  });
});
