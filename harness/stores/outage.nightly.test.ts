/**
 * Whole sessions of each implementation whose store is killed under them and comes back: the workers and clients that
 * were there before must go on by themselves, whatever the session was at.
 */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Effect, effectsOf, stepsOf } from "../../implementations/session/steps.ts";
import { indexHistory } from "../history/history.ts";
import type { Child } from "../processes/reaper.ts";
import { TargetEnvironment } from "../run/environment.ts";
import { inspect } from "../run/inspect.ts";
import { targets } from "../targets/targets.ts";
import { runForTests } from "../testing/run-for-tests.ts";
import type { Entry } from "../world/entry.ts";

const group = "sessions";
const leaseMs = 1_000;
/** Long enough after an effect that the kill is over before the step is. */
const workMs = 150;

interface Phase {
  readonly name: string;
  readonly idleTimeoutMs: number;
  /** The store dies so long after this entry. */
  readonly isReached: (entry: Entry) => boolean;
  readonly afterMs: number;
  readonly downMs: number;
  /** Whether the session should expire while there is no store. */
  readonly acrossDeadline?: boolean;
}

const beginsActivity = (entry: Entry) => entry.kind === "begin" && entry.step === "record:0";
const isIdle = (entry: Entry) => entry.kind === "landed" && entry.effect === "set-idle";
const cleansUp = (entry: Entry) => entry.kind === "landed" && entry.effect === "revoke-token";
const shortMs = 0.4 * leaseMs;
const longMs = 1.5 * leaseMs;

const phases: readonly Phase[] = [
  {
    name: "an activity, for less than a lease",
    isReached: beginsActivity,
    afterMs: 0,
    downMs: shortMs,
    idleTimeoutMs: 200,
  },
  {
    name: "an activity, for longer than a lease",
    isReached: beginsActivity,
    afterMs: 0,
    downMs: longMs,
    idleTimeoutMs: 200,
  },
  // A session waits in its store once the step before has done its work and been stored.
  { name: "the wait", isReached: isIdle, afterMs: 2 * workMs, downMs: shortMs, idleTimeoutMs: 3_000 },
  {
    name: "the wait, across its deadline",
    isReached: isIdle,
    afterMs: 2 * workMs,
    downMs: longMs,
    idleTimeoutMs: 1_200,
    acrossDeadline: true,
  },
  { name: "cleanup", isReached: cleansUp, afterMs: 0, downMs: shortMs, idleTimeoutMs: 200 },
];

/** Resolves with the first entry from now on that `isWanted`. */
function next(environment: TargetEnvironment, isWanted: (entry: Entry) => boolean): Promise<Entry> {
  const found = Promise.withResolvers<Entry>();
  const unwatch = environment.recorder.watch((entry) => {
    if (!isWanted(entry)) return;
    unwatch();
    found.resolve(entry);
  });
  return found.promise;
}

const current = runForTests();

describe.each(targets)("on $name", (target) => {
  let environment: TargetEnvironment;
  let workers: Child[];
  let client: Child;
  beforeAll(async () => {
    environment = await TargetEnvironment.open({
      run: current.run,
      experiment: "outage",
      target,
      leaseMs,
      retryDelayMs: 200,
    });
    workers = [0, 1].map((slot) => environment.spawnWorker(`w${slot}#1`, group));
    client = environment.spawnClient("client", group);
    await Promise.all([...workers, client].map((child) => child.firstMessage()));
  });
  afterAll(async () => {
    for (const child of [...workers, client]) child.kill("SIGTERM");
    await Promise.all([...workers, client].map(({ exited }) => exited));
    await environment.close();
  });

  test.each(phases)("a session survives the death of its store during $name", async (phase) => {
    const { idleTimeoutMs, afterMs, downMs } = phase;
    const sessionId = phase.name.replaceAll(/\W+/g, "-");
    const activities = [{ action: "view", target: "page" }];
    const steps = stepsOf(activities.length);
    const work = Object.fromEntries(steps.map((step) => [step, [workMs, workMs] as [number, number]]));
    await environment.witness.register([{ sessionId, mode: "idempotent", workMs: work }]);
    const mine = (entry: Entry) => "session" in entry && entry.session === sessionId;
    const reached = next(environment, (entry) => mine(entry) && phase.isReached(entry));
    const answered = next(environment, (entry) => mine(entry) && entry.kind.startsWith("result"));
    client.send({
      kind: "call",
      caller: "caller",
      spec: { sessionId, userId: "user", activities, idleTimeoutMs },
      group,
    });

    await reached;
    await delay(afterMs);
    await environment.store.kill();
    const deadSince = Date.now();
    await delay(downMs);
    const deadUntil = Date.now();
    await environment.store.restart();
    const { kind, at: answeredAt } = await answered;
    const looked = next(environment, (entry) => entry.kind === "inspected" && entry.place === "store");
    await inspect(environment, [sessionId]);
    await looked;

    expect(kind).toBe("result");
    expect(answeredAt).toBeGreaterThan(deadUntil);
    const { sessions, inspections } = indexHistory(environment.recorder.entries);
    const { landed = [], begins = [] } = sessions.get(sessionId) ?? {};
    expect(landed.map(({ effect }) => effect)).toEqual(steps.flatMap(effectsOf));
    expect(begins.filter(({ at }) => at > deadSince && at < deadUntil)).toEqual([]);
    const at = (effect: Effect) => landed.find((entry) => entry.effect === effect)?.at ?? Number.NaN;
    const deadline = at("set-idle") + idleTimeoutMs;
    expect(at("set-expired")).toBeGreaterThanOrEqual(deadline);
    expect(deadSince < deadline && deadline < deadUntil).toBe(phase.acrossDeadline ?? false);
    expect(inspections.store?.residue).toEqual([]);
    expect(inspections.world?.residue).toEqual([]);
  });
});
