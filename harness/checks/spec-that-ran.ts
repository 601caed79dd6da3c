/**
 * Which spec a session ran on. Callers that race for one session id may pass different specs; one of them
 * wins, and only the effects tell which. Every rule about activities or idle time asks here.
 */
import type { SessionSpec } from "../../implementations/session/spec.ts";
import { isRecordStep, type RecordStep, recordIndex } from "../../implementations/session/steps.ts";
import type { EffectEntry, SessionHistory } from "../history/history.ts";
import { published, stepsUnder } from "../history/law.ts";

/** A lifecycle ran that the ledger saw nobody call: either the ledger is incomplete, or the implementation invents sessions. */
class UncalledSessionError extends Error {
  override readonly name = "UncalledSessionError";
  constructor(session: string) {
    super(`session ${session} has no call in the history, so nothing tells what it should have done`);
  }
}

/** Whether nothing that the session did contradicts `spec`: its user, its activities, and, once past them, their number. */
export function fits(spec: SessionSpec, session: SessionHistory, law = published): boolean {
  const effectsFit = session.work.every((work) => work.kind === "begin" || effectFits(spec, work));
  return effectsFit && countFits(stepsUnder(law, spec.activities.length).filter(isRecordStep), session);
}

/**
 * The specs that may have run: those that fit, or, where none fits, all that callers passed. That none fits is for
 * `started-once` to tell; another rule is broken only if it is broken under each of these. Throws an
 * {@link UncalledSessionError} where the history holds no call.
 */
export function specsThatMayHaveRun(session: SessionHistory): readonly SessionSpec[] {
  const passed = session.calls.map(({ spec }) => spec);
  if (passed.length === 0) throw new UncalledSessionError(session.session);
  if (passed.length === 1) return passed;
  const fitting = passed.filter((spec) => fits(spec, session));
  return fitting.length > 0 ? fitting : passed;
}

function effectFits(spec: SessionSpec, { payload }: EffectEntry): boolean {
  if (payload.userId !== undefined && payload.userId !== spec.userId) return false;
  if (payload.index === undefined) return true;
  const expected = spec.activities[payload.index];
  return expected?.action === payload.activity?.action && expected?.target === payload.activity?.target;
}

/** How many activities a lifecycle has shows in the record steps that it began by the time it marks itself idle. */
function countFits(records: readonly RecordStep[], { begins }: SessionHistory): boolean {
  const last = records.at(-1);
  const expected = last === undefined ? 0 : recordIndex(last) + 1;
  let begun = 0;
  let pastRecording = false;
  for (const { step } of begins) {
    if (isRecordStep(step)) begun = Math.max(begun, recordIndex(step) + 1);
    else if (step !== "login") pastRecording = true;
  }
  return pastRecording ? begun === expected : begun <= expected;
}
