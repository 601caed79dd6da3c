/** The rules that hold while the store is away. Each is played on a store of its own, which it kills. */
import { setTimeout as delay } from "node:timers/promises";
import { stepsOf } from "../../implementations/session/steps.ts";
import { plainSpec } from "../run/sample-session.ts";
import { storeOutage } from "../scenarios/acts.ts";
import { type Rule, unanswered, violationsIn } from "./rule.ts";

const awayMs = 1_500;

const waitsForMissingStore: Rule = {
  sentence: "startWorker and connectClient wait for a store that is not there yet, and take work once it is.",
  fix: "Try again, every 200 ms or so, until the store answers; and listen to the error events of its client, which end a Node process that does not.",
  async play({ openStage, openTrial, openClient, leaseMs }) {
    const spec = plainSpec("early");
    const stage = await openStage("missing-store");
    const trial = openTrial("early", stage);
    await trial.register(spec.sessionId, "naive");
    await stage.store.kill();
    const starting = Promise.all([trial.startWorker(), openClient(trial)]);
    starting.catch(() => {}); // it is told below, once the store is back
    await delay(awayMs);
    await stage.store.restart();
    const [, client] = await starting;
    trial.call(client, spec);
    await trial.answered(spec.sessionId);
    const history = await trial.close();
    return [...unanswered(history, spec, 1), ...violationsIn(history, [spec], leaseMs)];
  },
};

const survivesOutage: Rule = {
  sentence:
    "When the store dies and comes back on its data, workers and clients go on by themselves, and whoever waits gets the result.",
  fix: "Connect again after each loss, subscribe again, and look at the store for what was missed meanwhile; an answer that did not come may still have been carried out.",
  async play({ openStage, openTrial, openClient, leaseMs }) {
    const busy = plainSpec("outage-busy");
    const idle = plainSpec("outage-idle", { idleTimeoutMs: 3_000 });
    const specs = [busy, idle];
    const stage = await openStage("outage");
    const trial = openTrial("outage", stage);
    const client = await openClient(trial);
    const work = Object.fromEntries(
      stepsOf(3).map((step): [string, [number, number]] => [step, [leaseMs / 5, leaseMs / 5]]),
    );
    await trial.register(busy.sessionId, "idempotent", work);
    await trial.register(idle.sessionId, "idempotent");
    await trial.startWorker();
    trial.call(client, idle);
    await trial.idle(idle.sessionId);
    trial.call(client, busy);
    await trial.begun(busy.sessionId, "record:0");
    await storeOutage(stage.store, awayMs);
    await Promise.all(specs.map(({ sessionId }) => trial.answered(sessionId)));
    const history = await trial.close();
    return [
      ...specs.flatMap((spec) => unanswered(history, spec, 1)),
      ...violationsIn(history, specs, leaseMs),
    ];
  },
};

export const storeRules: readonly Rule[] = [waitsForMissingStore, survivesOutage];
