/** Counting in the history of a case. Pure. */
import type { SessionSpec } from "../../implementations/session/spec.ts";
import { type Effect, type Step, stepsOf } from "../../implementations/session/steps.ts";
import type { BeginEntry, EffectEntry, History } from "./history.ts";

/** Executions of a step, in order. */
export function executionsOf(history: History, sessionId: string, step: Step): readonly BeginEntry[] {
  return history.sessions.get(sessionId)?.begins.filter((begin) => begin.step === step) ?? [];
}

/** Landings of an effect of a step, in order; those that a key suppressed are not among them. */
export function landingsOf(
  history: History,
  sessionId: string,
  effect: Effect,
  step?: Step,
): readonly EffectEntry[] {
  const landed = history.sessions.get(sessionId)?.landed ?? [];
  return landed.filter((entry) => entry.effect === effect && (step === undefined || entry.step === step));
}

/** How often the steps of a session were executed at most, apart from some. */
export function mostExecutions(history: History, spec: SessionSpec, apartFrom: readonly Step[]): number {
  const steps = stepsOf(spec.activities.length).filter((step) => !apartFrom.includes(step));
  return Math.max(...steps.map((step) => executionsOf(history, spec.sessionId, step).length));
}

/** Workers that a fault killed, in a stretch of time where one is given: from `fromMs` on, before `toMs`. */
export function deaths(history: History, fromMs = 0, toMs = Number.POSITIVE_INFINITY): number {
  return [...history.workers.values()].filter(
    ({ killedBy, exited }) =>
      killedBy !== null && exited?.signal === "SIGKILL" && exited.at >= fromMs && exited.at < toMs,
  ).length;
}

/** Workers that were ready at some time. */
export function readyWorkers(history: History): number {
  return [...history.workers.values()].filter(({ ready }) => ready !== null).length;
}

/** Callers of a session who got its result. */
export function answers(history: History, sessionId: string): number {
  return history.sessions.get(sessionId)?.results.length ?? 0;
}

/** How many different results callers of a session got. */
export function differentAnswers(history: History, sessionId: string): number {
  const results = history.sessions.get(sessionId)?.results ?? [];
  return new Set(results.map(({ result }) => JSON.stringify(result))).size;
}

/** The count, if the provocation happened as often as it was meant to; else null: then nothing was shown. */
export function ifProvoked(happened: number, wanted: number): number | null {
  return happened === wanted ? happened : null;
}
