/** The provocations: crashes at a place, kills and pauses in a window, a killed store, races, failures, and nothing at all. */
import { setTimeout as delay } from "node:timers/promises";
import type { PlannedSession } from "../plan/plan-schema.ts";
import { Case } from "../run/case.ts";
import { afterActivity, type EffectPoint, goOn, longStep, standStillAt } from "./acts.ts";
import { eachAlone, type Provocation, untilAnswered } from "./provocation.ts";

/** So late into a wait, in leases, that a clock which restarts then is late for all to see. */
const lateInWaitLeases = 4.3;
/** How long nobody takes over where a deadline that is counted from the takeover is to show, in leases. */
const absentLeases = 4.5;
/** An idle window that outlasts either, with time for whoever takes over, in leases. */
const longIdleLeases = 7.5;
/** Half of what a variant stretches its window to, so that a kill finds it, ms. */
const intoWindowMs = 150;
/** How long a variant stretches a window that is too short for a kill to find, ms. */
export const windowMs = 2 * intoWindowMs;

interface Deaths extends EffectPoint {
  /** How many workers die there, one after another. */
  readonly times?: number;
  readonly workMs?: PlannedSession["workMs"];
}

/** A worker dies at an exact place, and another takes over. */
export function crash(deaths: Deaths): Provocation {
  return dieAt(deaths, { idleTimeoutMs: 200, absentLeases: 0 });
}

/** The worker dies before the timer that it has the deadline for; nobody takes over for a while. */
export const crashBeforeTimer: Provocation = dieAt(
  { step: "mark-idle", when: "after", effect: "set-idle" },
  { idleLeases: longIdleLeases, absentLeases },
);

function dieAt(
  { step, when, effect, times = 1, workMs = {} }: Deaths,
  { absentLeases, ...spec }: Provocation["spec"] & { readonly absentLeases: number },
): Provocation {
  const dying = times === 1 ? "The worker dies" : `${times} workers in a row die`;
  const then = absentLeases === 0 ? "" : `; nobody takes over for ${absentLeases} leases`;
  return {
    sentence: `${dying} ${when} ${effect} of ${step}${then}.`,
    mode: "idempotent",
    spec,
    play: eachAlone(async (context, spec, testCase) => {
      const { sessionId } = spec;
      await testCase.register(sessionId, "idempotent", workMs);
      await context.environment.witness.arm(sessionId, step, { kind: "crash", when, effect }, times);
      testCase.call(context.client, spec);
      let deaths = 0;
      while (deaths < times && (await testCase.diesAt(step, await testCase.startWorker()))) deaths++;
      await delay(absentLeases * context.leaseMs);
      await testCase.startWorker();
      await untilAnswered(context, spec, testCase);
      return deaths === times ? deaths : null;
    }),
  };
}

/** The session's worker is killed late in its wait, and another stands by: how late it expires is not how soon a process starts. */
export const killInWait: Provocation = {
  sentence: `The session's worker is killed ${lateInWaitLeases} leases into an idle window of ${longIdleLeases}; another stands by.`,
  mode: "idempotent",
  spec: { activities: 0, idleLeases: longIdleLeases },
  play: eachAlone(async (context, spec, testCase) => {
    const { sessionId } = spec;
    await testCase.register(sessionId, "idempotent");
    const workers = await Promise.all([testCase.startWorker(), testCase.startWorker()]);
    testCase.call(context.client, spec);
    const idle = await testCase.idle(sessionId);
    const victims = workers.filter(({ worker }) => worker === idle?.worker);
    await delay(lateInWaitLeases * context.leaseMs);
    await testCase.kill(`${sessionId} in its wait`, "kill", victims);
    await untilAnswered(context, spec, testCase);
    return victims.length === 0 ? null : 1;
  }),
};

/** The only worker is killed while it makes the wait durable, and nobody takes over for a while. */
export const killAtStartOfWait: Provocation = {
  sentence: `The worker is killed just after mark-idle; nobody takes over for ${absentLeases} leases.`,
  mode: "idempotent",
  spec: { activities: 0, idleLeases: longIdleLeases },
  play: eachAlone(async (context, spec, testCase) => {
    const { sessionId } = spec;
    await testCase.register(sessionId, "idempotent");
    testCase.call(context.client, spec);
    const victim = await testCase.startWorker();
    const idle = await testCase.idle(sessionId);
    await delay(intoWindowMs);
    await testCase.kill(`${sessionId} at the start of its wait`, "kill-all", [victim]);
    await delay(absentLeases * context.leaseMs);
    await testCase.startWorker();
    await untilAnswered(context, spec, testCase);
    return idle === null ? null : 1;
  }),
};

/** A service that is slow, while another worker stands by to take over whoever seems dead. */
export const slowStep: Provocation = {
  sentence: "The service of record:1 takes three leases, and another worker stands by. No keys.",
  mode: "naive",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    const { sessionId } = spec;
    await testCase.register(sessionId, "naive");
    await longStep(testCase, context.client, spec, { step: "record:1", delayMs: 3 * context.leaseMs });
    const begun = await testCase.begun(sessionId, "record:1");
    await untilAnswered(context, spec, testCase);
    return begun === null ? null : 0;
  }),
};

/** The zombie that goes on working: stopped in a step for longer than its lease, continued while its successor works. */
export const pauseInStep: Provocation = {
  sentence:
    "The worker is stopped after append-activity of record:1 and continued once another is at record:2.",
  mode: "idempotent",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    const { sessionId } = spec;
    await testCase.register(sessionId, "idempotent", { "record:2": [500, 0] });
    const { zombie } = await standStillAt(testCase, context.client, spec, afterActivity);
    const takenOver = await testCase.begun(sessionId, "record:2"); // which takes a while, and the row says so
    goOn(zombie);
    await untilAnswered(context, spec, testCase);
    return takenOver === null ? null : 1;
  }),
};

/** How long the only worker stands still, and how long the step takes that it is in, in leases. */
const stoppedLeases = 1.6;
const longStepLeases = 4;
/** As often does a step begin that will begin for ever. */
const foreverBegins = 4;

/** Nobody else is there: a worker that was stopped for longer than its lease takes its own session again. */
export const pauseOfTheOnly: Provocation = {
  sentence: `The only worker is stopped for ${stoppedLeases} leases in record:1, whose service takes ${longStepLeases} leases.`,
  mode: "idempotent",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    const { sessionId } = spec;
    const slowMs = longStepLeases * context.leaseMs;
    await testCase.register(sessionId, "idempotent", { "record:1": [slowMs, 0] });
    testCase.call(context.client, spec);
    const only = await testCase.startWorker();
    const begun = await testCase.begun(sessionId, "record:1");
    await delay(intoWindowMs);
    only.child.kill("SIGSTOP");
    await delay(stoppedLeases * context.leaseMs);
    goOn(only);
    const forever = testCase.begun(sessionId, "record:1", foreverBegins);
    await Promise.race([untilAnswered(context, spec, testCase), forever]);
    return begun === null ? null : 1;
  }),
};

const idleWhilePausedMs = 4_500;

/** The zombie that goes to sleep: stopped before it parks the job, continued while its successor expires the session. */
export const pauseAtStartOfWait: Provocation = {
  sentence:
    "The worker is stopped just after mark-idle and continued while another, which has taken the session over, expires it.",
  mode: "idempotent",
  spec: { activities: 0, idleTimeoutMs: idleWhilePausedMs },
  play: eachAlone(async (context, spec, testCase) => {
    const { sessionId } = spec;
    // Longer than the sleep that the zombie asks for: whoever wakes the job meets the one who is still at work.
    await testCase.register(sessionId, "idempotent", { expire: [idleWhilePausedMs + 1_500, 0] });
    testCase.call(context.client, spec);
    const zombie = await testCase.startWorker();
    await testCase.idle(sessionId);
    await delay(intoWindowMs);
    zombie.child.kill("SIGSTOP");
    await testCase.startWorker();
    const woken = await testCase.begun(sessionId, "expire");
    goOn(zombie);
    await untilAnswered(context, spec, testCase);
    return woken === null ? null : 1;
  }),
};

const leaveLeases = 5; // how long a worker that is told to leave may take
/** So long is a worker there before it is told, in leases: a stall while it starts would explain what is repeated. */
const settledLeases = 2;

/** A deploy: whoever is told to leave has a step under way. */
export const leaveInStep: Provocation = {
  sentence:
    "The session's worker is told to leave (SIGTERM) in record:1, whose service takes a lease; another stands by. No keys.",
  mode: "naive",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    const { sessionId } = spec;
    const { leaseMs } = context;
    await testCase.register(sessionId, "naive", {
      "record:0": [settledLeases * leaseMs, 0],
      "record:1": [leaseMs, 0],
    });
    const workers = await Promise.all([testCase.startWorker(), testCase.startWorker()]);
    testCase.call(context.client, spec);
    const begun = await testCase.begun(sessionId, "record:1");
    const leaving = workers.find(({ worker }) => worker === begun?.worker);
    if (leaving === undefined) return null;
    await context.environment.witness.note({
      kind: "fault",
      fault: `${sessionId} in record:1`,
      faultKind: "terminate",
      workers: [leaving.worker],
    });
    await testCase.end(leaving, leaveLeases * leaseMs);
    await untilAnswered(context, spec, testCase);
    return 1;
  }),
};

/** All sessions share one kill: they wait, the store dies with SIGKILL and starts again on its data. */
export const killStore: Provocation = {
  sentence: "The store is killed while the sessions wait, and started again on its data.",
  mode: "idempotent",
  spec: { activities: 1, idleTimeoutMs: 3_000 },
  play: (context, specs) =>
    context.whenFree(async () => {
      const { environment, client } = context;
      const testCase = new Case(environment, "all");
      for (const { sessionId } of specs) await testCase.register(sessionId, "idempotent");
      await testCase.startWorker();
      for (const spec of specs) testCase.call(client, spec);
      const idle = await Promise.all(specs.map(({ sessionId }) => testCase.idle(sessionId)));
      await delay(context.leaseMs / 2); // until the wait is in the store
      await testCase.storeOutage(0);
      await Promise.all(specs.map((spec) => untilAnswered(context, spec, testCase)));
      const history = await testCase.close();
      return idle.map((entry, index) => ({ faults: entry === null ? null : index === 0 ? 1 : 0, history }));
    }),
};

/** Many callers of one id at once, on two workers. */
export const race: Provocation = {
  sentence: "Four callers start the session at once, and two workers are there. No keys.",
  mode: "naive",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    const callers = ["caller-0", "caller-1", "caller-2", "caller-3"];
    await testCase.register(spec.sessionId, "naive", { login: [100, 0] });
    await Promise.all([testCase.startWorker(), testCase.startWorker()]);
    for (const caller of callers) testCase.call(context.client, spec, caller);
    await untilAnswered(context, spec, testCase, callers.length);
    return 0;
  }),
};

/** A caller that comes when all is over. */
export const lateCaller: Provocation = {
  sentence: "A caller starts the session again, a lease after it was cleaned up. No keys.",
  mode: "naive",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    await testCase.register(spec.sessionId, "naive");
    await testCase.startWorker();
    testCase.call(context.client, spec);
    await untilAnswered(context, spec, testCase);
    await delay(context.leaseMs);
    testCase.call(context.client, spec, "late");
    await untilAnswered(context, spec, testCase, 2);
    return 0;
  }),
};

/** A service that fails once. */
export const failOnce: Provocation = {
  sentence: "The call of record:1 fails once, before its effect.",
  mode: "idempotent",
  spec: {},
  play: eachAlone(async (context, spec, testCase) => {
    await testCase.register(spec.sessionId, "idempotent");
    await context.environment.witness.arm(spec.sessionId, "record:1", { kind: "throw", when: "before" });
    await testCase.startWorker();
    testCase.call(context.client, spec);
    const failed = await testCase.begun(spec.sessionId, "record:1");
    await untilAnswered(context, spec, testCase);
    return failed === null ? null : 1;
  }),
};

/** Nothing is done; services of the first activity are slower than those of the others. */
export const undisturbed: Provocation = {
  sentence: "Nothing is done to it; the first activity's service is slow. No keys.",
  mode: "naive",
  spec: { idleTimeoutMs: 500 },
  play: eachAlone(async (context, spec, testCase) => {
    await testCase.register(spec.sessionId, "naive", { "record:0": [300, 0] });
    testCase.call(context.client, spec);
    await testCase.startWorker();
    await untilAnswered(context, spec, testCase);
    return 0;
  }),
};
