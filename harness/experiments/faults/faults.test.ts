import { describe, expect, test } from "vitest";
import { UsageError } from "../../errors.ts";
import { analysisOf } from "../../history/analysis.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { type Plan, planSchema } from "../../plan/plan-schema.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { handWritten, leaseMs, spec } from "../../testing/hand-written.ts";
import { sampleFaults } from "../../testing/samples/sample-faults.ts";
import { outcomeOf } from "./outcome.ts";
import { faultRunsNamed, planOf, whyNotPlayed } from "./runs.ts";
import { faultOutcomeTable } from "./tables.ts";

const shape = { sessions: 30, arrivalsMs: 24_000, workers: 2, clients: 2, leaseMs, retryDelayMs: 200 };
const settings = { runs: [], ...shape };
const [failover] = faultRunsNamed(["failover"]);
if (failover === undefined) throw new Error("there is no such run");

describe("the runs", () => {
  test.each(faultRunsNamed())("$name has a plan that holds its fault and no other", (run) => {
    const plan = planOf(run, settings, 3);
    expect(planSchema.safeParse(plan).error).toBeUndefined();
    expect(new Set(plan.faults.map(({ kind }) => kind))).toEqual(new Set([run.kind]));
  });

  test("are asked for by name", () => {
    expect(faultRunsNamed(["refuse"]).map(({ name }) => name)).toEqual(["refuse"]);
    expect(() => faultRunsNamed(["refusal"])).toThrow(UsageError);
  });

  test("are left out where a store cannot take them, with the reason", () => {
    const whyOn = (name: string, run: string) => {
      const [target] = targetsNamed(name);
      const [asked] = faultRunsNamed([run]);
      return target && asked && whyNotPlayed(asked, target);
    };
    expect(whyOn("resonate@embedded", "failover")).toBe("its store has no replica");
    expect(whyOn("postgres-queue@postgres", "failover-min-replicas")).toBe("its store has no such setting");
    expect(whyOn("redis-bullmq@redis", "failover-min-replicas")).toBeNull();
  });
});

/** What the run of a failover with this history did. */
function outcomeIn(history: ReturnType<typeof handWritten>) {
  const drawn = drawPlan(1, { ...shape, faults: {} });
  const [session] = drawn.sessions;
  const plan = { ...drawn, sessions: [{ ...session, sessionId: "s1", mode: "naive" }] } as Plan;
  const analysis = analysisOf(history.history(), { leaseMs });
  const played = { experiment: "fault-failover", target: { name: "a@s", guarantees: [] }, plan, analysis };
  return failover && outcomeOf(played, failover, []);
}

test("counts what was lost, and what ran again", () => {
  const fault = { kind: "fault", fault: "f1", faultKind: "failover", workers: [] } as const;
  const fails = { ...fault, forgets: { sinceMs: 500 } };
  const lost = handWritten().workers("w1#1").starts().runs("login", "w1#1").write(fails).wait(100).ends("f1");
  const token = { session: "s1", what: "1 live token" };
  expect(outcomeIn(lost.inspected("world", token))).toMatchObject({
    acknowledged: 1,
    lost: 1,
    lostWithToken: 1,
    ranAgain: 0,
    resumedMs: null,
    stuck: 0,
    story: "s1",
  });

  const again = handWritten({ ...spec, idleTimeoutMs: 600 })
    .workers("w1#1")
    .lives("w1#1")
    .write(fails)
    .wait(100)
    .ends("f1")
    .wait(200)
    .runs("cleanup", "w1#1");
  expect(outcomeIn(again)).toMatchObject({ lost: 0, repeated: 1, doubledWithoutKeys: 0, stuck: 0 });
  expect(outcomeIn(again)?.resumedMs).toBeGreaterThanOrEqual(200);
});

test("says in words what was lost, what was not taken, and what does not go on", () => {
  const { rows } = faultOutcomeTable(sampleFaults);
  expect(rows.map(([, target, words, guarantees]) => [target, words, guarantees])).toEqual([
    ["resonate@embedded", "– (its store has no replica)", ""],
    [
      "redis-bullmq@redis",
      "9 of 13 acknowledged starts lost, 7 with a live token; 2 starts refused; 6 sessions that had ended ran again; up to 1.9 s late; a step repeated in 54 sessions; an effect doubled in 20 sessions without keys; goes on by itself after 0.3 s",
      "✓ 18 of 19 held",
    ],
    [
      "redis-bullmq@redis",
      "up to 4.0 s early; a step repeated in 54 sessions; an effect doubled in 20 sessions without keys; does not go on by itself after 1 of 2",
      "? 0 of 19 held",
    ],
  ]);
});
