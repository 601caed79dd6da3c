/** The rules of the idle wait: whatever comes upon it, it ends when it would have. */
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { History } from "../history/history.ts";
import { landingsOf } from "../history/observe.ts";
import { plainSpec } from "../run/sample-session.ts";
import { dieBeforeTimer, killInWait, untilPartOfWait } from "../scenarios/acts.ts";
import { type Rule, repeated, unanswered, violationsIn } from "./rule.ts";

const idleLeases = 5;
/** So much of the wait has passed when something comes upon it. */
const halfway = 0.5;

const keepsTimerOfWhoeverJoins: Rule = {
  sentence:
    "Whoever starts an id while its session idles joins it, and the wait is neither ended early nor begun anew by that.",
  fix: "Where the session exists, leave its timer as it is: neither add its job again, nor change that job's delay.",
  async play({ openCase, openClient, leaseMs }) {
    const spec = plainSpec("joined-idle", { activities: 1, idleTimeoutMs: idleLeases * leaseMs });
    const { sessionId } = spec;
    const testCase = openCase("joined-idle");
    const client = await openClient(testCase, "first");
    const other = await openClient(testCase, "second");
    await testCase.register(sessionId, "naive");
    await testCase.startWorker();
    testCase.call(client, spec);
    await untilPartOfWait(testCase, spec, halfway);
    testCase.call(other, { ...spec, activities: [] }, "late");
    await Promise.all(["caller", "late"].map((caller) => testCase.answered(sessionId, caller)));
    const history = await testCase.close();
    return [
      ...unanswered(history, spec, 2),
      ...violationsIn(history, [spec], leaseMs),
      ...lateBy(history, spec, halfway * spec.idleTimeoutMs),
      ...repeated(history, spec),
    ];
  },
};

const keepsTimer: Rule = {
  sentence: "The idle wait is neither ended early nor begun anew by a worker that is killed in it.",
  fix: "Store the deadline, as an absolute time: what mark-idle returned as idleAt, plus idleTimeoutMs. A new worker waits for what is left of it, and not for idleTimeoutMs.",
  async play({ openCase, openClient, leaseMs }) {
    const spec = plainSpec("idle", { activities: 1, idleTimeoutMs: idleLeases * leaseMs });
    const { sessionId } = spec;
    const testCase = openCase("idle");
    const client = await openClient(testCase);
    await testCase.register(sessionId, "naive");
    await killInWait(testCase, client, spec, halfway);
    await testCase.startWorker();
    await testCase.answered(sessionId);
    const history = await testCase.close();
    return [
      ...unanswered(history, spec, 1),
      ...violationsIn(history, [spec], leaseMs),
      ...lateBy(history, spec, halfway * spec.idleTimeoutMs),
      ...repeated(history, spec),
    ];
  },
};

const keepsTimerThatDoesNotExistYet: Rule = {
  sentence: "The idle wait counts from mark-idle, even where its worker dies before it has stored that.",
  fix: "Compute the deadline from the idleAt that markIdle() returns, never from the time at which the wait begins: with its key, the second try returns the first one's.",
  async play({ openCase, openClient, leaseMs }) {
    const spec = plainSpec("idle-anew", { activities: 1, idleTimeoutMs: idleLeases * leaseMs });
    const { sessionId } = spec;
    const testCase = openCase("idle-anew");
    const client = await openClient(testCase);
    await testCase.register(sessionId, "idempotent");
    const { died } = await dieBeforeTimer(testCase, client, spec, 2 * leaseMs);
    await testCase.answered(sessionId);
    const history = await testCase.close();
    if (!died) return ["the first worker never came to mark-idle, where it was to die"];
    return [
      ...unanswered(history, spec, 1),
      ...violationsIn(history, [spec], leaseMs),
      ...lateBy(history, spec, 2 * leaseMs),
    ];
  },
};

/** Whether a session expired so late that its window must have been begun anew. */
function lateBy(
  history: History,
  { sessionId, idleTimeoutMs }: SessionSpec,
  beganAnewMs: number,
): readonly string[] {
  const [idle] = landingsOf(history, sessionId, "set-idle");
  const [expired] = landingsOf(history, sessionId, "set-expired");
  if (idle === undefined || expired === undefined) return [];
  const lateMs = expired.at - idle.at - idleTimeoutMs;
  return lateMs >= beganAnewMs ? [`it expired ${lateMs} ms late`] : [];
}

export const waitRules: readonly Rule[] = [
  keepsTimerOfWhoeverJoins,
  keepsTimer,
  keepsTimerThatDoesNotExistYet,
];
