/** Carries out the faults of a plan, heals them all, and says so in the ledger. */
import { setTimeout as delay } from "node:timers/promises";
import type { Plan } from "../plan/plan-schema.ts";
import type { Store } from "../stores/store.ts";
import type { Supervisor } from "../workers/supervisor.ts";
import type { Witness } from "../world/witness.ts";
import {
  type ArmedFault,
  armedBehaviourOf,
  isTimed,
  type TimedFault,
  timedBehaviourOf,
  victimsOf,
} from "./kinds/faults.ts";
import type { DiskTools, InjectTools, ReplicaTools } from "./kinds/kind.ts";
import type { ProxyConnections } from "./network-proxy/proxy-connections.ts";

/** What faults are done to, and with. */
export interface FaultTools {
  readonly supervisor: Supervisor;
  readonly witness: Witness;
  readonly store: Pick<Store, "kill" | "restart" | "refuseWrites">;
  readonly replica: ReplicaTools;
  readonly disk: DiskTools;
  readonly proxies: ProxyConnections;
  readonly clocks: InjectTools["clocks"];
  /** How long a worker that was told to leave may take to drain, ms. */
  readonly drainMs: number;
  /** Waits until a worker is at work on a session; gives up after a while. */
  untilAtWork(worker: string): Promise<unknown>;
  /** Waits until a session begins a long wait; resolves with false where none does for a while. */
  untilLongWait(): Promise<boolean>;
}

/** Ties those faults to their sessions that are not done at a time but to an execution, or by the callers. Before any of them starts. */
export async function armFaults(plan: Plan, witness: Witness): Promise<void> {
  for (const fault of plan.faults) if (!isTimed(fault)) await arm(fault, witness);
}

async function arm(fault: ArmedFault, witness: Witness): Promise<void> {
  const { id, kind, session } = fault;
  await witness.note({ kind: "fault", fault: id, faultKind: kind, workers: [], hits: session });
  const ordered = armedBehaviourOf(kind).orderOf?.(fault);
  if (ordered === undefined) return;
  await witness.arm(session, ordered.step, { ...ordered.order, fault: id }, ordered.times);
}

/**
 * Carries out the timed faults, each at its time, or when what befell its victims before is healed, whichever is later. Who
 * is to be struck alone is struck at work, where work comes soon. Resolves when each fault is healed: every worker slot is
 * occupied by a ready process, nothing is stopped, every proxy connection carries everything, and the store answers.
 */
export async function injectFaults(plan: Plan, tools: FaultTools): Promise<void> {
  const latestOn = new Map<string, Promise<void>>();
  const inject = async (fault: TimedFault, before: readonly (Promise<void> | undefined)[]) => {
    await delay(fault.atMs);
    await Promise.all(before);
    const [victim, ...others] = timedBehaviourOf(fault.kind).victimsOf(fault, plan.workers);
    const worker =
      victim?.kind === "worker" && others.length === 0 ? tools.supervisor.occupant(victim.slot) : null;
    if (worker !== null) await tools.untilAtWork(worker);
    await timedBehaviourOf(fault.kind).inject(fault, toolsFor(fault, tools));
  };
  for (const fault of plan.faults.filter(isTimed).toSorted((a, b) => a.atMs - b.atMs)) {
    const victims = victimsOf(fault, plan.workers);
    const healed = inject(
      fault,
      victims.map((victim) => latestOn.get(victim)),
    );
    for (const victim of victims) latestOn.set(victim, healed);
  }
  await Promise.all(latestOn.values());
  await tools.witness.note({ kind: "healed" });
}

/** The tools in the hands of one fault: what it does is said of it in the ledger. */
function toolsFor(
  { id, kind }: TimedFault,
  { supervisor, witness, store, replica, disk, proxies, clocks, drainMs, untilLongWait }: FaultTools,
): InjectTools {
  return {
    begin: (to) => witness.note({ kind: "fault", fault: id, faultKind: kind, ...to }),
    delay: (ms) => delay(ms),
    end: (more) => witness.note({ kind: "fault-ended", fault: id, ...more }),
    untilLongWait,
    workers: {
      kill: (restarts, how) => supervisor.kill(id, kind, restarts, how),
      terminate: (restart) => supervisor.terminate(id, kind, restart, drainMs),
      pause: (slot, forMs) => supervisor.pause(id, kind, slot, forMs),
      occupant: (slot) => supervisor.occupant(slot),
    },
    store: {
      kill: () => store.kill(),
      restart: () => store.restart(),
      refuseWrites: async (refuses) => {
        if (store.refuseWrites === undefined) throw new Error("a store that refuses nothing was to refuse");
        await store.refuseWrites(refuses);
      },
      replica,
      disk,
    },
    clocks,
    connectionOf: (end) => proxies.of(end),
  };
}
