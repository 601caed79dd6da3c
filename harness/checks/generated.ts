/**
 * Histories of a correct implementation under kills, drawn from a seed, for tests and for the speed of the checkers. A checker
 * that fails one of these raises a false alarm. Each session is played on its own against lives of workers that were drawn before; the
 * entries of all are then sorted by time, as the world would have written them.
 */
import type { SessionResult, SessionSpec } from "../../implementations/session/spec.ts";
import {
  type Effect,
  effectsOf,
  isRecordStep,
  recordIndex,
  type Step,
  stepsOf,
} from "../../implementations/session/steps.ts";
import type { EffectPayload } from "../../implementations/session/world.ts";
import { type Draw, drawsOf } from "../draw.ts";
import type { SessionMode } from "../plan/plan-schema.ts";
import { beatsPerLease, type Entry, type EntryBody } from "../world/entry.ts";

export interface Dimensions {
  readonly seed: number;
  readonly mode: SessionMode;
  readonly sessions: number;
  /** About one in ten is a `kill-all`. */
  readonly faults: number;
  readonly leaseMs: number;
}

/** The ledger of a run in which everything went as it should. The same dimensions give the same ledger. */
export function generatedLedger(dimensions: Dimensions): readonly Entry[] {
  const { seed, mode, sessions, faults, leaseMs } = dimensions;
  const draw = drawsOf(seed, 0);
  const durationMs = sessions * arrivalEveryMs;
  const written: Timed[] = [];
  const lives = livesUnder(faults, durationMs, draw, written);
  for (let index = 0; index < sessions; index++) {
    play({
      spec: drawSpec(index, draw),
      mode,
      startAt: index * arrivalEveryMs + draw(0, 100),
      lives,
      leaseMs,
      draw,
      written,
    });
  }
  const endedAt = written.reduce((latest, { at }) => Math.max(latest, at), 0);
  const lastAt = offerToEach(lives, endedAt, leaseMs, written);
  writeBeats(lives, { leaseMs, untilMs: lastAt }, draw, written);
  written.sort((a, b) => a.at - b.at);
  const endsAt = (written.at(-1)?.at ?? 0) + 1;
  written.push({ at: endsAt, body: { kind: "inspected", place: "world", residue: [] } });
  written.push({ at: endsAt, body: { kind: "inspected", place: "store", residue: [] } });
  const seqs = new Map(written.map((timed, index) => [timed, `${timed.at}-${index}`]));
  return written.map((timed) => {
    const { at, body, after } = timed;
    const handed = after === undefined ? {} : { after: after === null ? null : (seqs.get(after) ?? null) };
    return { ...body, ...handed, at, seq: seqs.get(timed) ?? "" };
  });
}

/** `after` is the landing whose receipt a step is handed: its id is known once all entries are sorted. */
type Timed = { readonly at: number; readonly body: EntryBody; readonly after?: Timed | null };
type Life = { readonly slot: number; readonly worker: string; readonly readyAt: number; diesAt: number };

const slots = 3;
const arrivalEveryMs = 100;
const restartAfterMs = 400;

function livesUnder(faults: number, durationMs: number, draw: Draw, written: Timed[]): readonly Life[] {
  const lives: Life[] = [];
  const lifeCounts = new Map<number, number>();
  const spawn = (slot: number, at: number): void => {
    const count = (lifeCounts.get(slot) ?? 0) + 1;
    lifeCounts.set(slot, count);
    const life = {
      slot,
      worker: `w${slot}#${count}`,
      readyAt: at + draw(50, 150),
      diesAt: Number.POSITIVE_INFINITY,
    };
    lives.push(life);
    written.push({ at, body: { kind: "spawned", worker: life.worker } });
    written.push({ at: life.readyAt, body: { kind: "ready", worker: life.worker } });
  };
  for (let slot = 0; slot < slots; slot++) spawn(slot, -200);
  for (let index = 0; index < faults; index++) {
    const at = Math.floor(((index + 1) * durationMs) / (faults + 1));
    const alive = lives.filter((life) => life.readyAt < at && life.diesAt > at);
    const isKillAll = draw(0, 9) === 0;
    const first = isKillAll ? 0 : draw(0, Math.max(0, alive.length - 1));
    const victims = isKillAll ? alive : alive.slice(first, first + 1);
    const workers = victims.map(({ worker }) => worker);
    written.push({
      at,
      body: { kind: "fault", fault: `f${index}`, faultKind: isKillAll ? "kill-all" : "kill", workers },
    });
    for (const victim of victims) {
      victim.diesAt = at;
      written.push({
        at: at + 3,
        body: { kind: "exited", worker: victim.worker, signal: "SIGKILL", code: null },
      });
      spawn(victim.slot, at + restartAfterMs);
    }
  }
  const lastReadyAt = Math.max(...lives.map(({ readyAt }) => readyAt));
  written.push({ at: lastReadyAt, body: { kind: "healed" } });
  return lives;
}

/** Each that lives is offered probes while the others are frozen, and begins the second one; returns when all is over. */
function offerToEach(lives: readonly Life[], fromMs: number, leaseMs: number, written: Timed[]): number {
  const living = lives
    .filter(({ diesAt }) => diesAt === Number.POSITIVE_INFINITY)
    .map(({ worker }) => worker);
  let at = fromMs;
  for (const worker of living) {
    const sessions = [`first probe of ${worker}`, `second probe of ${worker}`];
    const frozen = living.filter((other) => other !== worker);
    written.push({ at: ++at, body: { kind: "offered", worker, frozen, sessions } });
    for (const session of sessions)
      written.push({ at: ++at, body: { kind: "started", session, caller: "prober" } });
    for (const session of sessions.slice(1)) {
      const probe = { session, step: "login", execution: `probe ${worker}`, order: null } as const;
      written.push({ at: ++at, body: { kind: "begin", ...probe, worker }, after: null });
    }
    at += 4 * leaseMs; // longer than the harness would wait, so that a worker that begins nothing is deaf
    written.push({ at, body: { kind: "offer-ended", worker } });
  }
  return at;
}

/** Ten a lease, answered at once; but in the first half second of every seven, when the machine is slow, and nobody is. */
function writeBeats(
  lives: readonly Life[],
  { leaseMs, untilMs }: { readonly leaseMs: number; readonly untilMs: number },
  draw: Draw,
  written: Timed[],
): void {
  const beatMs = leaseMs / beatsPerLease;
  for (const { worker, readyAt, diesAt } of lives) {
    for (let at = readyAt + draw(1, beatMs); at < Math.min(diesAt, untilMs); at += beatMs) {
      const isSlow = at > 0 && at % 7_000 < 500;
      const tookMs = isSlow ? draw(beatMs, 2 * beatMs) : draw(0, 5); // no lease is lost by it
      written.push({ at, body: { kind: "alive", worker, tookMs } });
    }
  }
}

function drawSpec(index: number, draw: Draw): SessionSpec {
  const activities = Array.from({ length: draw(0, 10) }, (_, i) => ({ action: "view", target: `page-${i}` }));
  return { sessionId: `s${index}`, userId: `user-${index}`, activities, idleTimeoutMs: draw(500, 8_000) };
}

interface Play {
  readonly spec: SessionSpec;
  readonly mode: SessionMode;
  readonly startAt: number;
  readonly lives: readonly Life[];
  readonly leaseMs: number;
  readonly draw: Draw;
  readonly written: Timed[];
}

/** One session from call to result, on whichever workers live. */
function play({ spec, mode, startAt, lives, leaseMs, draw, written }: Play): void {
  const session = spec.sessionId;
  const landedAt = new Map<string, number>();
  const write = (at: number, body: EntryBody, after?: Timed | null): Timed => {
    const timed = after === undefined ? { at, body } : { at, body, after };
    written.push(timed);
    return timed;
  };
  const firstLandings = new Map<string, Timed>();
  /** The last landing of the step before; null before the first step. */
  let before: Timed | null = null;
  let last: Timed | null = null;
  const isRace = draw(0, 9) === 0;
  const callers = isRace ? ["c1", "c2"] : ["c1"];
  for (const caller of callers) {
    const passed =
      caller === "c1" ? spec : { ...spec, userId: "another", activities: spec.activities.slice(1) };
    write(startAt, { kind: "call", session, caller, spec: passed });
    write(startAt + 2, { kind: "started", session, caller });
  }

  let now = startAt + 3;
  let life: Life | null = null;
  let executions = 0;
  /** Runs one execution; false if its worker died before the step's end. */
  const execute = (step: Step, on: Life): boolean => {
    executions += 1;
    const common = { session, step, worker: on.worker, execution: `${session}/${executions}` };
    write(now, { kind: "begin", order: null, ...common }, before);
    for (const effect of effectsOf(step)) {
      now += draw(1, 60);
      if (now >= on.diesAt) return false;
      const key = `${session}:${step}:${effect}`;
      const kind = mode === "idempotent" && landedAt.has(key) ? "suppressed" : "landed";
      if (kind === "landed") landedAt.set(key, now);
      const timed = write(now, { kind, effect, key, payload: payloadOf(step, effect, spec), ...common });
      last = kind === "landed" ? timed : (firstLandings.get(key) ?? null);
      if (kind === "landed") firstLandings.set(key, timed);
    }
    now += draw(0, 60);
    return now < on.diesAt;
  };

  for (const step of stepsOf(spec.activities.length)) {
    if (step === "expire") {
      now = Math.max(now, (landedAt.get(`${session}:mark-idle:set-idle`) ?? now) + spec.idleTimeoutMs);
      life = null;
    }
    for (let done = false; !done; ) {
      if (life === null || now >= life.diesAt) [life, now] = takeOver(lives, now, draw);
      done = execute(step, life);
      if (now >= life.diesAt) now = life.diesAt + leaseMs;
    }
    before = last;
  }

  const at = (step: Step, effect: Effect): number => landedAt.get(`${session}:${step}:${effect}`) ?? 0;
  const result: SessionResult = {
    sessionId: session,
    userId: spec.userId,
    finalStatus: "cleaned_up",
    activitiesRecorded: spec.activities.length,
    loginAt: at("login", "issue-token"),
    expiredAt: at("expire", "set-expired"),
    cleanedAt: at("cleanup", "write-audit"),
  };
  for (const caller of callers) write(now + 1, { kind: "result", session, caller, result });
}

/** A worker that is ready at `now`, or the first that will be, and when it takes the session over. */
function takeOver(lives: readonly Life[], now: number, draw: Draw): [Life, number] {
  const ready = lives.filter((life) => life.readyAt <= now && life.diesAt > now);
  const drawn = ready[draw(0, Math.max(0, ready.length - 1))];
  if (drawn !== undefined) return [drawn, now];
  const next = lives
    .filter(({ readyAt }) => readyAt > now)
    .reduce((a, b) => (a.readyAt <= b.readyAt ? a : b));
  return [next, next.readyAt];
}

function payloadOf(step: Step, effect: Effect, spec: SessionSpec): EffectPayload {
  if (effect !== "append-activity" || !isRecordStep(step)) return { userId: spec.userId };
  const index = recordIndex(step);
  const activity = spec.activities[index];
  return activity === undefined ? { userId: spec.userId } : { userId: spec.userId, index, activity };
}
