/**
 * Offers each worker work when it alone can take it: probe sessions, which are none of the plan's, while all others are frozen.
 * Several at once, because some may be promised to frozen workers: one queue hands work to whoever has waited longest, another
 * to the members of a group in turn.
 */
import { randomUUID } from "node:crypto";
import type { SessionSpec } from "../../../implementations/session/spec.ts";
import { completionBoundMs } from "../../checks/invariants/completed.ts";
import { deafAfterLeases } from "../../checks/invariants/nobody-deaf.ts";
import type { Child } from "../../processes/reaper.ts";
import type { ClientOrder } from "../../workers/client-main.ts";
import type { Supervisor } from "../../workers/supervisor.ts";
import { type Entry, type Incarnation, isAnswer } from "../../world/entry.ts";
import type { TargetEnvironment } from "../environment.ts";
import { plainSpec } from "../sample-session.ts";

/** So many at once; and two for each worker, where these are more than four. */
const leastProbes = 8;
const probesPerWorker = 2;

export interface Offering {
  readonly environment: Pick<TargetEnvironment, "witness" | "recorder" | "leaseMs">;
  /** Makes a probe known to the world. */
  readonly register: (sessionId: string) => Promise<void>;
  /** Starts the probes: a client that is ready, and that no fault has come upon. */
  readonly client: Child;
  /** The group of the workers. */
  readonly group: string;
}

/** Offers probes to each worker in turn. Resolves with the ids of all, once they have ended or been given up. */
export async function offerToEach(
  supervisor: Pick<Supervisor, "living" | "alone">,
  offering: Offering,
): Promise<readonly string[]> {
  const sessions: string[] = [];
  for (const worker of supervisor.living) {
    await supervisor.alone(worker, async (frozen) => {
      sessions.push(...(await offerProbes(offering, worker, frozen)));
    });
  }
  await untilProbesEnded(offering, sessions);
  return sessions;
}

/** Offers probes to a worker that alone can take them. Resolves with their ids, once it has begun one, or counts as deaf. */
export async function offerProbes(
  { environment: { witness, recorder, leaseMs }, register, client, group }: Offering,
  worker: Incarnation,
  frozen: readonly Incarnation[],
): Promise<readonly string[]> {
  const count = Math.max(leastProbes, probesPerWorker * (1 + frozen.length));
  const specs = Array.from({ length: count }, probe);
  const sessions = specs.map(({ sessionId }) => sessionId);
  for (const sessionId of sessions) await register(sessionId);
  await witness.note({ kind: "offered", worker, frozen, sessions });
  const decided = Promise.withResolvers<void>();
  const timer = setTimeout(decided.resolve, deafAfterLeases * leaseMs);
  const own = new Set(sessions);
  const unwatch = recorder.watch((entry) => {
    if (entry.kind === "started" && own.has(entry.session)) timer.refresh();
    if (entry.kind === "begin" && own.has(entry.session) && entry.worker === worker) decided.resolve();
  });
  for (const spec of specs)
    client.send({ kind: "call", caller: "prober", spec, group } satisfies ClientOrder);
  await decided.promise;
  clearTimeout(timer);
  unwatch();
  await witness.note({ kind: "offer-ended", worker });
  return sessions;
}

/** It expires as soon as it idles. */
function probe(): SessionSpec {
  return plainSpec(`probe-${randomUUID()}`, { activities: 0, idleTimeoutMs: 0 });
}

/** Resolves when each of these sessions was answered, or has had as long as `completed` grants. */
export async function untilProbesEnded(
  { environment: { recorder, leaseMs } }: Offering,
  sessions: readonly string[],
): Promise<void> {
  const open = new Set(sessions);
  const all = Promise.withResolvers<void>();
  const look = (entry: Entry) => {
    if (!isAnswer(entry)) return;
    if (open.delete(entry.session) && open.size === 0) all.resolve();
  };
  const unwatch = recorder.watch(look);
  recorder.entries.forEach(look);
  const timer = setTimeout(all.resolve, completionBoundMs(0, leaseMs));
  await all.promise;
  clearTimeout(timer);
  unwatch();
}
