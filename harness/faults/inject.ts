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
} from "./kinds/faults.ts";
import type { InjectTools } from "./kinds/kind.ts";
import type { ProxyConnections } from "./network-proxy/proxy-connections.ts";

/** What faults are done to, and with. */
export interface FaultTools {
  readonly supervisor: Supervisor;
  readonly witness: Witness;
  readonly store: Pick<Store, "kill" | "restart">;
  readonly proxies: ProxyConnections;
  /** How long a worker that was told to leave may take to drain, ms. */
  readonly drainMs: number;
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
 * Carries out the timed faults. Resolves when each is healed: every worker slot is occupied by a ready process, nothing
 * is stopped, every proxy connection carries everything, and the store answers.
 */
export async function injectFaults(plan: Plan, tools: FaultTools): Promise<void> {
  await Promise.all(
    plan.faults.filter(isTimed).map(async (fault) => {
      await delay(fault.atMs);
      await timedBehaviourOf(fault.kind).inject(fault, toolsFor(fault, tools));
    }),
  );
  await tools.witness.note({ kind: "healed" });
}

/** The tools in the hands of one fault: what it does is said of it in the ledger. */
function toolsFor(
  { id, kind }: TimedFault,
  { supervisor, witness, store, proxies, drainMs }: FaultTools,
): InjectTools {
  return {
    begin: (to) => witness.note({ kind: "fault", fault: id, faultKind: kind, ...to }),
    delay: (ms) => delay(ms),
    end: () => witness.note({ kind: "fault-ended", fault: id }),
    workers: {
      kill: (restarts) => supervisor.kill(id, kind, restarts),
      terminate: (restart) => supervisor.terminate(id, kind, restart, drainMs),
      pause: (slot, forMs) => supervisor.pause(id, kind, slot, forMs),
      occupant: (slot) => supervisor.occupant(slot),
    },
    store,
    connectionOf: (end) => proxies.of(end),
  };
}
