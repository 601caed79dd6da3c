/**
 * Plays one plan on one target: starts its store, workers and clients, lets the arrivals come and the faults
 * happen, waits until everything has ended, and looks at what is left. What it returns is a history; it judges nothing.
 * On several targets, as many play at the same time as the machine has cores, so that what disturbs one disturbs another too.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { completionBoundMs } from "../../checks/invariants/completed.ts";
import { armFaults, injectFaults } from "../../faults/inject.ts";
import { delaysByMs } from "../../faults/kinds/faults.ts";
import { longWaitLeases } from "../../faults/kinds/kind.ts";
import { ProxyConnections } from "../../faults/network-proxy/proxy-connections.ts";
import { asDefended, Replica } from "../../faults/replica.ts";
import { type Analysis, analysisOf } from "../../history/analysis.ts";
import { SessionsAtWork } from "../../history/at-work.ts";
import { indexHistory } from "../../history/history.ts";
import { callsOf } from "../../plan/calls.ts";
import type { Plan, PlannedCall } from "../../plan/plan-schema.ts";
import { type Child, longestStartMs } from "../../processes/reaper.ts";
import { terminate } from "../../processes/terminate.ts";
import type { ClientOrder } from "../../workers/client-main.ts";
import { Supervisor } from "../../workers/supervisor.ts";
import { type Entry, isAnswer } from "../../world/entry.ts";
import { TargetEnvironment } from "../environment.ts";
import { inspect } from "../inspect.ts";
import { withProgress } from "../progress.ts";
import type { Recorder } from "../recorder.ts";
import type { Run } from "../run.ts";
import { planFor, type Target, whyNotTaken } from "../target.ts";
import { Disk } from "./disk.ts";
import { untilOnlyForgottenWait } from "./forgotten-callers.ts";
import { offerToEach } from "./offer-probes.ts";
import { PlanClocks } from "./plan-clocks.ts";
import { awaitRemoteWorkers, terminateRemoteWorkers } from "./remote-workers.ts";

/** What became of a plan on one target. */
export interface PlayedPlan {
  /** Names the ledger. */
  readonly experiment: string;
  readonly target: Pick<Target, "name" | "guarantees">;
  readonly plan: Plan;
  readonly analysis: Analysis;
}

interface PlanToPlay {
  readonly run: Run;
  readonly experiment: string;
  readonly target: Target;
  readonly plan: Plan;
  /** Called with every entry as it is recorded. */
  readonly watch: (entry: Entry) => void;
}

/** How long a worker may take to drain and leave, in leases: a session may be at work for two, and be made to fail or to wait. */
const drainLeases = 5;

/** How long a worker may take to get ready, in leases, where that is longer than any machine takes. */
const readyLeases = 20;

/** How long a fault waits for a session that begins a long wait, in leases. */
const longWaitPatienceLeases = 10;

/** The queue or worker group of a plan's sessions. */
const group = "sessions";

/**
 * Two targets that restart their workers at the same instant would measure the machine's cores, not the engines. In the
 * profiles a worker is killed about every one and a half leases, and all of them now and then: between two of one target falls one of the other.
 */
const staggerLeases = 0.75;

/** Plays the plan on the targets and shows how far each is. Resolves with what became of it on each, in order. */
export function playOnTargets(
  run: Run,
  plan: Plan,
  targets: readonly Target[],
  experiment: string,
): Promise<readonly PlayedPlan[]> {
  for (const target of targets) sayWhatIsLeftOut(plan, target);
  return withProgress(plan, targets, run.targetsAtOnce, async (target, index, watch) => {
    await delay((index % run.targetsAtOnce) * staggerLeases * plan.leaseMs);
    const entries = await playPlan({ run, experiment, target, plan: planFor(target, plan), watch });
    return playedPlan(entries, { experiment, target, plan });
  });
}

function sayWhatIsLeftOut({ faults }: Plan, target: Target): void {
  for (const kind of new Set(faults.map((fault) => fault.kind))) {
    const why = whyNotTaken(target, kind);
    if (why !== null) console.log(`${target.name} takes no ${kind}: ${why}.`);
  }
}

/** The ledger of a plan's run, read. Pure. */
export function playedPlan(
  entries: readonly Entry[],
  of: Pick<PlayedPlan, "experiment" | "plan"> & {
    readonly target: Pick<Target, "name" | "guarantees" | "faults" | "clocks">;
  },
): PlayedPlan {
  const { leaseMs, retryDelayMs } = of.plan;
  const { clocks } = of.target;
  const analysis = analysisOf(indexHistory(entries), { leaseMs, clocks, retryDelayMs });
  return { ...of, plan: planFor(of.target, of.plan), analysis };
}

/** Resolves with the whole ledger. @throws HarnessError when a process could not be started or died by itself. */
export async function playPlan({
  run,
  experiment,
  target,
  plan,
  watch,
}: PlanToPlay): Promise<readonly Entry[]> {
  const { leaseMs, retryDelayMs } = plan;
  const prefix = join(run.reaper.folder, `${experiment}-${target.name}-`);
  const clocks = new PlanClocks(plan, target, prefix);
  const disk = new Disk(plan, `${prefix}synced`);
  const environment = await TargetEnvironment.open({
    run,
    experiment,
    target,
    leaseMs,
    retryDelayMs,
    ofStore: { ...clocks.ofStore, ...disk.ofStore },
  });
  const { witness, recorder } = environment;
  await witness.register(plan.sessions, plan.keyTtlMs);
  recorder.watch(watch);
  await armFaults(plan, witness);
  const { ports } = run.settings;
  const replica = await Replica.attach(plan, environment.store, ports);
  const address = { ...environment.store.address, ...asDefended(plan) };
  const proxies = await ProxyConnections.open(
    plan,
    { store: address, callsWorkers: target.callsWorkers ?? false },
    ports,
  );

  // A worker that starts while the store is away waits for it, and what is done to a store lasts for some leases.
  const readyWithinMs = Math.max(longestStartMs, readyLeases * leaseMs);
  const slots = { slotCount: plan.workers, readyWithinMs };
  const supervisor = new Supervisor(witness, slots, (incarnation, slot) =>
    environment.spawnWorker(incarnation, group, {
      ...proxies.placeOf({ kind: "worker", slot }),
      variables: clocks.ofSlot(slot),
    }),
  );
  const clients = Array.from({ length: plan.clients }, (_, client) =>
    environment.spawnClient(`client-${client}`, group, {
      ...proxies.placeOf({ kind: "client", client }),
    }),
  );
  await Promise.all([supervisor.start(), ...clients.map((client) => client.firstMessage())]);
  const { remoteWorkers = 0 } = run.settings;
  if (remoteWorkers > 0) await awaitRemoteWorkers(environment, group, remoteWorkers);

  const drainMs = drainLeases * leaseMs;
  const atWork = new SessionsAtWork();
  recorder.watch((entry) => atWork.read(entry));
  const tools = {
    supervisor,
    witness,
    store: environment.store,
    replica,
    disk: disk.toolsFor(environment.store, run.settings.durability),
    proxies,
    clocks: clocks.tools,
    drainMs,
    untilAtWork: (worker: string) => seen(recorder, () => atWork.countOf(worker) > 0, leaseMs),
    untilLongWait: () => seen(recorder, longWaitIn(plan), longWaitPatienceLeases * leaseMs),
  };
  const ended = Promise.race([
    makeCalls(plan, clients, recorder),
    patience(plan, recorder),
    untilOnlyForgottenWait(plan, recorder),
  ]);
  // One of its own, straight to the store: what befell other clients is no excuse for a worker. It starts while sessions end.
  const openProber = async () => {
    const prober = environment.spawnClient("prober", group);
    clients.push(prober);
    await prober.firstMessage();
    return prober;
  };
  const registerProbe = (sessionId: string) =>
    witness.register([{ sessionId, mode: "idempotent", workMs: {} }]);
  const playOut = async () => {
    const [prober] = await Promise.all([injectFaults(plan, tools).then(openProber), ended]);
    const [probes] = await Promise.all([
      offerToEach(supervisor, { environment, register: registerProbe, client: prober, group }),
      delay(2 * leaseMs), // whoever was believed dead has had the time to do harm
    ]);
    const sessions = plan.sessions.map(({ sessionId }) => sessionId);
    await inspect(environment, [...sessions, ...probes]);
  };
  await Promise.race([playOut(), supervisor.failed]);
  if (remoteWorkers > 0) await terminateRemoteWorkers(environment);
  await Promise.all([supervisor.stop(drainMs), ...clients.map((client) => terminate(client))]);
  await proxies.close();
  return environment.close();
}

/** Whether an entry begins a wait that is long for this plan. */
function longWaitIn({ sessions, leaseMs }: Plan): (entry?: Entry) => boolean {
  const long = new Set(
    sessions
      .filter(({ calls }) => calls.every(({ spec }) => spec.idleTimeoutMs >= longWaitLeases * leaseMs))
      .map(({ sessionId }) => sessionId),
  );
  return (entry) => entry?.kind === "landed" && entry.effect === "set-idle" && long.has(entry.session);
}

/** Resolves with true as soon as it holds: now, or of an entry to come; with false where it does not within this time. */
function seen(recorder: Recorder, holds: (entry?: Entry) => boolean, withinMs: number): Promise<boolean> {
  if (holds()) return Promise.resolve(true);
  const found = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => found.resolve(false), withinMs);
  const unwatch = recorder.watch((entry) => {
    if (holds(entry)) found.resolve(true);
  });
  return found.promise.finally(() => {
    clearTimeout(timer);
    unwatch();
  });
}

/** Resolves when whoever called last has had as long as `completed` grants, however many calls were never answered. */
async function patience(
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

/** Sends every call of the plan to its client at its time. Resolves when each got an answer of some kind. */
function makeCalls(plan: Plan, clients: readonly Child[], recorder: Recorder): Promise<void> {
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
