/**
 * Test support: each invariant once more, in the slowest obvious way, straight from the list of entries: no index, no
 * exposure, no shared code but the names of steps and effects. Where the two disagree, one of them is wrong.
 */
import { isDeepStrictEqual } from "node:util";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import {
  type Effect,
  effectsOf,
  recordStep,
  type Step,
  stepsOf,
} from "../../implementations/session/steps.ts";
import type { InvariantId } from "../checks/invariants/index.ts";
import type { BeginEntry, EffectEntry, WorkEntry } from "../history/history.ts";
import type { Entry, EntryOf } from "../world/entry.ts";
import { absencesIn, deathsOf, endOfAbsence } from "./oracle-workers.ts";

/** Whether one session broke an invariant; of `nobody-deaf`, whether one worker did. */
type Reference = (entries: readonly Entry[], session: string, leaseMs: number) => boolean;

const onceWithin =
  (step: Step): Reference =>
  (entries, session) =>
    !landsOnce(entries, session, step);

export const references: Readonly<Record<InvariantId, Reference>> = {
  "started-once": (entries, session) => {
    const results = of(entries, session, "result").map(({ result }) => result);
    const ranNothingPassed = worksOf(entries, session).length > 0 && fitting(entries, session).length === 0;
    return ranNothingPassed || results.some((result) => !isDeepStrictEqual(result, results[0]));
  },

  "login-once": onceWithin("login"),

  "recorded-once": (entries, session) =>
    !candidates(entries, session).some(({ activities }) =>
      activities.every((_, index) => landsOnce(entries, session, recordStep(index))),
    ),

  "in-order": (entries, session) => {
    const places = landedOf(entries, session).map(({ step, effect }) => placeOf(step, effect));
    return places.some((place, index) => places.slice(index).some((later) => later < place));
  },

  "not-early": (entries, session) => {
    const idleMs = Math.min(...candidates(entries, session).map(({ idleTimeoutMs }) => idleTimeoutMs));
    const landed = landedOf(entries, session);
    return landed.some((expired, index) => {
      if (expired.effect !== "set-expired") return false;
      const idle = landed.slice(0, index).filter(({ effect }) => effect === "set-idle");
      return idle.length === 0 || expired.at - (idle.at(-1)?.at ?? 0) < idleMs - 1;
    });
  },

  "timer-kept": (entries, session, leaseMs) => {
    const works = worksOf(entries, session);
    const isWake = (work: WorkEntry) => work.kind === "begin" && work.step === "expire";
    const wakes = works.filter(isWake).slice(0, 1);
    const before = works.slice(0, works.findIndex(isWake) === -1 ? works.length : works.findIndex(isWake));
    const idle = before.filter((work) => work.kind === "landed" && work.effect === "set-idle").at(-1);
    if (idle === undefined) return false;
    if (wakes.length === 0 && of(entries, session, "started").length === 0) return false;
    const windows = candidates(entries, session).map(({ idleTimeoutMs }) => idleTimeoutMs);
    const dueAt = idle.at + Math.max(...windows);
    const cameAt = wakes[0]?.at ?? entries.at(-1)?.at ?? 0;
    const begunAt = before.filter(({ kind }) => kind === "begin").map(({ at }) => at);
    const movedTo = endOfAbsence(entries, dueAt, cameAt, begunAt, leaseMs);
    if (cameAt - movedTo > Math.max(10_000, 10 * leaseMs)) return true;
    if (cameAt - movedTo <= 3 * leaseMs) return false;
    const struckAt = entries.flatMap((entry) =>
      entry.kind === "fault" &&
      entry.workers.length > 0 &&
      entry.at >= dueAt - 1.5 * leaseMs &&
      entry.at < cameAt
        ? [entry.at]
        : [],
    );
    const twice = struckAt.some(
      (first, index) =>
        first < movedTo + leaseMs &&
        struckAt.slice(index + 1).some((second) => second - first <= 2 * leaseMs),
    );
    const restarts = restartsBetween(entries, session, { idle, cameAt });
    const shown = restarts.filter((at) => at >= idle.at + 4 * leaseMs + movedTo - dueAt && at < cameAt);
    return shown.length > 0 && !twice;
  },

  "expired-once": onceWithin("expire"),
  "cleaned-once": onceWithin("cleanup"),

  "quiet-after": (entries, session) => {
    const landed = landedOf(entries, session);
    return landed.some((_, index) =>
      effectsOf("cleanup").every((wanted) => landed.slice(0, index).some(({ effect }) => effect === wanted)),
    );
  },

  completed: (entries, session) => {
    const healedAt = entries.filter(({ kind }) => kind === "healed").at(-1)?.at ?? 0;
    return of(entries, session, "started").some(({ caller, at }) => {
      const result = of(entries, session, "result").find((entry) => entry.caller === caller);
      return (
        result === undefined ||
        result.at >
          Math.max(healedAt, at) +
            30_000 +
            Math.max(...candidates(entries, session).map(({ idleTimeoutMs }) => idleTimeoutMs))
      );
    });
  },

  "result-true": (entries, session) =>
    of(entries, session, "result").some(({ result }) => {
      const landedAt = (effect: Effect, at: number) =>
        landedOf(entries, session).some((landing) => landing.effect === effect && landing.at === at);
      const isTrue =
        result.sessionId === session &&
        result.finalStatus === "cleaned_up" &&
        landedAt("issue-token", result.loginAt) &&
        landedAt("set-expired", result.expiredAt) &&
        landedAt("write-audit", result.cleanedAt) &&
        candidates(entries, session).some(
          ({ userId, activities }) =>
            userId === result.userId && activities.length === result.activitiesRecorded,
        );
      return !isTrue;
    }),

  "own-result": (entries, session) => {
    const begins = of(entries, session, "begin");
    if (begins.every(({ after }) => after == null)) return false;
    return begins.some(({ step, after }) => {
      const minted = landedOf(entries, session)
        .filter(({ seq }) => seq === after)
        .at(0)?.step;
      if (after != null && minted === undefined) return true;
      return !candidates(entries, session).some(({ activities }) => {
        const lifecycle = [undefined, ...stepsOf(activities.length)];
        return lifecycle.slice(1).includes(step)
          ? lifecycle[lifecycle.indexOf(step) - 1] === minted
          : minted === undefined;
      });
    });
  },

  "no-residue": (entries, session) =>
    (["world", "store"] as const).some((place) =>
      entries
        .filter((entry) => entry.kind === "inspected" && entry.place === place)
        .slice(-1)
        .some(
          (entry) => entry.kind === "inspected" && entry.residue.some((left) => left.session === session),
        ),
    ),

  "repeats-explained": (entries, session, leaseMs) => {
    const begins = of(entries, session, "begin");
    return begins.some((begin, index) => {
      const earlier = begins.slice(0, index);
      if (earlier.some(({ step }) => placeOf(step) > placeOf(begin.step))) return true;
      const previous = earlier.filter(({ step }) => step === begin.step).at(-1);
      return previous !== undefined && !isExplained(entries, previous, begin, leaseMs);
    });
  },

  "nobody-deaf": (entries, worker, leaseMs) => {
    const from = entries.findIndex((entry) => entry.kind === "offered" && entry.worker === worker);
    const to = entries.findIndex((entry) => entry.kind === "offer-ended" && entry.worker === worker);
    const offered = entries[from];
    if (offered?.kind !== "offered" || to === -1) return false;
    const meanwhile = entries.slice(from, to);
    const ofProbes = meanwhile.filter(
      (entry) => "session" in entry && offered.sessions.includes(entry.session),
    );
    const starts = ofProbes.filter(({ kind }) => kind === "started");
    const waitedMs = (entries[to]?.at ?? 0) - (starts.at(-1)?.at ?? 0);
    return (
      starts.length === offered.sessions.length &&
      waitedMs >= 4 * leaseMs &&
      !ofProbes.some((entry) => entry.kind === "begin" && entry.worker === worker)
    );
  },
};

function of<Kind extends Entry["kind"]>(entries: readonly Entry[], session: string, kind: Kind) {
  return entries.filter(
    (entry): entry is EntryOf<Kind> => entry.kind === kind && "session" in entry && entry.session === session,
  );
}

function landedOf(entries: readonly Entry[], session: string): readonly EffectEntry[] {
  return worksOf(entries, session).filter((work): work is EffectEntry => work.kind === "landed");
}

function worksOf(entries: readonly Entry[], session: string): readonly WorkEntry[] {
  return entries.filter(
    (entry): entry is WorkEntry =>
      (entry.kind === "begin" || entry.kind === "landed" || entry.kind === "suppressed") &&
      entry.session === session,
  );
}

/** Its place in a lifecycle that is longer than any here; of a step without its effect, the place of its first. */
function placeOf(step: Step, effect?: Effect): number {
  const all = stepsOf(30).flatMap((each) => effectsOf(each).map((one) => `${each} ${one}`));
  return all.indexOf(`${step} ${effect ?? effectsOf(step)[0]}`);
}

function landsOnce(entries: readonly Entry[], session: string, step: Step): boolean {
  const exists = of(entries, session, "started").length + landedOf(entries, session).length > 0;
  return effectsOf(step).every((wanted) => {
    const count = landedOf(entries, session).filter(
      (landing) => landing.step === step && landing.effect === wanted,
    ).length;
    return count === 1 || (count === 0 && !exists);
  });
}

/** The specs that callers passed and that nothing which the session did contradicts. */
function fitting(entries: readonly Entry[], session: string): readonly SessionSpec[] {
  const works = worksOf(entries, session);
  const begun = works.filter(({ kind }) => kind === "begin").map(({ step }) => step);
  const records = begun.filter((step) => step.startsWith("record:")).map((step) => Number(step.slice(7)));
  const isPastRecords = begun.some((step) => step !== "login" && !step.startsWith("record:"));
  return passed(entries, session).filter(({ userId, activities }) => {
    const effectsFit = works.every((work) => {
      if (work.kind === "begin") return true;
      const { payload } = work;
      if (payload.userId !== undefined && payload.userId !== userId) return false;
      return payload.index === undefined || isDeepStrictEqual(payload.activity, activities[payload.index]);
    });
    const most = Math.max(-1, ...records) + 1;
    return effectsFit && (isPastRecords ? most === activities.length : most <= activities.length);
  });
}

function passed(entries: readonly Entry[], session: string): readonly SessionSpec[] {
  return of(entries, session, "call").map(({ spec }) => spec);
}

/** The specs that may have run. */
function candidates(entries: readonly Entry[], session: string): readonly SessionSpec[] {
  const all = passed(entries, session);
  const fits = fitting(entries, session);
  return all.length === 1 || fits.length === 0 ? all : fits;
}

/** From when a clock might have been restarted: another worker began `mark-idle`, everybody was away, whoever began it died, somebody called. */
function restartsBetween(
  entries: readonly Entry[],
  session: string,
  { idle, cameAt }: { readonly idle: WorkEntry; readonly cameAt: number },
): readonly number[] {
  const begins = of(entries, session, "begin").filter(
    ({ step, at }) => step === "mark-idle" && at > idle.at && at < cameAt,
  );
  const marker = begins.at(-1)?.worker ?? idle.worker;
  return [
    ...of(entries, session, "call")
      .filter(({ at }) => at > idle.at && at < cameAt)
      .map(({ at }) => at),
    ...begins.filter(({ worker }) => worker !== idle.worker).map(({ at }) => at),
    ...absencesIn(entries)
      .filter(({ from }) => from > idle.at)
      .map(({ to }) => to),
    ...deathsOf(entries)
      .filter(({ worker }) => worker === marker)
      .map(({ at }) => at),
  ];
}

function isExplained(
  entries: readonly Entry[],
  previous: BeginEntry,
  next: BeginEntry,
  leaseMs: number,
): boolean {
  const { worker, order } = previous;
  const died = deathsOf(entries).some((death) => death.worker === worker && death.at <= next.at);
  const left = entries.some(
    (entry) => entry.kind === "exited" && entry.worker === worker && entry.at <= next.at,
  );
  const beats = entries
    .filter((entry) => entry.kind === "alive" && entry.worker === worker)
    .map(({ at }) => at);
  const wasSilent = beats.some((at, index) => {
    const until = Math.min(beats[index + 1] ?? 0, next.at);
    return at <= next.at && until >= previous.at && until - at > leaseMs / 2;
  });
  return order?.kind === "throw" || order?.kind === "pause" || died || left || wasSilent;
}
