import { setTimeout as delay } from "node:timers/promises";
import { plainSpec } from "../plain-spec.ts";
import { Trial } from "../trial.ts";
import { type Claim, type Evidence, expected, measured, type Scene } from "./claim.ts";
import { deaths, ifProvoked, landingsOf } from "./observe.ts";

const idleTimeoutMs = 5_000;
const killedAt = [0.2, 0.5, 0.9];
const downFor = [0.1, 1.5];
/** A timer that a crash restarts is late by at least the part of the window that had passed at the first of the kills. */
const restartedMs = idleTimeoutMs * Math.min(...killedAt);

export const crashInIdle: Claim = {
  id: "crash-in-idle",
  sentence: "A crash in the idle wait neither restarts the timer nor shortens it.",
  provocation: `In a window of ${idleTimeoutMs / 1000} s, every worker is killed when 20 %, 50 % and 90 % of it have passed, and another one starts after 10 % and after 150 % of what remained.`,
  declared: { "resonate@embedded": "holds", "redis-bullmq@redis": "holds" },
  meaning: `The deadline is absolute and durable on both sides. A restarted timer would be at least ${restartedMs} ms late, a relative one early. Where nobody was there at the deadline, lateness counts from the first worker's return.`,
  play: async (scene) => {
    const cases = killedAt.flatMap((fraction) => downFor.map((share) => ({ fraction, share })));
    return (await Promise.all(cases.map((each) => scene.inLane(() => killInWait(scene, each))))).flat();
  },
};

async function killInWait(
  { stage, client }: Scene,
  { fraction, share }: { readonly fraction: number; readonly share: number },
): Promise<readonly Evidence[]> {
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
  const [expire, ...more] = landingsOf(history, sessionId, "set-expired");
  const dueAt = (idle?.at ?? Number.NaN) + idleTimeoutMs;
  const backAt = history.workers.get(worker)?.ready?.at ?? Number.NaN;
  const lateMs = expire === undefined || more.length > 0 ? null : expire.at - Math.max(dueAt, backAt);
  const which = `killed at ${fraction * 100} %, down for ${share * 100} % of the rest`;
  const since = share < 1 ? "from the deadline" : "from a worker's return";
  return [
    measured(`kills in the wait, ${which}`, ifProvoked(deaths(history), 1), "kills"),
    expected(
      `${since} to the expiry, ${which}`,
      lateMs,
      "ms",
      Math.min(0, dueAt - backAt) - 1,
      restartedMs - 1,
    ),
  ];
}
