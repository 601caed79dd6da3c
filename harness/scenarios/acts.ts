/**
 * What is done to a session, told once: by claims, by the rules of the contract, by the crash matrix and by the self-test,
 * each of which asks something else of what came of it.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { Effect, Step } from "../../implementations/session/steps.ts";
import type { EffectEntry } from "../history/history.ts";
import type { Child } from "../processes/reaper.ts";
import type { Case } from "../run/case.ts";
import type { CaseWorker } from "../run/case-worker.ts";
import type { Entry } from "../world/entry.ts";

/** Just before an effect of a step, or just after it. */
export interface EffectPoint {
  readonly step: Step;
  readonly when: "before" | "after";
  readonly effect: Effect;
}

/** Where a repeated effect shows: an activity has landed, and its checkpoint is not written. */
export const afterActivity = {
  step: "record:1",
  when: "after",
  effect: "append-activity",
} as const satisfies EffectPoint;

/** Resolves when so much of the session's idle window has passed, with where it began; with null where it never does. */
export async function untilPartOfWait(
  testCase: Case,
  { sessionId, idleTimeoutMs }: Pick<SessionSpec, "sessionId" | "idleTimeoutMs">,
  fraction: number,
): Promise<EffectEntry | null> {
  const idle = await testCase.idle(sessionId);
  if (idle === null) return null;
  await delay(Math.max(0, idle.at + fraction * idleTimeoutMs - Date.now())); // the world's clock is this machine's
  return idle;
}

/** Starts the session, whose only worker is killed when so much of its idle window has passed. */
export async function killInWait(
  testCase: Case,
  client: Child,
  spec: SessionSpec,
  fraction: number,
): Promise<void> {
  testCase.call(client, spec);
  const victim = await testCase.startWorker();
  await untilPartOfWait(testCase, spec, fraction);
  await testCase.kill(`${spec.sessionId} in its wait`, "kill-all", [victim]);
}

/**
 * Starts the session, whose worker dies between the effect that begins the idle window and its checkpoint. A second one
 * starts `absentMs` later: an implementation that restarts the window there expires about so much too late. Resolves
 * with the second one, and with whether the first one died.
 */
export async function dieBeforeTimer(
  testCase: Case,
  client: Child,
  spec: SessionSpec,
  absentMs: number,
): Promise<{ readonly died: boolean; readonly successor: CaseWorker }> {
  const order = { kind: "crash", when: "after", effect: "set-idle" } as const;
  await testCase.environment.witness.arm(spec.sessionId, "mark-idle", order);
  testCase.call(client, spec);
  const died = await testCase.diesAt("mark-idle/after", await testCase.startWorker());
  await delay(absentMs);
  return { died, successor: await testCase.startWorker() };
}

/** Starts the session, whose worker stops (SIGSTOP) at a point, and another worker. Resolves when both are there. */
export async function standStillAt(
  testCase: Case,
  client: Child,
  spec: SessionSpec,
  { step, when, effect }: EffectPoint,
): Promise<{ readonly zombie: CaseWorker; readonly successor: CaseWorker }> {
  await testCase.environment.witness.arm(spec.sessionId, step, { kind: "pause", when, effect });
  testCase.call(client, spec);
  const zombie = await testCase.startWorker();
  await testCase.begun(spec.sessionId, step);
  return { zombie, successor: await testCase.startWorker() };
}

/** Lets a worker that stands still go on. */
export function goOn({ child }: CaseWorker): void {
  child.kill("SIGCONT");
}

/** Starts the session with two workers there; the service of one step takes `delayMs` longer. */
export async function longStep(
  testCase: Case,
  client: Child,
  spec: SessionSpec,
  { step, delayMs }: { readonly step: Step; readonly delayMs: number },
): Promise<void> {
  await testCase.environment.witness.arm(spec.sessionId, step, { kind: "slow", delayMs });
  await Promise.all([testCase.startWorker(), testCase.startWorker()]);
  testCase.call(client, spec);
}

/** A caller, and what it passes. */
export interface Racer {
  readonly caller: string;
  readonly spec: SessionSpec;
}

/** Lets callers start at the same moment, from these clients in turn: all wait at a barrier until the last one is there. */
export async function race(
  testCase: Case,
  clients: readonly Child[],
  racers: readonly Racer[],
): Promise<void> {
  for (const [index, { caller, spec }] of racers.entries()) {
    const client = clients[index % clients.length];
    if (client !== undefined) testCase.call(client, spec, caller, true);
  }
  const sessions = new Set(racers.map(({ spec }) => spec.sessionId));
  const isThere = (entry: Entry): entry is Entry => entry.kind === "call" && sessions.has(entry.session);
  await testCase.entry(isThere, undefined, racers.length);
  for (const client of clients) client.send({ kind: "release" });
}
