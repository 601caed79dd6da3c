/**
 * What a variant and its correct original are put through: a few sessions, each in a group of its own, and the one thing
 * done to each that would show the defect. Either the sessions' keys are honoured or there is no fault, so that of
 * the original everything is guaranteed.
 */
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { History } from "../history/history.ts";
import type { SessionMode } from "../plan/plan-schema.ts";
import { Case } from "../run/case.ts";
import { plainSpec } from "../run/sample-session.ts";
import { type Entry, isAnswer } from "../world/entry.ts";
import type { ScenarioContext } from "./scenario.ts";

export interface Provocation {
  /** What is done, in a sentence; equal sentences are equal provocations. */
  readonly sentence: string;
  readonly mode: SessionMode;
  readonly spec: {
    readonly activities?: number;
    readonly idleTimeoutMs?: number;
    /** The idle window in leases, where leases decide what it shows. */
    readonly idleLeases?: number;
  };
  /** Plays the sessions and resolves with what became of each, in order. */
  play(context: ScenarioContext, specs: readonly SessionSpec[]): Promise<readonly Played[]>;
}

/** What became of one session. */
export interface Played {
  /** How many faults were injected into it; null where the provocation did not come about. */
  readonly faults: number | null;
  /** What the ledger says of its case: workers of other cases are not there for it. */
  readonly history: History;
}

/** How many leases a session may take beyond its idle window until it counts as lost. */
const patienceLeases = 8;

/** The sessions of one provocation. Ids are unique on an environment of their own. */
export function specsFor({ spec }: Provocation, count: number, leaseMs: number): readonly SessionSpec[] {
  const { idleLeases, ...rest } = spec;
  const sized = idleLeases === undefined ? rest : { ...rest, idleTimeoutMs: idleLeases * leaseMs };
  return Array.from({ length: count }, (_, index) => plainSpec(`sample-${index}`, sized));
}

type PlayOne = (context: ScenarioContext, spec: SessionSpec, testCase: Case) => Promise<Played["faults"]>;

/** Plays each session in a case of its own, as many side by side as the machine bears. */
export function eachAlone(playOne: PlayOne): Provocation["play"] {
  return (context, specs) =>
    Promise.all(
      specs.map((spec) =>
        context.whenFree(async () => {
          const testCase = new Case(context.environment, spec.sessionId);
          const faults = await playOne(context, spec, testCase);
          return { faults, history: await testCase.close() };
        }),
      ),
    );
}

/** Waits until so many callers have their answer, or until the session must be given up for lost. */
export async function untilAnswered(
  { leaseMs }: ScenarioContext,
  { sessionId, idleTimeoutMs }: SessionSpec,
  testCase: Case,
  callers = 1,
): Promise<void> {
  const isOfSession = (entry: Entry): entry is Entry => isAnswer(entry) && entry.session === sessionId;
  await testCase.entry(isOfSession, idleTimeoutMs + patienceLeases * leaseMs, callers);
}
