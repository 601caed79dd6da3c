/** The faults of time, each alone and small, on both targets; beside those of `faults.e2e.test.ts`. */
import { expect, test } from "vitest";
import { judge } from "../../checks/judge.ts";
import { edit } from "../../engines/edit.ts";
import { editedTarget } from "../../engines/edited-copy.ts";
import { analysisOf } from "../../history/analysis.ts";
import { forgottenWith } from "../../history/forgets.ts";
import { type Plan, planSchema } from "../../plan/plan-schema.ts";
import type { Target } from "../../run/target.ts";
import { targetsNamed } from "../../targets/targets.ts";
import {
  byKind,
  current,
  expectSilence,
  forMs,
  onItsWayMs,
  plan,
  playAlone,
  playOn,
} from "../../testing/play-alone.ts";

test.concurrent("clock-store: what begins to wait while the clock is ahead is woken early", () =>
  playAlone({ kind: "clock-store", id: "f", atMs: 1000, offsetMs: 5000, forMs: 2000 }, ({ history }) => {
    const waitedMs = [...history.sessions.values()].map(({ landed }) => {
      const at = (effect: string) => landed.find((landing) => landing.effect === effect)?.at ?? Number.NaN;
      return at("set-expired") - at("set-idle");
    });
    expect(Math.min(...waitedMs)).toBeLessThan(400 - 1);
    expect(history.clockShifts).toMatchObject([{ owner: "store", byMs: 5000 }]);
  }));

test.concurrent("clock: the clocks of all workers jump, and back", () =>
  playAlone(
    { kind: "clock", id: "f", atMs: 1000, slots: [0, 1], offsetMs: -1500, forMs },
    ({ history, injected }) => {
      expect(injected).toMatchObject({ workers: ["w0#1", "w1#1"], how: "-1500 ms" });
      const [shift] = history.clockShifts;
      expect((shift?.toMs ?? 0) - (shift?.fromMs ?? 0)).toBeGreaterThanOrEqual(forMs - onItsWayMs);
    },
  ));

test.concurrent("power: a store that syncs nothing forgets whom it had, and takes whoever comes next", () =>
  playAlone({ kind: "power", id: "f", atMs: 1500, restartAfterMs: 500 }, ({ history, injected }) => {
    expect(injected).toMatchObject({ how: "at process", forgets: {} });
    const sessions = [...history.sessions.values()];
    const lost = sessions.filter((session) => forgottenWith(session, history) !== null);
    expect(lost.filter(({ results }) => results.length > 0)).toEqual([]);
    expect(lost.length).toBeGreaterThan(0);
    expect(sessions.filter(({ results }) => results.length > 0).length).toBe(sessions.length - lost.length);
  }));

test.concurrent("long-outage: nothing is begun while it is down, and what was begun before goes on when it is back", () =>
  playAlone(
    { kind: "long-outage", id: "f", atMs: 1500, restartAfterMs: forMs }, // the run's draw is 65 s
    ({ history, injected }) => {
      expectSilence(byKind(history.entries, "begin"), byKind(history.entries, "call"), injected);
    },
  ));

test.concurrent("day-outage: the clocks stay ahead, and what begins to wait is over at once", () =>
  playAlone(
    { kind: "day-outage", id: "f", atMs: 1500, slots: [0, 1], restartAfterMs: 500 },
    ({ history, injected }) => {
      expect(history.clockShifts.map(({ owner, toMs }) => [owner, toMs])).toEqual([
        ["store", null],
        ["worker", null],
      ]);
      const waitedMs = [...history.sessions.values()].flatMap(({ landed }) => {
        const idle = landed.find(({ effect, at }) => effect === "set-idle" && at > injected.at);
        const expired = landed.find(({ effect }) => effect === "set-expired");
        return idle === undefined || expired === undefined ? [] : [expired.at - idle.at];
      });
      expect(Math.min(...waitedMs)).toBeLessThan(400 - 1);
    },
  ));

test.concurrent("a wait that goes by the workers' clocks is caught when these are ahead", async () => {
  const [original] = targetsNamed("redis-bullmq@redis");
  if (original === undefined) throw new Error("the target is not there");
  const faults = [{ kind: "clock", id: "f", atMs: 1000, slots: [0, 1], offsetMs: 5000, forMs: 2000 }];
  const planned = planSchema.parse({ ...plan, faults });
  const byWorkers = edit(
    "idle-timer.ts",
    "if (now >= expireAt) return;",
    "if (Date.now() >= expireAt) return;",
  );
  const broken = editedTarget(current.run, original, "waits-by-workers-clock", { edits: [byWorkers] });
  const [found, foundInOriginal] = await Promise.all(
    [broken, original].map((target) => earlyOn(target, planned)),
  );
  expect(found).toBeGreaterThan(0);
  expect(foundInOriginal).toBe(0);
});

/** How many sessions that keep their keys expire too early, by what the target declares of its clocks. */
async function earlyOn(target: Target, planned: Plan): Promise<number> {
  const { leaseMs, sessions } = planned;
  const analysis = analysisOf(await playOn(target, planned), { leaseMs, clocks: target.clocks });
  const idempotent = sessions.filter(({ mode }) => mode === "idempotent");
  const verdicts = judge(analysis, idempotent, { faultsInjected: true });
  return verdicts.find(({ invariant }) => invariant === "not-early")?.violations.length ?? Number.NaN;
}
