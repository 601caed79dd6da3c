/**
 * Each fault alone, small, on both targets. What is proved here is that the fault happened, from the ledger: a harness that
 * injects nothing would let every invariant pass. Most of each test is waiting, so they run side by side, two at a time.
 */

import { expect, test } from "vitest";
import { exposureOf } from "../../history/exposure.ts";
import { forgottenWith } from "../../history/forgets.ts";
import { planSchema } from "../../plan/plan-schema.ts";
import { targets, targetsNamed } from "../../targets/targets.ts";
import {
  byKind,
  expectSilence,
  forMs,
  leaseMs,
  longSteps,
  onItsWayMs,
  plan,
  playAlone,
  playOn,
  sessionId,
  writtenBy,
} from "../../testing/play-alone.ts";

test.concurrent("kill: the worker dies by SIGKILL, and another one takes its slot", () =>
  playAlone({ kind: "kill", id: "f", atMs: 1500, slot: 0, restartAfterMs: 100 }, ({ history, injected }) => {
    expect(injected.workers).toEqual(["w0#1"]);
    expect(history.workers.get("w0#1")?.exited).toMatchObject({ signal: "SIGKILL" });
    expect(history.workers.get("w0#2")?.ready).toBeTruthy();
  }));

test.concurrent("kill-all: nobody is there for as long as it was ordered", () =>
  playAlone(
    { kind: "kill-all", id: "f", atMs: 1500, restartsAfterMs: [500, 600] },
    ({ history, injected }) => {
      expect(injected.workers.toSorted()).toEqual(["w0#1", "w1#1"]);
      const [outage] = history.outages;
      expect((outage?.toMs ?? 0) - (outage?.fromMs ?? 0)).toBeGreaterThan(500);
    },
  ));

test.concurrent("terminate: the worker leaves by itself, within the bound, and brings its work to rest before", () =>
  playAlone(
    { kind: "terminate", id: "f", atMs: 1500, slot: 0, restartAfterMs: 0 },
    ({ history, injected }) => {
      const life = history.workers.get("w0#1");
      expect(life?.exited).toMatchObject({ signal: null, code: 0 });
      expect((life?.exited?.at ?? Number.NaN) - injected.at).toBeLessThan(5 * leaseMs);
      expect(exposureOf(history, leaseMs).faults).toMatchObject([{ interrupted: [] }]);
      expect([...exposureOf(history, leaseMs).hits.values()].flat()[0]).toMatchObject({ kind: "drained" });
    },
  ));

test.concurrent("pause: the worker is silent for as long as it was ordered, and then goes on in the same life", () =>
  playAlone({ kind: "pause", id: "f", atMs: 1500, slot: 0, forMs }, ({ history, injected }) => {
    expectSilence(writtenBy("w0#1", history), writtenBy("w1#1", history), injected);
  }));

test.concurrent("pause of the only worker, in a step that outlasts the lease: the step gets done", () =>
  playAlone(
    { kind: "pause", id: "f", atMs: 1000, slot: 0, forMs: 800 },
    ({ history }) => {
      // BullMQ by itself starts such a step again and again, before the one before is done: see `single-run.ts`.
      const starts = [...history.sessions.values()].map(
        ({ begins }) => begins.filter(({ step }) => step === "record:0").length,
      );
      expect(Math.max(...starts)).toBeLessThanOrEqual(3);
    },
    longSteps,
  ));

test.concurrent("partition: the worker begins nothing more, and goes on in the same life when its proxy connection carries again", () =>
  playAlone(
    {
      kind: "partition",
      id: "f",
      atMs: 1500,
      between: { kind: "worker", slot: 0 },
      how: { kind: "stop", direction: "both", forMs },
    },
    ({ history, injected }) => {
      const begunBy = (worker: string) => byKind(writtenBy(worker, history), "begin");
      expectSilence(begunBy("w0#1"), begunBy("w1#1"), injected);
    },
  ));

test.concurrent("partition of a client: no start is acknowledged there, until its proxy connection carries again", () =>
  playAlone(
    {
      kind: "partition",
      id: "f",
      atMs: 1500,
      between: { kind: "client", client: 0 },
      how: { kind: "stop", direction: "both", forMs },
    },
    ({ history, injected }) => {
      const startedBy = (client: number) =>
        history.entries.filter((entry) => {
          if (entry.kind !== "started") return false;
          const calls = history.sessions.get(entry.session)?.calls;
          return calls?.some((call) => call.caller === entry.caller && call.client === client) === true;
        });
      expectSilence(startedBy(0), startedBy(1), injected);
    },
  ));

test.concurrent("kill-store: nothing is begun while it is down, and what was begun before goes on when it is back", () =>
  playAlone({ kind: "kill-store", id: "f", atMs: 1500, restartAfterMs: forMs }, ({ history, injected }) => {
    expectSilence(byKind(history.entries, "begin"), byKind(history.entries, "call"), injected);
    expect(history.outages[0]).toMatchObject({ fault: { faultKind: "kill-store" } });
  }));

test.concurrent("vanish: the worker hears nothing on what it had open, and by itself comes to work on something else", () =>
  playAlone(
    { kind: "vanish", id: "f", atMs: 1500, between: { kind: "worker", slot: 0 }, forMs: 15_000 },
    ({ history, injected }) => {
      // What it holds already may go on, by a connection that is opened for it.
      const takenMeanwhile = (worker: string) =>
        history.entries.filter(
          (entry) =>
            entry.kind === "begin" &&
            entry.worker === worker &&
            entry.step === "login" &&
            entry.at > injected.at + onItsWayMs &&
            entry.at < injected.at + forMs,
        );
      expect(injected.workers).toEqual(["w0#1"]);
      expect(takenMeanwhile("w0#1")).toEqual([]);
      expect(takenMeanwhile("w1#1")).not.toEqual([]);
      expect(history.offers.flatMap(({ begins }) => begins.map(({ worker }) => worker))).toContain("w0#1");
    },
  ));

test.concurrent("failover: what was acknowledged in the lag is gone, and everybody goes on where the replica was", () =>
  playAlone(
    { kind: "failover", id: "f", atMs: 1500, lagMs: 1000 },
    ({ history, injected }) => {
      expect(injected).toMatchObject({ how: "1000 ms behind", forgets: {} });
      const sessions = [...history.sessions.values()];
      const lost = sessions.filter((session) => forgottenWith(session, history) !== null);
      expect(lost.length).toBeGreaterThan(0);
      expect(lost.flatMap(({ results }) => results)).toEqual([]);
      expect(sessions.some(({ results }) => results.some(({ at }) => at > injected.at))).toBe(true);
    },
    plan,
    targetsNamed("redis-bullmq@redis"),
  ));

test.concurrent("refuse: nothing is begun while the store refuses writes, and what was begun before goes on when it takes them again", () =>
  playAlone({ kind: "refuse", id: "f", atMs: 1500, forMs }, ({ history, injected }) => {
    expectSilence(byKind(history.entries, "begin"), byKind(history.entries, "call"), injected);
    expect(history.outages[0]).toMatchObject({ fault: { faultKind: "refuse" } });
  }));

test.concurrent("kill-store twice: the second one waits until the store is back from the first", async () => {
  const killStore = { kind: "kill-store", restartAfterMs: 500 } as const;
  const faults = [
    { ...killStore, id: "first", atMs: 600 },
    { ...killStore, id: "second", atMs: 1101 },
  ];
  const planned = planSchema.parse({ ...plan, faults });
  for (const target of targets.slice(-1)) {
    const [first, second, ...others] = (await playOn(target, planned)).lastingFaults;
    expect(others).toEqual([]);
    expect(second?.fromMs).toBeGreaterThanOrEqual(first?.toMs ?? Number.NaN);
  }
});

test.concurrent("throw: the step fails as often as it was ordered, and is then executed once more", () =>
  playAlone(
    { kind: "throw", id: "f", session: sessionId, step: "record:0", when: "after", times: 2 },
    ({ history }) => {
      const begins = history.sessions.get(sessionId)?.begins.filter(({ step }) => step === "record:0");
      expect(begins?.map(({ order }) => order?.kind ?? null)).toEqual(["throw", "throw", null]);
    },
  ));

test.concurrent("slow: the step takes longer than the lease, and its effect lands once all the same", () =>
  playAlone(
    { kind: "slow", id: "f", session: sessionId, step: "record:0", delayMs: forMs },
    ({ history }) => {
      const work = history.sessions.get(sessionId)?.work.filter(({ step }) => step === "record:0");
      expect(work).toMatchObject([{ kind: "begin", order: { kind: "slow" } }, { kind: "landed" }]);
      expect((work?.[1]?.at ?? 0) - (work?.[0]?.at ?? 0)).toBeGreaterThanOrEqual(forMs);
    },
  ));

test.concurrent("race: all callers call from every client before it is over, and get the result of one lifecycle", () =>
  playAlone({ kind: "race", id: "f", session: sessionId, callers: 4 }, ({ history }) => {
    const session = history.sessions.get(sessionId);
    expect(session?.calls.length).toBe(5);
    expect(new Set(session?.calls.map(({ client }) => client))).toEqual(new Set([0, 1]));
    expect(new Set(session?.results.map(({ result }) => JSON.stringify(result))).size).toBe(1);
  }));
