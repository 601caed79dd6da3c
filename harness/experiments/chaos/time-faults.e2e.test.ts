/** The faults of time, each alone and small, on both targets; beside those of `faults.e2e.test.ts`. */
import { expect, test } from "vitest";
import { forMs, onItsWayMs, playAlone } from "../../testing/play-alone.ts";

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
