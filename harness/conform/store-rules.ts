/** The rules that hold while the store is away. Each is played on a store of its own, which it kills. */
import { setTimeout as delay } from "node:timers/promises";
import { stepsOf } from "../../implementations/session/steps.ts";
import { evenWork, plainSpec } from "../run/sample-session.ts";
import { type Rule, unanswered, violationsIn } from "./rule.ts";

const awayMs = 1_500;

const waitsForMissingStore: Rule = {
  sentence: "startWorker and connectClient wait for a store that is not there yet, and take work once it is.",
  fix: "Try again, every 200 ms or so, until the store answers; and listen to the error events of its client, which end a Node process that does not.",
  async play({ openEnvironment, openCase, openClient, leaseMs }) {
    const spec = plainSpec("early");
    const environment = await openEnvironment("missing-store");
    const testCase = openCase("early", environment);
    await testCase.register(spec.sessionId, "naive");
    const bringBack = await testCase.takeStoreAway();
    const starting = Promise.all([testCase.startWorker(), openClient(testCase)]);
    starting.catch(() => {}); // it is told below, once the store is back
    await delay(awayMs);
    await bringBack();
    const [, client] = await starting;
    testCase.call(client, spec);
    await testCase.answered(spec.sessionId);
    const history = await testCase.close();
    return [...unanswered(history, spec, 1), ...violationsIn(history, [spec], leaseMs)];
  },
};

const survivesOutage: Rule = {
  sentence:
    "When the store dies and comes back on its data, workers and clients go on by themselves, and whoever waits gets the result.",
  fix: "Connect again after each loss, subscribe again, and look at the store for what was missed meanwhile; an answer that did not come may still have been carried out.",
  async play({ openEnvironment, openCase, openClient, leaseMs }) {
    const busy = plainSpec("outage-busy");
    const idle = plainSpec("outage-idle", { idleTimeoutMs: 3_000 });
    const specs = [busy, idle];
    const environment = await openEnvironment("outage");
    const testCase = openCase("outage", environment);
    const client = await openClient(testCase);
    const work = evenWork(stepsOf(3), leaseMs / 5);
    await testCase.register(busy.sessionId, "idempotent", work);
    await testCase.register(idle.sessionId, "idempotent");
    await testCase.startWorker();
    testCase.call(client, idle);
    await testCase.idle(idle.sessionId);
    testCase.call(client, busy);
    await testCase.begun(busy.sessionId, "record:0");
    await testCase.storeOutage(awayMs);
    await Promise.all(specs.map(({ sessionId }) => testCase.answered(sessionId)));
    const history = await testCase.close();
    return [
      ...specs.flatMap((spec) => unanswered(history, spec, 1)),
      ...violationsIn(history, specs, leaseMs),
    ];
  },
};

export const storeRules: readonly Rule[] = [waitsForMissingStore, survivesOutage];
