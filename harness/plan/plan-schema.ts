/**
 * The shape of a plan: workload and faults of one run, drawn from the seed before the run and saved with
 * it. Times in a plan are ms after the start of the run.
 */
import { z } from "zod";
import { sessionSpecSchema } from "../../implementations/session/spec.ts";
import { stepsOf } from "../../implementations/session/steps.ts";
import {
  type ArmedFault,
  armedBehaviourOf,
  endOf,
  faultSchema,
  isTimed,
  type TimedFault,
  timedBehaviourOf,
  victimsOf,
} from "../faults/kinds/faults.ts";
import { durationMs, latestMs, nameOf } from "../faults/kinds/kind.ts";

export const planSchemaVersion = 1;

const startSchema = z.discriminatedUnion("kind", [
  /** An open-loop arrival. */
  z.strictObject({ kind: z.literal("at"), atMs: durationMs }),
  /** A start while the session idles: so long after its idle window began. */
  z.strictObject({ kind: z.literal("in-wait"), delayMs: durationMs }),
  /** A late start: so long after the first result of the session was delivered. */
  z.strictObject({ kind: z.literal("after-result"), delayMs: durationMs }),
]);

const callSchema = z.strictObject({
  /** Unique within the session. */
  caller: z.string(),
  /** Index of the client process that makes the call. */
  client: z.int().nonnegative(),
  start: startSchema,
  /** What this caller passes; racing callers may differ in everything but the session id. */
  spec: sessionSpecSchema,
});

export const sessionModeSchema = z.enum(["idempotent", "naive"]);

const plannedSessionSchema = z.strictObject({
  sessionId: z.string(),
  mode: sessionModeSchema,
  /** For each step, how long the services behind it take: before the first effect, after the last. */
  workMs: z.record(z.string(), z.tuple([durationMs, durationMs])),
  calls: z.array(callSchema).min(1),
});

const planShape = z.strictObject({
  schemaVersion: z.literal(planSchemaVersion),
  seed: z.int(),
  workers: z.int().positive().max(64),
  clients: z.int().positive().max(64),
  leaseMs: z.int().min(200).max(600_000),
  retryDelayMs: z.int().nonnegative().max(600_000),
  /** For how long the services behind the steps remember an idempotency key; for good, where it is left out. */
  keyTtlMs: z.int().positive().max(latestMs).optional(),
  sessions: z.array(plannedSessionSchema).min(1),
  faults: z.array(faultSchema),
});

export const planSchema = planShape.superRefine((plan, context) => {
  for (const what of contradictionsOf(plan)) context.addIssue({ code: "custom", message: what });
});

export type Plan = z.infer<typeof planSchema>;
export type PlannedSession = z.infer<typeof plannedSessionSchema>;
export type PlannedCall = z.infer<typeof callSchema>;
export type SessionMode = z.infer<typeof sessionModeSchema>;

type PlanShape = z.infer<typeof planShape>;

/** What a plan that was edited by hand may say against itself. */
function contradictionsOf(plan: PlanShape): string[] {
  const { sessions, faults, clients } = plan;
  const sessionIds = sessions.map(({ sessionId }) => sessionId);
  const faultIds = faults.map(({ id }) => id);
  return [
    ...(new Set(sessionIds).size < sessionIds.length ? ["a session id occurs twice"] : []),
    ...(new Set(faultIds).size < faultIds.length ? ["a fault id occurs twice"] : []),
    ...sessions.flatMap((session) => wrongCalls(session, clients)),
    ...faults.flatMap((fault) => (isTimed(fault) ? wrongPlaces(fault, plan) : wrongSession(fault, plan))),
    ...overlaps(faults.filter(isTimed), plan.workers),
  ];
}

/** Calls that could not be made, or not be told apart. */
function wrongCalls({ sessionId, calls }: PlannedSession, clients: number): string[] {
  const callers = calls.map(({ caller }) => caller);
  return [
    ...(new Set(callers).size < callers.length ? [`a caller of session ${sessionId} occurs twice`] : []),
    ...(calls.every(({ start }) => start.kind !== "at")
      ? [`every caller of session ${sessionId} waits for what nobody brings about`]
      : []),
    ...calls.flatMap(({ client, spec }) => [
      ...(client >= clients ? [`session ${sessionId} is called by client ${client} of ${clients}`] : []),
      ...(spec.sessionId !== sessionId
        ? [`a call of session ${sessionId} passes the id ${spec.sessionId}`]
        : []),
    ]),
  ];
}

/** Workers and clients that a fault names and that the plan does not have. */
function wrongPlaces(fault: TimedFault, { workers, clients }: PlanShape): string[] {
  const kind = timedBehaviourOf(fault.kind);
  const contradiction = kind.contradictionIn?.(fault, { workers }) ?? null;
  const missing = kind.victimsOf(fault, workers).flatMap((victim) => {
    const isMissing =
      (victim.kind === "worker" && victim.slot >= workers) ||
      (victim.kind === "client" && victim.client >= clients);
    const of = victim.kind === "client" ? clients : workers;
    return isMissing ? [`${fault.id} is about ${nameOf(victim)} of ${of}`] : [];
  });
  return contradiction === null ? missing : [contradiction];
}

/** An armed fault that could never happen: its session does not exist, or has no such step. */
function wrongSession(fault: ArmedFault, { sessions }: PlanShape): string[] {
  const session = sessions.find(({ sessionId }) => sessionId === fault.session);
  if (session === undefined)
    return [`${fault.id} is about session ${fault.session}, which the plan does not have`];
  const ordered = armedBehaviourOf(fault.kind).orderOf?.(fault);
  if (ordered === undefined) return [];
  const { step } = ordered;
  const hasStep = session.calls.some(({ spec }) => stepsOf(spec.activities.length).includes(step));
  return hasStep ? [] : [`${fault.id} is about ${step}, which session ${fault.session} does not have`];
}

/**
 * Faults that would not be what they say. While a worker is stopped or cut off, nothing else may befall its slot: a kill
 * would make the rest of the pause, or of the partition, a fault that hits nobody. And what is down cannot be killed
 * again. Everything else may come together, such as two workers stopped at once, or a worker killed while the store is
 * down. A kill on a slot that is just being restarted only makes the slot start over.
 */
function overlaps(faults: readonly TimedFault[], workers: number): string[] {
  const inOrder = [...faults].sort((a, b) => a.atMs - b.atMs);
  return inOrder.flatMap((first, index) =>
    inOrder
      .slice(index + 1)
      .filter(
        (second) =>
          endOf(first) > first.atMs && second.atMs <= endOf(first) && shareVictim(first, second, workers),
      )
      .map((second) => `${second.id} (${second.kind}) comes while ${first.id} (${first.kind}) lasts`),
  );
}

function shareVictim(first: TimedFault, second: TimedFault, workers: number): boolean {
  const victims = victimsOf(first, workers);
  return victimsOf(second, workers).some((victim) => victims.includes(victim));
}
