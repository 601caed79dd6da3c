/**
 * The shape of a plan: workload and faults of one run, drawn from the seed before the run and saved with
 * it. Times in a plan are ms after the start of the run.
 */
import { z } from "zod";
import { sessionSpecSchema } from "../../implementations/session/spec.ts";

export const planSchemaVersion = 1;

/** Node's timers take no more, ms. */
const latestMs = 2 ** 31 - 1;

const startSchema = z.discriminatedUnion("kind", [
  /** An open-loop arrival. */
  z.strictObject({ kind: z.literal("at"), atMs: z.int().min(0).max(latestMs) }),
  /** A late start: so long after the first result of the session was delivered. */
  z.strictObject({ kind: z.literal("after-result"), delayMs: z.int().nonnegative() }),
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
  workMs: z.record(z.string(), z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
  calls: z.array(callSchema).min(1),
});

const faultSchema = z.discriminatedUnion("kind", [
  /** SIGKILL the worker in `slot`; another process takes the slot after `restartAfterMs`. */
  z.strictObject({
    kind: z.literal("kill"),
    id: z.string(),
    atMs: z.int().min(0).max(latestMs),
    slot: z.int().nonnegative(),
    restartAfterMs: z.int().nonnegative(),
  }),
  /** SIGKILL every worker at once; they come back one after another, each slot after its own delay. */
  z.strictObject({
    kind: z.literal("kill-all"),
    id: z.string(),
    atMs: z.int().min(0).max(latestMs),
    restartsAfterMs: z.array(z.int().nonnegative()).min(1),
  }),
]);

const planShape = z.strictObject({
  schemaVersion: z.literal(planSchemaVersion),
  seed: z.int(),
  workers: z.int().positive(),
  clients: z.int().positive(),
  leaseMs: z.int().positive(),
  retryDelayMs: z.int().nonnegative(),
  sessions: z.array(plannedSessionSchema).min(1),
  faults: z.array(faultSchema),
});

export const planSchema = planShape.superRefine((plan, context) => {
  for (const what of contradictionsOf(plan)) context.addIssue({ code: "custom", message: what });
});

export type Plan = z.infer<typeof planSchema>;
export type PlannedSession = z.infer<typeof plannedSessionSchema>;
export type PlannedFault = z.infer<typeof faultSchema>;
export type PlannedCall = z.infer<typeof callSchema>;
export type SessionMode = z.infer<typeof sessionModeSchema>;

/** What a plan that was edited by hand may say against itself. */
function contradictionsOf({ sessions, faults, workers, clients }: z.infer<typeof planShape>): string[] {
  const sessionIds = sessions.map(({ sessionId }) => sessionId);
  const faultIds = faults.map(({ id }) => id);
  return [
    ...(new Set(sessionIds).size < sessionIds.length ? ["a session id occurs twice"] : []),
    ...(new Set(faultIds).size < faultIds.length ? ["a fault id occurs twice"] : []),
    ...sessions.flatMap(({ sessionId, calls }) =>
      calls.flatMap(({ client, spec }) => [
        ...(client >= clients ? [`session ${sessionId} is called by client ${client} of ${clients}`] : []),
        ...(spec.sessionId !== sessionId
          ? [`a call of session ${sessionId} passes the id ${spec.sessionId}`]
          : []),
      ]),
    ),
    ...faults.flatMap((fault) => {
      const { id } = fault;
      if (fault.kind === "kill")
        return fault.slot >= workers ? [`${id} kills worker slot ${fault.slot} of ${workers}`] : [];
      return fault.restartsAfterMs.length === workers
        ? []
        : [`${id} restarts another number of workers than ${workers}`];
    }),
  ];
}
