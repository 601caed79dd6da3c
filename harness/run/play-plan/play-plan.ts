/**
 * Plays one plan on one target: starts its store, workers and clients, lets the arrivals come and the faults
 * happen, waits until everything has ended, and looks at what is left. What it returns is a history; it judges nothing.
 * On several targets, as many play at the same time as the machine has cores, so that what disturbs one disturbs another too.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { armFaults, type FaultTools, injectFaults } from "../../faults/inject.ts";
import { ProxyConnections } from "../../faults/network-proxy/proxy-connections.ts";
import { asDefended, Replica } from "../../faults/replica.ts";
import { type Analysis, analysisOf } from "../../history/analysis.ts";
import { indexHistory } from "../../history/history.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { type Child, longestStartMs } from "../../processes/reaper.ts";
import { terminate } from "../../processes/terminate.ts";
import { Supervisor } from "../../workers/supervisor.ts";
import type { Entry } from "../../world/entry.ts";
import { TargetEnvironment } from "../environment.ts";
import { inspect } from "../inspect.ts";
import { withProgress } from "../progress.ts";
import type { Run } from "../run.ts";
import { planFor, type Target, whyNotTaken } from "../target.ts";
import { Disk } from "./disk.ts";
import { untilOnlyForgottenWait } from "./forgotten-callers.ts";
import { makeCalls, untilPatienceEnds } from "./make-calls.ts";
import { momentsOf } from "./moments.ts";
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
  const { store, witness, recorder } = environment;
  await witness.register(plan.sessions, plan.keyTtlMs);
  recorder.watch(watch);
  await armFaults(plan, witness);
  const { ports, durability, remoteWorkers = 0 } = run.settings;
  const replica = await Replica.attach(plan, store, ports);
  const disturbed = {
    store: { ...store.address, ...asDefended(plan) },
    callsWorkers: target.callsWorkers ?? false,
  };
  const proxies = await ProxyConnections.open(plan, disturbed, ports);
  const processes = await startProcesses(environment, plan, proxies, clocks);
  const { supervisor, clients } = processes;
  if (remoteWorkers > 0) await awaitRemoteWorkers(environment, group, remoteWorkers);
  const drainMs = drainLeases * leaseMs;
  const tools = {
    supervisor,
    witness,
    store,
    replica,
    disk: disk.toolsFor(store, durability),
    proxies,
    clocks: clocks.tools,
    drainMs,
    ...momentsOf(plan, recorder),
  };
  await Promise.race([playOut(environment, plan, processes, tools), supervisor.failed]);
  if (remoteWorkers > 0) await terminateRemoteWorkers(environment);
  await Promise.all([supervisor.stop(drainMs), ...clients.map((client) => terminate(client))]);
  await proxies.close();
  return environment.close();
}

interface Processes {
  readonly supervisor: Supervisor;
  /** Those of the plan, and the prober once it is started. */
  readonly clients: Child[];
}

/** Starts the workers and clients, each where its proxy and its clock are; resolves when all are ready. */
async function startProcesses(
  environment: TargetEnvironment,
  plan: Plan,
  proxies: ProxyConnections,
  clocks: PlanClocks,
): Promise<Processes> {
  // A worker that starts while the store is away waits for it, and what is done to a store lasts for some leases.
  const readyWithinMs = Math.max(longestStartMs, readyLeases * plan.leaseMs);
  const slots = { slotCount: plan.workers, readyWithinMs };
  const supervisor = new Supervisor(environment.witness, slots, (incarnation, slot) =>
    environment.spawnWorker(incarnation, group, {
      ...proxies.placeOf({ kind: "worker", slot }),
      variables: clocks.ofSlot(slot),
    }),
  );
  const clients = Array.from({ length: plan.clients }, (_, client) =>
    environment.spawnClient(`client-${client}`, group, proxies.placeOf({ kind: "client", client })),
  );
  await Promise.all([supervisor.start(), ...clients.map((client) => client.firstMessage())]);
  return { supervisor, clients };
}

/** Makes the calls and injects the faults, offers each worker probes when all has ended, and looks at what is left. */
async function playOut(
  environment: TargetEnvironment,
  plan: Plan,
  { supervisor, clients }: Processes,
  tools: FaultTools,
): Promise<void> {
  const { witness, recorder } = environment;
  const ended = Promise.race([
    makeCalls(plan, clients, group, recorder),
    untilPatienceEnds(plan, recorder),
    untilOnlyForgottenWait(plan, recorder),
  ]);
  // One of its own, straight to the store: what befell other clients is no excuse for a worker. It starts while sessions end.
  const openProber = async () => {
    const prober = environment.spawnClient("prober", group);
    clients.push(prober);
    await prober.firstMessage();
    return prober;
  };
  const register = (sessionId: string) => witness.register([{ sessionId, mode: "idempotent", workMs: {} }]);
  const [client] = await Promise.all([injectFaults(plan, tools).then(openProber), ended]);
  const [probes] = await Promise.all([
    offerToEach(supervisor, { environment, register, client, group }),
    delay(2 * plan.leaseMs), // whoever was believed dead has had the time to do harm
  ]);
  await inspect(environment, [...plan.sessions.map(({ sessionId }) => sessionId), ...probes]);
}
