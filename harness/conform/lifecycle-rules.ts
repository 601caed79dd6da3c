/** The rules that hold while nobody dies: one lifecycle for each id, in order, and steps that are tried again. */
import { setTimeout as delay } from "node:timers/promises";
import { longestStopMs } from "../../implementations/session/contract.ts";
import { effectsOf, stepsOf } from "../../implementations/session/steps.ts";
import { executionsOf, landingsOf } from "../history/observe.ts";
import { oddIds } from "../plan/session-ids.ts";
import { plainSpec } from "../run/sample-session.ts";
import { race } from "../scenarios/acts.ts";
import type { Entry } from "../world/entry.ts";
import { type Rule, repeated, unanswered, violationsIn } from "./rule.ts";

const getsReady: Rule = {
  sentence:
    "startWorker and connectClient resolve where the store is there, and so does stop() where nothing is held.",
  fix: "Resolve startWorker once the worker takes work, and connectClient once it can start sessions; wait for nothing that only a session, or another process, would bring about.",
  opensAll: true,
  async play({ openCase, openClient }) {
    const testCase = openCase("ready");
    const worker = await testCase.startWorker();
    await openClient(testCase);
    await testCase.end(worker, longestStopMs);
    const { signal } = await worker.child.exited;
    await testCase.close();
    return signal === "SIGKILL" ? [`the worker was still there ${longestStopMs / 1000} s after SIGTERM`] : [];
  },
};

const runsToItsEnd: Rule = {
  sentence:
    "A session runs to its end: every effect lands once and in order, the wait is as long as its spec says, and the caller gets a result that agrees.",
  fix: "Call the operations of implementations/session/operations.ts one after another, in the order of stepsOf() in steps.ts, and put the result together from what they return.",
  async play({ openCase, openClient, leaseMs }) {
    const spec = plainSpec("plain", { idleTimeoutMs: 700 });
    const testCase = openCase("plain");
    const client = await openClient(testCase);
    await testCase.register(spec.sessionId, "naive");
    testCase.call(client, spec);
    await testCase.startWorker();
    await testCase.answered(spec.sessionId);
    const history = await testCase.close();
    const wrong = [...unanswered(history, spec, 1), ...violationsIn(history, [spec], leaseMs)];
    return wrong.length > 0 ? wrong : repeated(history, spec);
  },
};

const joinsWhatRuns: Rule = {
  sentence:
    "Whoever starts an id that exists, at the same moment or while it runs, joins it, whatever else their spec says: one lifecycle, one result.",
  fix: "Let the store decide who creates the session, by the id and in one atomic step (a unique key, a set-if-absent); take the spec from what was stored first, and let start() resolve for all others too.",
  async play({ openCase, openClient, leaseMs }) {
    const testCase = openCase("joins");
    const clients = [await openClient(testCase, "one"), await openClient(testCase, "two")];
    const sessionId = "joined";
    const callers = ["a", "b", "c", "d"];
    const spec = plainSpec(sessionId);
    await testCase.register(sessionId, "naive", { "record:1": [leaseMs / 2, 0] });
    await testCase.startWorker();
    const racers = callers.map((caller) => ({ caller, spec: plainSpec(sessionId, { flavour: caller }) }));
    await race(testCase, clients, racers);
    await testCase.begun(sessionId, "record:1");
    for (const client of clients.slice(1))
      testCase.call(client, plainSpec(sessionId, { activities: 1 }), "late");
    await Promise.all([...callers, "late"].map((caller) => testCase.answered(sessionId, caller)));
    const history = await testCase.close();
    return [
      ...unanswered(history, spec, callers.length + 1),
      ...violationsIn(history, [spec], leaseMs),
      ...repeated(history, spec),
    ];
  },
};

/** Longer than a memory that was meant for callers who come at once, ms. */
const laterMs = 5_000;

const joinsWhatEnded: Rule = {
  sentence: `Whoever starts an id that has ended, with another spec and from another process, at once, after ${laterMs / 1000} s or after a restart of the workers, gets the first result, and nothing runs.`,
  fix: "Keep what a finished session returned in the store, under its id and for as long as callers may come back, and answer a start of that id from it.",
  async play({ openCase, openClient, leaseMs }) {
    const testCase = openCase("late");
    const spec = plainSpec("ended");
    const { sessionId } = spec;
    await testCase.register(sessionId, "naive");
    testCase.call(await openClient(testCase, "first"), spec, "first");
    const worker = await testCase.startWorker();
    await testCase.answered(sessionId, "first");
    const other = await openClient(testCase, "second");
    const startsAgain = async (caller: string) => {
      testCase.call(other, plainSpec(sessionId, { activities: 1 }), caller);
      await testCase.answered(sessionId, caller);
    };
    await startsAgain("second");
    await delay(laterMs);
    await startsAgain("third");
    await testCase.end(worker);
    await testCase.startWorker();
    await startsAgain("fourth");
    await delay(2 * leaseMs); // whatever the later starts set off would show
    const history = await testCase.close();
    return [
      ...unanswered(history, spec, 4),
      ...violationsIn(history, [spec], leaseMs),
      ...repeated(history, spec),
    ];
  },
};

const retriesWithTheSameKey: Rule = {
  sentence:
    "A step whose call failed is tried again after retryDelayMs, alone, and with the idempotency key of the first try.",
  fix: "Make the key from the session and the step, and from nothing that a retry changes; mark a step in the store as done when it is, and go on from there; wait for retryDelayMs before the next try.",
  async play({ openCase, openClient, retryDelayMs, leaseMs }) {
    const spec = plainSpec("retried");
    const { sessionId } = spec;
    const steps = stepsOf(spec.activities.length);
    const testCase = openCase("retries");
    const client = await openClient(testCase);
    await testCase.register(sessionId, "idempotent");
    for (const step of steps)
      await testCase.environment.witness.arm(sessionId, step, { kind: "throw", when: "after" });
    testCase.call(client, spec);
    await testCase.startWorker();
    await testCase.answered(sessionId);
    const history = await testCase.close();
    const wrong = [...unanswered(history, spec, 1), ...violationsIn(history, [spec], leaseMs)];
    for (const step of steps) {
      const [first, second, ...more] = executionsOf(history, sessionId, step);
      if (second === undefined) continue; // then it has not ended either
      if (more.length > 0) wrong.push(`${step} was executed ${2 + more.length} times, though it failed once`);
      for (const effect of effectsOf(step)) {
        const landed = landingsOf(history, sessionId, effect, step).length;
        if (landed > 1)
          wrong.push(`${effect} of ${step} landed ${landed} times: its second try had another key`);
      }
      const pauseMs = second.at - (first?.at ?? 0);
      if (pauseMs < retryDelayMs - 1)
        wrong.push(`${step} was tried again ${pauseMs} ms after its first try began`);
    }
    return wrong;
  },
};

const failures = 12;
/**
 * A pause that is so many times the usual one is another: what a busy machine adds to one is less. So is a usual one that is so many
 * times what was asked for, and a lease more.
 */
const mostTimesUsual = 5;

const retriesWithoutEnd: Rule = {
  sentence: `A step that fails ${failures} times in a row is tried again each time after retryDelayMs, no sooner where others start the id meanwhile and no later each time, and the session runs to its end.`,
  fix: "Bound the number of attempts by nothing, wait for the same time before each, and leave what exists as it is when its id is started again: a job that is made anew has forgotten what it waits for.",
  async play({ environment, openCase, openClient, retryDelayMs, leaseMs }) {
    const spec = plainSpec("failing");
    const { sessionId } = spec;
    const step = "record:1";
    const testCase = openCase("fails");
    const client = await openClient(testCase);
    await testCase.register(sessionId, "idempotent");
    await environment.witness.arm(sessionId, step, { kind: "throw", when: "before" }, failures);
    testCase.call(client, spec);
    await testCase.startWorker();
    for (const nth of [3, failures - 1]) {
      await testCase.begun(sessionId, step, nth);
      testCase.call(client, spec, `late-${nth}`);
    }
    await testCase.answered(sessionId, "caller", Math.max(8_000, 8 * leaseMs));
    const history = await testCase.close();
    const tries = executionsOf(history, sessionId, step).map(({ at }) => at);
    const pausesMs = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    const usualMs = pausesMs.toSorted((a, b) => a - b)[Math.floor(pausesMs.length / 2)] ?? 0;
    return [
      ...unanswered(history, spec, history.sessions.get(sessionId)?.calls.length ?? 0),
      ...violationsIn(history, [spec], leaseMs),
      ...(pausesMs.some((pauseMs) => pauseMs < retryDelayMs - 1)
        ? [`${step} was tried again after ${Math.min(...pausesMs)} ms`]
        : []),
      ...(usualMs > mostTimesUsual * retryDelayMs + leaseMs
        ? [`${step} was tried again after ${usualMs} ms as a rule, and ${retryDelayMs} ms were asked for`]
        : []),
      ...(Math.max(...pausesMs) > mostTimesUsual * usualMs
        ? [`${step} was tried again after ${Math.max(...pausesMs)} ms, and as a rule after ${usualMs} ms`]
        : []),
    ];
  },
};

const tellsSoonLeases = 2;

const tellsSoon: Rule = {
  sentence: `Whoever waits for a session gets its result within ${tellsSoonLeases} leases of its end.`,
  fix: "Tell whoever waits when the session has ended, and look at the store for what was missed every lease or so, not every ten seconds.",
  async play({ openCase, openClient, leaseMs }) {
    const specs = ["told-one", "told-two"].map((name) => plainSpec(name, { activities: 1 }));
    const testCase = openCase("told");
    const client = await openClient(testCase);
    for (const { sessionId } of specs) await testCase.register(sessionId, "naive");
    await testCase.startWorker();
    for (const spec of specs) testCase.call(client, spec);
    await Promise.all(specs.map(({ sessionId }) => testCase.answered(sessionId)));
    const history = await testCase.close();
    return specs.flatMap((spec) => {
      const [end] = landingsOf(history, spec.sessionId, "write-audit");
      const [result] = history.sessions.get(spec.sessionId)?.results ?? [];
      const tookMs = (result?.at ?? Number.NaN) - (end?.at ?? Number.NaN);
      return [
        ...unanswered(history, spec, 1),
        ...(tookMs > tellsSoonLeases * leaseMs ? [`the result came ${tookMs} ms after the last effect`] : []),
      ];
    });
  },
};

/** One of every kind that a store, a queue or a language may take for something else; each is a session of its own. */
const unusualIds: readonly string[] = [
  "42",
  "007",
  "1e3",
  "a b ",
  "Case",
  "case",
  "../up",
  "a/b?c=d#e&f%2Fg",
  "-dash",
  "{curly}*[x]",
  "naïve-日本語-🙂",
  "null",
  "__proto__",
  ...Object.values(oddIds).map((idAt) => idAt(17)),
];

const idsOfEveryKind: Rule = {
  sentence:
    "A session id may be anything but empty, without ':', NUL and half surrogate pairs: digits only, blanks, line ends, quotes, signs, other scripts, 1,900 bytes; and start() rejects a spec that is none.",
  fix: "Encode the id, or put letters before it, where the engine takes some ids for something else; check a spec with sessionSpecSchema at the head of start().",
  async play({ openCase, openClient, leaseMs }) {
    const testCase = openCase("ids");
    const client = await openClient(testCase);
    const specs = unusualIds.map((id) => plainSpec(id, { activities: 1, flavour: id }));
    for (const { sessionId } of specs) await testCase.register(sessionId, "naive");
    await testCase.startWorker();
    for (const spec of specs) testCase.call(client, spec);
    await Promise.all(specs.map(({ sessionId }) => testCase.answered(sessionId)));
    const history = await testCase.close();
    // Nobody works in its case: what the world refuses there would say nothing of the implementation.
    const refusing = openCase("half-a-pair");
    const half = { ...plainSpec("half-a-pair"), userId: "half \ud800" };
    await refusing.register(half.sessionId, "naive");
    refusing.call(await openClient(refusing), half);
    const isHeard = (entry: Entry): entry is Entry =>
      (entry.kind === "started" || entry.kind === "start-failed") && entry.session === half.sessionId;
    const heard = await refusing.entry(isHeard);
    await refusing.close();
    return [
      ...specs.flatMap((spec) => unanswered(history, spec, 1)),
      ...violationsIn(history, specs, leaseMs),
      ...(heard?.kind === "start-failed" ? [] : ["start() took a user id with half a surrogate pair"]),
    ];
  },
};

const groupsNeverMeet: Rule = {
  sentence: "A worker executes the sessions of its own group and of no other.",
  fix: "Keep the group, with the store's prefix before it, in the name of the queue or in the key of the row, and let a worker look at nothing else.",
  async play({ openCase, openClient, leaseMs }) {
    const spec = plainSpec("grouped");
    const testCase = openCase("group-of-the-session");
    const others = openCase("group-of-others");
    const client = await openClient(testCase);
    await testCase.register(spec.sessionId, "naive");
    await others.startWorker();
    testCase.call(client, spec);
    await delay(2 * leaseMs);
    await testCase.startWorker();
    await testCase.answered(spec.sessionId);
    await others.close();
    const history = await testCase.close();
    const strangers = (history.sessions.get(spec.sessionId)?.begins ?? []).filter(
      ({ worker }) => !worker.startsWith(`${testCase.group}#`),
    );
    return [
      ...unanswered(history, spec, 1),
      ...(strangers.length > 0 ? [`a worker of another group executed ${strangers.length} steps of it`] : []),
    ];
  },
};

export const lifecycleRules: readonly Rule[] = [
  getsReady,
  runsToItsEnd,
  joinsWhatRuns,
  joinsWhatEnded,
  retriesWithTheSameKey,
  retriesWithoutEnd,
  tellsSoon,
  idsOfEveryKind,
  groupsNeverMeet,
];
