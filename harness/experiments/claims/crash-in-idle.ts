import { setTimeout as delay } from "node:timers/promises";
import { plainSpec } from "../plain-spec.ts";
import { Trial } from "../trial.ts";
import { type Claim, type Evidence, expected, measured, type Scene } from "./claim.ts";
import { deaths, ifProvoked, landingsOf } from "./observe.ts";

const idleTimeoutMs = 5_000;
const killedAt = [0.2, 0.5, 0.9];
const downFor = [0.1, 1.5];

export const crashInIdle: Claim = {
  id: "crash-in-idle",
  sentence: "A crash in the idle wait neither restarts the timer nor shortens it.",
  provocation: `In a window of ${idleTimeoutMs / 1000} s, every worker is killed when 20 %, 50 % and 90 % of it have passed, and another one starts after 10 % and after 150 % of what remained.`,
  declared: { "resonate@embedded": "holds", "redis-bullmq@redis": "holds" },
  meaning:
    "The deadline is absolute and durable on both sides. A timer that whoever came back restarted would be late by what had passed of the window until then; less than that is what a wake takes on a machine on which many others are provoked.",
  play: async (scene) => {
    const cases = killedAt.flatMap((fraction) => downFor.map((share) => ({ fraction, share })));
    const waits = await Promise.all(cases.map((each) => scene.inLane(() => killInWait(scene, each))));
    const kills = waits.reduce((sum, wait) => sum + wait.kills, 0);
    const earliest = waits.map(({ afterDueMs }) => afterDueMs);
    return [
      measured("kills in the wait", ifProvoked(kills, cases.length)),
      expected(
        "least time from the deadline to the expiry",
        earliest.includes(null) ? null : Math.min(...earliest.map(Number)),
        [-1, longestMs],
        "ms",
      ),
      ...waits.map(({ lateness }) => lateness),
    ];
  },
};

/** No case takes longer, ms. */
const longestMs = 60_000;

interface Wait {
  readonly kills: number;
  readonly afterDueMs: number | null;
  /** How late the expiry came, once the deadline was over and somebody was there. */
  readonly lateness: Evidence;
}

async function killInWait(
  { stage, client }: Scene,
  { fraction, share }: { readonly fraction: number; readonly share: number },
): Promise<Wait> {
  const spec = plainSpec(`idle-${fraction * 100}-${share * 100}`, { activities: 1, idleTimeoutMs });
  const { sessionId } = spec;
  const trial = new Trial(stage, sessionId);
  await trial.register(sessionId, "naive");
  trial.call(client, spec);
  const victim = await trial.startWorker();
  await trial.idle(sessionId);
  await delay(fraction * idleTimeoutMs);
  await trial.kill(`${sessionId} in its wait`, "kill-all", [victim]);
  await delay(share * (1 - fraction) * idleTimeoutMs);
  const { worker } = await trial.startWorker();
  await trial.answered(sessionId);
  const history = await trial.close();

  const [idle] = landingsOf(history, sessionId, "set-idle");
  const [expire] = landingsOf(history, sessionId, "set-expired");
  const backAt = history.workers.get(worker)?.ready?.at;
  const which = `late, killed at ${fraction * 100} %, down for ${share * 100} % of the rest`;
  const restartedMs = idleTimeoutMs * Math.min(1, fraction + share * (1 - fraction));
  const wasSeen = idle !== undefined && expire !== undefined && backAt !== undefined;
  const dueAt = (idle?.at ?? 0) + idleTimeoutMs;
  const lateMs = wasSeen ? Math.max(0, expire.at - Math.max(dueAt, backAt)) : null;
  return {
    kills: deaths(history),
    afterDueMs: wasSeen ? expire.at - dueAt : null,
    lateness: expected(which, lateMs, [0, Math.floor(restartedMs) - 1], "ms"),
  };
}
