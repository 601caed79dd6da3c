/** The rules that hold when workers die or leave: others take over, and nothing is done twice with keys. */
import { setTimeout as delay } from "node:timers/promises";
import { stepsOf } from "../../implementations/session/steps.ts";
import { causeOf } from "../processes/unexpected-exit.ts";
import { evenWork, plainSpec } from "../run/sample-session.ts";
import { afterActivity, goOn, standStillAt } from "../scenarios/acts.ts";
import { type Rule, repeated, unanswered, violationsIn } from "./rule.ts";

/** "Two leases or so": a takeover that polls for dead workers needs a lease and a look or two. */
const takeoverLeases = 3;
const drainLeases = 5;

const survivesKill: Rule = {
  sentence: `A worker that dies by SIGKILL in a step, after its effect, is replaced by another one within ${takeoverLeases} leases, and the effect lands once.`,
  fix: "Hold a session by a lease of leaseMs that its worker renews while it lives, and let others take what has lapsed; the step must run again with the same key, since nobody knows whether its effect landed.",
  async play({ environment, openCase, openClient, leaseMs }) {
    const spec = plainSpec("killed");
    const { sessionId } = spec;
    const testCase = openCase("killed");
    const client = await openClient(testCase);
    // The first step leaves the other worker the time to be there.
    await testCase.register(sessionId, "idempotent", { login: [1.5 * leaseMs, 0] });
    await environment.witness.arm(sessionId, "record:1", {
      kind: "crash",
      when: "after",
      effect: "append-activity",
    });
    testCase.call(client, spec);
    const first = await testCase.startWorker();
    await testCase.begun(sessionId, "login");
    const second = await testCase.startWorker();
    const begun = await testCase.begun(sessionId, "record:1"); // by either: a session need not stay with a worker
    const [victim, standby] = begun?.worker === second.worker ? [second, first] : [first, second];
    const died = await testCase.diesAt("record:1/after", victim);
    await testCase.answered(sessionId);
    const history = await testCase.close();
    if (!died) return [`no worker came to record:1, where it was to die`];
    const exitedAt = history.workers.get(victim.worker)?.exited?.at ?? Number.NaN;
    const next = history.sessions
      .get(sessionId)
      ?.begins.find(({ worker, at }) => worker === standby.worker && at >= (begun?.at ?? 0));
    const tookMs = (next?.at ?? Number.NaN) - exitedAt;
    return [
      ...unanswered(history, spec, 1),
      ...violationsIn(history, [spec], leaseMs),
      ...(tookMs > takeoverLeases * leaseMs ? [`the other worker took over after ${tookMs} ms`] : []),
      ...(next !== undefined && next.step !== "record:1"
        ? [`the other worker began with ${next.step}, not with record:1, where the first one died`]
        : []),
    ];
  },
};

const takesBackWhatItLost: Rule = {
  sentence:
    "A worker that stood still until another one had its session lets go of it, and takes it again when that one dies.",
  fix: "Where the store says that a session is in other hands, end its run and forget it: whoever asks again and again, or holds on to the id, is nobody to take it over.",
  async play({ openCase, openClient, leaseMs }) {
    const spec = plainSpec("lost");
    const { sessionId } = spec;
    const testCase = openCase("lost");
    const client = await openClient(testCase);
    await testCase.register(sessionId, "idempotent", { "record:2": [2 * leaseMs, 0] });
    const { zombie, successor } = await standStillAt(testCase, client, spec, afterActivity);
    await testCase.begun(sessionId, "record:2");
    goOn(zombie);
    await delay(leaseMs / 2); // the time to hear that the session is in other hands
    await testCase.kill("the worker that took over", "kill", [successor]);
    await testCase.answered(sessionId);
    const history = await testCase.close();
    const again = history.sessions.get(sessionId)?.begins.at(-1);
    return [
      ...unanswered(history, spec, 1),
      ...violationsIn(history, [spec], leaseMs),
      ...(again?.worker === zombie.worker ? [] : ["the worker that was left did not go on with the session"]),
    ];
  },
};

const drains: Rule = {
  sentence: `stop() takes no new work and lets go of the old between two steps: the worker leaves within ${drainLeases} leases, and no step runs twice.`,
  fix: "On stop(), ask for no more sessions, finish the step of each that is held, release it or bring it to its wait, and resolve then.",
  async play({ openCase, openClient, leaseMs }) {
    const specs = ["one", "two", "three", "four"].map((name) =>
      plainSpec(`deployed-${name}`, { idleTimeoutMs: leaseMs }),
    );
    const testCase = openCase("deployed");
    const client = await openClient(testCase);
    const work = evenWork(stepsOf(3), leaseMs / 5);
    for (const { sessionId } of specs) await testCase.register(sessionId, "naive", work);
    const leaving = await testCase.startWorker();
    for (const spec of specs) testCase.call(client, spec);
    await Promise.all(specs.map(({ sessionId }) => testCase.begun(sessionId, "login")));
    await testCase.startWorker();
    await testCase.end(leaving, drainLeases * leaseMs);
    const exit = await leaving.child.exited;
    await Promise.all(specs.map(({ sessionId }) => testCase.answered(sessionId)));
    const history = await testCase.close();
    const wasKilled = exit.signal === "SIGKILL";
    return [
      ...(wasKilled ? [`the worker was still there ${drainLeases} leases after SIGTERM`] : []),
      ...(!wasKilled && exit.code !== 0 ? [`the worker left with ${causeOf(exit)}`] : []),
      ...specs.flatMap((spec) => [...unanswered(history, spec, 1), ...repeated(history, spec)]),
    ];
  },
};

export const crashRules: readonly Rule[] = [survivesKill, takesBackWhatItLost, drains];
