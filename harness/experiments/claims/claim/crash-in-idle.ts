import { setTimeout as delay } from "node:timers/promises";
import type { SessionSpec } from "../../../../implementations/session/spec.ts";
import type { History } from "../../../history/history.ts";
import { deaths, ifProvoked, landingsOf } from "../../../history/observe.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { dieBeforeTimer, killInWait } from "../../../scenarios/acts.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";

const idleLeases = 6;
const killedAt = [0.2, 0.5, 0.9];
const downFor = [0.1, 1.5];

export const crashInIdle: Claim = {
  id: "crash-in-idle",
  sentence: "A crash in the idle wait neither restarts the timer nor shortens it.",
  provocation: `In a window of ${idleLeases} leases, every worker is killed when 20 %, 50 % and 90 % of it have passed, and another one starts after 10 % and after 150 % of what remained; in one more session the worker dies before the timer exists, when the session has just become idle. Keys in that one.`,
  meaning:
    "The deadline is absolute and durable on every engine. A timer that whoever came back restarted would be late by what had passed of the window until then; less than that is what a wake takes on a machine on which many others are provoked.",
  play: async (context) => {
    const cases = killedAt.flatMap((fraction) => downFor.map((share) => ({ fraction, share })));
    const [before, ...waits] = await Promise.all([
      context.whenFree(() => playDeathBeforeTimer(context)),
      ...cases.map((each) => context.whenFree(() => playKill(context, each))),
    ]);
    const all = [before, ...waits];
    const afterDueMs = all.map((wait) => wait.afterDueMs);
    return [
      measured(
        "kills before the deadline",
        ifProvoked(all.filter((wait) => wait.wasKilledInTime).length, all.length),
      ),
      measured("workers back before it", all.filter((wait) => wait.wasBackInTime).length),
      expected(
        "least time from the deadline to an expiry",
        afterDueMs.includes(null) ? null : Math.min(...afterDueMs.map(Number)),
        [-1, null],
        "ms",
      ),
      ...all.map(({ lateness }) => lateness),
    ];
  },
};

interface Wait {
  readonly wasKilledInTime: boolean;
  readonly wasBackInTime: boolean;
  /** From the deadline to the expiry, ms; null where either was not seen. */
  readonly afterDueMs: number | null;
  /** How late the expiry came, once the deadline was over and somebody was there. */
  readonly lateness: Evidence;
}

async function playKill(
  { client, openCase, leaseMs }: ScenarioContext,
  { fraction, share }: { readonly fraction: number; readonly share: number },
): Promise<Wait> {
  const idleTimeoutMs = idleLeases * leaseMs;
  const spec = plainSpec(`idle-${fraction * 100}-${share * 100}`, { activities: 1, idleTimeoutMs });
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "naive");
  await killInWait(testCase, client, spec, fraction);
  await delay(share * (1 - fraction) * idleTimeoutMs);
  const { worker } = await testCase.startWorker();
  await testCase.answered(sessionId);
  const which = `late, killed at ${fraction * 100} %, down for ${share * 100} % of the rest`;
  const restartedMs = idleTimeoutMs * Math.min(1, fraction + share * (1 - fraction));
  return waitOf(await testCase.close(), spec, worker, { which, restartedMs });
}

/** Between the effect that starts the window and its checkpoint: whoever repeats the step must not start it anew. */
async function playDeathBeforeTimer({ client, openCase, leaseMs }: ScenarioContext): Promise<Wait> {
  const spec = plainSpec("idle-before-timer", { activities: 1, idleTimeoutMs: idleLeases * leaseMs });
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, "idempotent");
  const { successor } = await dieBeforeTimer(testCase, client, spec, 2 * leaseMs);
  await testCase.answered(sessionId);
  const limits = { which: "late, killed before the timer exists", restartedMs: 2 * leaseMs };
  return waitOf(await testCase.close(), spec, successor.worker, limits);
}

function waitOf(
  history: History,
  { sessionId, idleTimeoutMs }: SessionSpec,
  successor: string,
  { which, restartedMs }: { readonly which: string; readonly restartedMs: number },
): Wait {
  const [idle] = landingsOf(history, sessionId, "set-idle");
  const [expire] = landingsOf(history, sessionId, "set-expired");
  const backAt = history.workers.get(successor)?.ready?.at;
  if (idle === undefined || expire === undefined || backAt === undefined) {
    return {
      wasKilledInTime: false,
      wasBackInTime: false,
      afterDueMs: null,
      lateness: measured(which, null, "ms"),
    };
  }
  const dueAt = idle.at + idleTimeoutMs;
  const lateMs = Math.max(0, expire.at - Math.max(dueAt, backAt));
  return {
    wasKilledInTime: deaths(history, idle.at, dueAt) === 1,
    wasBackInTime: backAt < dueAt,
    afterDueMs: expire.at - dueAt,
    lateness: expected(which, lateMs, [0, Math.floor(restartedMs) - 1], "ms"),
  };
}
