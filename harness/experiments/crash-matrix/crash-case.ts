/**
 * One case of the crash matrix: a session in a group of its own, with one worker at a time, that dies at one point as
 * often as it was told to and is then allowed to finish. What happened is in the ledger; nothing is judged here.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { SessionSpec } from "../../../implementations/session/spec.ts";
import type { SessionMode } from "../../plan/plan-schema.ts";
import type { Child } from "../../processes/reaper.ts";
import { Case } from "../../run/case.ts";
import type { CaseWorker } from "../../run/case-worker.ts";
import type { TargetEnvironment } from "../../run/environment.ts";
import { plainSpec } from "../../run/sample-session.ts";
import { untilPartOfWait } from "../../scenarios/acts.ts";
import type { CrashPoint } from "./crash-points.ts";

export interface CrashCase {
  readonly crashPoint: CrashPoint;
  readonly mode: SessionMode;
  /** Also names its group. */
  readonly sessionId: string;
  readonly spec: SessionSpec;
  /** How many workers die at the point, one after another. */
  readonly depth: number;
}

export function caseOf(
  crashPoint: CrashPoint,
  mode: SessionMode,
  { depth, leaseMs }: { readonly depth: number; readonly leaseMs: number },
): CrashCase {
  const sessionId = `${crashPoint.id.replace(/[:/]/g, "-")}-${mode}`;
  // A case that dies in its wait needs one in which as many workers can start, and die.
  const idleTimeoutMs = crashPoint.how.kind === "sleep" ? (1.5 + 2.5 * depth) * leaseMs : 200;
  return {
    crashPoint,
    mode,
    sessionId,
    spec: plainSpec(sessionId, { idleTimeoutMs, flavour: crashPoint.id }),
    depth,
  };
}

/** Starts the session and, one after another, `depth` workers that die and one that survives. */
export async function playCase(
  { crashPoint, mode, sessionId, spec, depth }: CrashCase,
  environment: TargetEnvironment,
  client: Child,
  { leaseMs }: { readonly leaseMs: number },
): Promise<void> {
  const { how, step } = crashPoint;
  const testCase = new Case(environment, sessionId);
  await testCase.register(sessionId, mode);
  if (how.kind === "effect") {
    const order = { kind: "crash", when: how.when, effect: how.effect } as const;
    await environment.witness.arm(sessionId, step, order, depth);
  }
  testCase.call(client, spec);
  for (let life = 1; life <= depth; life++) {
    const victim = await testCase.startWorker({ crashAtCompletion: how.kind === "completion" });
    if (how.kind === "sleep")
      await killOnceItWaits(testCase, victim, spec, life === how.life(depth) ? how.fraction : 0);
    if (!(await testCase.diesAt(crashPoint.id, victim))) break;
  }
  await testCase.startWorker();
  await testCase.answered(sessionId);
  // The caller may have its answer while the engine still has to learn, from the retry, that all is done.
  if (how.kind === "completion") await delay(3 * leaseMs);
  await testCase.close();
}

/** Kills a worker when so much of the wait has passed, or at once when it has; a wait that never came is left alone. */
async function killOnceItWaits(
  testCase: Case,
  { child }: CaseWorker,
  spec: SessionSpec,
  fraction: number,
): Promise<void> {
  if ((await untilPartOfWait(testCase, spec, fraction)) !== null) child.kill("SIGKILL");
}
