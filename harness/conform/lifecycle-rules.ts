/** The rules that hold while nobody dies: one lifecycle for each id, in order, and steps that are tried again. */
import { setTimeout as delay } from "node:timers/promises";
import { effectsOf, stepsOf } from "../../implementations/session/steps.ts";
import { executionsOf, landingsOf } from "../history/observe.ts";
import { plainSpec } from "../run/sample-session.ts";
import { race } from "../scenarios/acts.ts";
import { type Rule, repeated, unanswered, violationsIn } from "./rule.ts";

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

const joinsWhatEnded: Rule = {
  sentence:
    "Whoever starts an id that has ended, with another spec and from another process, gets the first result, and nothing runs.",
  fix: "Keep what a finished session returned in the store, under its id, and answer a start of that id from it.",
  async play({ openCase, openClient, leaseMs }) {
    const testCase = openCase("late");
    const spec = plainSpec("ended");
    const { sessionId } = spec;
    await testCase.register(sessionId, "naive");
    testCase.call(await openClient(testCase, "first"), spec, "first");
    await testCase.startWorker();
    await testCase.answered(sessionId, "first");
    testCase.call(await openClient(testCase, "second"), plainSpec(sessionId, { activities: 1 }), "second");
    await testCase.answered(sessionId, "second");
    await delay(2 * leaseMs); // whatever the second start set off would show
    const history = await testCase.close();
    return [
      ...unanswered(history, spec, 2),
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
  runsToItsEnd,
  joinsWhatRuns,
  joinsWhatEnded,
  retriesWithTheSameKey,
  groupsNeverMeet,
];
