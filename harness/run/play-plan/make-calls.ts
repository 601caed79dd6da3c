/** The calls of a plan: each is sent when it is due, and answered, or given up when it has had its time. */
import { setTimeout as delay } from "node:timers/promises";
import { completionBoundMs } from "../../checks/invariants/completed.ts";
import { delaysByMs } from "../../faults/kinds/faults.ts";
import { callsOf } from "../../plan/calls.ts";
import type { Plan, PlannedCall } from "../../plan/plan-schema.ts";
import type { Child } from "../../processes/reaper.ts";
import type { ClientOrder } from "../../workers/client-main.ts";
import { isAnswer } from "../../world/entry.ts";
import type { Recorder } from "../recorder.ts";

/** Sends every call of the plan to its client at its time. Resolves when each got an answer of some kind. */
export function makeCalls(
  plan: Plan,
  clients: readonly Child[],
  group: string,
  recorder: Recorder,
): Promise<void> {
  const all = Promise.withResolvers<void>();
  const send = ({ client, caller, spec }: PlannedCall) =>
    clients[client]?.send({ kind: "call", caller, spec, group, client } satisfies ClientOrder);
  const later = new Map<string, PlannedCall[]>();
  let unanswered = 0;
  for (const [sessionId, calls] of callsOf(plan)) {
    unanswered += calls.length;
    for (const call of calls) if (call.start.kind === "at") setTimeout(send, call.start.atMs, call);
    later.set(
      sessionId,
      calls.filter(({ start }) => start.kind !== "at"),
    );
  }
  /** Lets those call, each so long from now, who wait for this of a session. */
  const release = (sessionId: string, kind: PlannedCall["start"]["kind"]) => {
    const calls = later.get(sessionId) ?? [];
    for (const call of calls)
      if (call.start.kind !== "at" && call.start.kind === kind) setTimeout(send, call.start.delayMs, call);
    later.set(
      sessionId,
      calls.filter(({ start }) => start.kind !== kind),
    );
  };
  recorder.watch((entry) => {
    if (entry.kind === "landed" && entry.effect === "set-idle") release(entry.session, "in-wait");
    if (!isAnswer(entry)) return;
    if (--unanswered === 0) all.resolve();
    release(entry.session, "after-result");
  });
  return all.promise;
}

/** Resolves when whoever called last has had as long as `completed` grants, however many calls were never answered. */
export async function untilPatienceEnds(
  { sessions, faults, leaseMs, retryDelayMs }: Plan,
  recorder: Recorder,
): Promise<void> {
  const retriesMs = ({ sessionId }: Plan["sessions"][number]) =>
    faults.reduce(
      (sum, fault) =>
        sum + (fault.kind === "throw" && fault.session === sessionId ? fault.times * retryDelayMs : 0),
      0,
    );
  const boundMs = Math.max(
    ...sessions.flatMap((session) =>
      session.calls.map(({ spec }) => completionBoundMs(spec.idleTimeoutMs, leaseMs) + retriesMs(session)),
    ),
  );
  const delayedMs = faults.reduce((sum, fault) => sum + delaysByMs(fault), 0);
  let lastCallAt = performance.now();
  for (const { calls } of sessions) {
    for (const { start } of calls) {
      if (start.kind === "at") lastCallAt = Math.max(lastCallAt, performance.now() + start.atMs);
    }
  }
  recorder.watch(({ kind }) => {
    if (kind === "call" || kind === "started" || kind === "healed")
      lastCallAt = Math.max(lastCallAt, performance.now());
  });
  while (performance.now() < lastCallAt + boundMs + delayedMs) await delay(500, undefined, { ref: false });
}
