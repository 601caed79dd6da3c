/** What a zombie still does to the outside world, by where it stood still and by what the service accepts. */
import { setTimeout as delay } from "node:timers/promises";
import type { WorldMode } from "../../../../implementations/session/world.ts";
import type { History } from "../../../history/history.ts";
import { answers, executionsOf } from "../../../history/observe.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { goOn, standStillAt } from "../../../scenarios/acts.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";

const pausedLeases = 3;
const modes: readonly WorldMode[] = ["idempotent", "naive", "fenced"];
/** In the middle of a lifecycle, where one step has three effects, and between an effect and its checkpoint. */
const places = [
  { step: "record:1", when: "before", effect: "append-activity", what: "before an activity" },
  { step: "cleanup", when: "before", effect: "revoke-token", what: "before cleanup" },
  { step: "record:2", when: "after", effect: "append-activity", what: "after an activity" },
] as const;
type StopPlace = (typeof places)[number];

export const zombieEffects: Claim = {
  id: "zombie-effects",
  sentence:
    "A worker that stood still while another one finished its session changes nothing more when it goes on.",
  provocation: `A worker is stopped just before the effect of an activity, just before the first one of cleanup, or between the effect of an activity and its checkpoint; another one takes over and finishes the session; after ${pausedLeases} leases the first one goes on. Once with keys, once without, once with a service that rejects an older fencing number.`,
  meaning:
    "No lease stops an effect that is under way. With keys nothing lands. Without, all effects of that one step land late, and then the zombie is stopped. A service that checks fencing numbers stops them, where the engine hands a step one.",
  play: async (context) => {
    const cases = places.flatMap((place) => modes.map((mode) => ({ place, mode })));
    return (await Promise.all(cases.map((each) => context.whenFree(() => standStill(context, each))))).flat();
  },
};

async function standStill(
  { client, openCase, leaseMs }: ScenarioContext,
  { place, mode }: { readonly place: StopPlace; readonly mode: WorldMode },
): Promise<readonly Evidence[]> {
  const { step, what } = place;
  const spec = plainSpec(`zombie-${step.replace(":", "-")}-${mode}`);
  const { sessionId } = spec;
  const testCase = openCase(sessionId);
  await testCase.register(sessionId, mode);
  const { zombie } = await standStillAt(testCase, client, spec, place);
  await testCase.answered(sessionId);
  await delay(pausedLeases * leaseMs);
  const wokenAt = Date.now(); // the world's clock is this machine's
  goOn(zombie);
  await delay(2 * leaseMs);
  const history = await testCase.close();

  const which = `stopped ${what}, ${mode}`;
  const countLate = lateWork(history, sessionId, zombie.worker, wokenAt);
  const reached = countLate("landed", "suppressed", "rejected");
  const wasProvoked =
    answers(history, sessionId) === 1 && executionsOf(history, sessionId, step).length === 2;
  return [
    measured(`late effects that reached the service, ${which}`, wasProvoked ? reached : null),
    mode === "idempotent"
      ? expected(`of them, landed, ${which}`, countLate("landed"), 0)
      : measured(`of them, landed, ${which}`, countLate("landed")),
    expected(`steps that the zombie began afterwards, ${which}`, countLate("begin"), 0),
  ];
}

/** Counts what the zombie did in the session after it went on, by kind of entry. */
function lateWork(history: History, sessionId: string, zombie: string, wokenAt: number) {
  const entries = history.sessions.get(sessionId)?.entries ?? [];
  return (...kinds: readonly string[]) =>
    entries.filter(
      (entry) =>
        kinds.includes(entry.kind) && "worker" in entry && entry.worker === zombie && entry.at >= wokenAt,
    ).length;
}
