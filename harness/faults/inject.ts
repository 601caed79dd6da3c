/** Carries out the faults of a plan, heals them all, and says so in the ledger. */
import { setTimeout as delay } from "node:timers/promises";
import { type ArmedFault, isTimed, type PartitionHow, type TimedFault } from "../plan/fault-schema.ts";
import type { Plan } from "../plan/plan-schema.ts";
import type { Store } from "../stores/store.ts";
import type { Supervisor } from "../workers/supervisor.ts";
import type { Witness } from "../world/witness.ts";
import type { Links } from "./network-proxy/proxies.ts";

/** What faults are done to, and with. */
export interface FaultTools {
  readonly supervisor: Supervisor;
  readonly witness: Witness;
  readonly store: Pick<Store, "kill" | "restart">;
  readonly links: Links;
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
  if (kind === "throw") {
    await witness.arm(session, fault.step, { kind, when: fault.when, fault: id }, fault.times);
  } else if (kind === "slow") {
    await witness.arm(session, fault.step, { kind, delayMs: fault.delayMs, fault: id });
  }
}

/**
 * Carries out the timed faults. Resolves when each is healed: every worker slot is occupied by a ready process, nothing
 * is stopped, every link carries everything, and the store answers.
 */
export async function injectFaults(plan: Plan, tools: FaultTools): Promise<void> {
  await Promise.all(
    plan.faults.filter(isTimed).map(async (fault) => {
      await delay(fault.atMs);
      await inject(fault, tools);
    }),
  );
  await tools.witness.note({ kind: "healed" });
}

async function inject(fault: TimedFault, tools: FaultTools): Promise<void> {
  const { supervisor, drainMs } = tools;
  switch (fault.kind) {
    case "kill":
      return supervisor.kill(fault.id, fault.kind, [fault]);
    case "kill-all": {
      const restarts = fault.restartsAfterMs.map((restartAfterMs, slot) => ({ slot, restartAfterMs }));
      return supervisor.kill(fault.id, fault.kind, restarts);
    }
    case "terminate":
      return supervisor.terminate(fault.id, fault, drainMs);
    case "pause":
      return supervisor.pause(fault.id, fault.slot, fault.forMs);
    case "partition":
      return part(fault, tools);
    case "kill-store":
      return killStore(fault, tools);
  }
}

async function killStore(
  { id, kind, restartAfterMs }: Extract<TimedFault, { kind: "kill-store" }>,
  { witness, store }: FaultTools,
): Promise<void> {
  await witness.note({ kind: "fault", fault: id, faultKind: kind, workers: [] });
  await store.kill();
  await delay(restartAfterMs);
  await store.restart();
  await witness.note({ kind: "fault-ended", fault: id });
}

/** Where nobody is in the slot, the fault hits nobody and is over at once: whoever comes next is not said to be under it. */
async function part(
  { id, kind, between, how }: Extract<TimedFault, { kind: "partition" }>,
  { witness, supervisor, links }: FaultTools,
): Promise<void> {
  const worker = between.kind === "worker" ? supervisor.occupant(between.slot) : null;
  await witness.note({
    kind: "fault",
    fault: id,
    faultKind: kind,
    how: how.kind,
    workers: worker === null ? [] : [worker],
    ...(between.kind === "client" ? { client: between.client } : {}),
  });
  if (between.kind === "client" || worker !== null) await disturb(links.of(between), how);
  await witness.note({ kind: "fault-ended", fault: id });
}

/** Resolves when it is over, and the link carries everything again. */
async function disturb(link: ReturnType<Links["of"]>, how: PartitionHow): Promise<void> {
  switch (how.kind) {
    case "stop":
      link.stop(how.direction);
      await delay(how.forMs);
      break;
    case "delay":
      link.delay(how.latencyMs);
      await delay(how.forMs);
      break;
    case "cut":
      link.cut();
      break;
    case "swallow-reply":
      await Promise.race([link.swallowReply(), delay(how.forMs)]);
      break;
  }
  link.heal();
}
