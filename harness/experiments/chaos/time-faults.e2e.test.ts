/** The faults of time, each alone and small, on both targets; beside those of `faults.e2e.test.ts`. */
import { expect, test } from "vitest";
import { forgottenWith } from "../../history/forgets.ts";
import { byKind, expectSilence, forMs, onItsWayMs, playAlone } from "../../testing/play-alone.ts";

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

test.concurrent("day-outage: what waits when it begins, and what begins to wait after it, is over at once", () =>
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
      expect(waitedMs.toSorted((a, b) => a - b)[Math.floor(waitedMs.length / 2)]).toBeLessThan(400 - 1);
    },
  ));
