/** Carries out the faults of a plan at their times, and says in the ledger when the last of them is healed. */
import { setTimeout as delay } from "node:timers/promises";
import type { Supervisor } from "../workers/supervisor.ts";
import type { Witness } from "../world/witness.ts";
import type { Plan } from "./plan-schema.ts";

/** Resolves when every fault was injected and every worker slot is occupied by a ready process again. */
export async function injectFaults(plan: Plan, supervisor: Supervisor, witness: Witness): Promise<void> {
  await Promise.all(
    plan.faults.map(async (fault) => {
      await delay(fault.atMs);
      const restarts =
        fault.kind === "kill-all"
          ? fault.restartsAfterMs.map((restartAfterMs, slot) => ({ slot, restartAfterMs }))
          : [{ slot: fault.slot, restartAfterMs: fault.restartAfterMs }];
      await supervisor.kill(fault.id, fault.kind, restarts);
    }),
  );
  await witness.note({ kind: "healed" });
}
