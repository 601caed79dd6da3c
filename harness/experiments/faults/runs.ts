/** The runs of `faults`: one kind of fault each, in one way, with nothing else in it. */
import { UsageError } from "../../errors.ts";
import type { Defence } from "../../faults/kinds/failover.ts";
import type { PlannedFault, PlannedFaultKind } from "../../faults/kinds/faults.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { faultCountsOf, faultMixOf } from "../../plan/fault-mix.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { evenWork } from "../../run/sample-session.ts";
import { type Target, whyNotTaken } from "../../run/target.ts";
import type { FaultsSettings } from "./settings.ts";

export interface FaultRun {
  /** Names its rows and its ledger. */
  readonly name: string;
  readonly kind: PlannedFaultKind;
  /** What happens, for a reader. */
  readonly says: string;
  /** What the store has to be able to do against a failover. */
  readonly defence?: Defence;
  /** What it makes of the faults that are drawn; they are as they were drawn, where it is left out. Pure. */
  readonly faultsOf?: (drawn: readonly PlannedFault[], plan: Plan) => readonly PlannedFault[];
}

const offMs = 5_000;

const faultRuns: readonly FaultRun[] = [
  {
    name: "vanish",
    kind: "vanish",
    says: "A worker's connections die without a word",
    // First one worker's, then the other's, so that one is always there; a client's would interrupt nobody.
    faultsOf: (drawn, { leaseMs }) =>
      drawn
        .filter((fault) => fault.kind === "vanish")
        .slice(0, 2)
        .map((fault, slot) => ({
          ...fault,
          atMs: (2 + 14 * slot) * leaseMs,
          between: { kind: "worker", slot },
        })),
  },
  { name: "refuse", kind: "refuse", says: "The store refuses writes for a while" },
  { name: "failover", kind: "failover", says: "The store fails over to a replica that is up to 2 s behind" },
  {
    name: "failover-wait-for-replica",
    kind: "failover",
    says: "The same, where starts wait for the replica",
    ...against("wait-for-replica"),
  },
  {
    name: "failover-min-replicas",
    kind: "failover",
    says: "The same, where a primary that misses its replica takes no writes",
    ...against("min-replicas"),
  },
  { name: "power", kind: "power", says: "The store's machine loses power: what was not synced is gone" },
  { name: "clock-ahead", kind: "clock", says: "All workers' clocks jump 5 s ahead, and back", ...off(offMs) },
  {
    name: "clock-behind",
    kind: "clock",
    says: "All workers' clocks jump 5 s back, and ahead",
    ...off(-offMs),
  },
  {
    name: "clock-store-ahead",
    kind: "clock-store",
    says: "The store's clock jumps 5 s ahead, and back",
    ...off(offMs),
  },
  {
    name: "clock-store-behind",
    kind: "clock-store",
    says: "The store's clock jumps 5 s back, and ahead",
    ...off(-offMs),
  },
  { name: "long-outage", kind: "long-outage", says: "The store is away for 65 s" },
  {
    name: "day-outage",
    kind: "day-outage",
    says: "The store is away for more than a day, by its clock and its workers'",
  },
];

function against(defence: Defence): Pick<FaultRun, "defence" | "faultsOf"> {
  return {
    defence,
    faultsOf: (drawn) => drawn.map((fault) => (fault.kind === "failover" ? { ...fault, defence } : fault)),
  };
}

/** A clock that is off by so much; all of them, where it is workers'. */
function off(offsetMs: number): Pick<FaultRun, "faultsOf"> {
  return {
    faultsOf: (drawn, { workers }) =>
      drawn.map((fault) => {
        if (fault.kind === "clock-store") return { ...fault, offsetMs };
        if (fault.kind !== "clock") return fault;
        return { ...fault, offsetMs, slots: Array.from({ length: workers }, (_, slot) => slot) };
      }),
  };
}

/** Why a target cannot play it, in a few words; null where it can. */
export function whyNotPlayed(
  { kind, defence = "none" }: FaultRun,
  target: Pick<Target, "external" | "lacks" | "defences">,
): string | null {
  const why = whyNotTaken(target, kind);
  if (why !== null || kind !== "failover" || target.defences?.includes(defence)) return why;
  return "its store has no such setting";
}

/** Those with these names, or all. @throws UsageError for a name that there is not. */
export function faultRunsNamed(names?: readonly string[]): readonly FaultRun[] {
  if (names === undefined) return faultRuns;
  return names.map((name) => {
    const found = faultRuns.find((run) => run.name === name);
    if (found !== undefined) return found;
    throw new UsageError(
      `Unknown run "${name}".`,
      `Choose from: ${faultRuns.map((run) => run.name).join(", ")}.`,
    );
  });
}

/** How long each step of a session takes before its effects, and after them, in leases: so that a fault finds some at work in each. */
const workLeases = 0.2;

/** The plan of a run. Pure. */
export function planOf(
  { kind, faultsOf = (drawn) => drawn }: FaultRun,
  { runs: _, ...shape }: FaultsSettings,
  seed: number,
): Plan {
  const plan = drawPlan(seed, { ...shape, faults: faultCountsOf(faultMixOf(kind), shape) });
  const workMs = Math.round(workLeases * plan.leaseMs);
  return {
    ...plan,
    sessions: plan.sessions.map((session) => ({
      ...session,
      workMs: evenWork(Object.keys(session.workMs), workMs),
    })),
    faults: [...faultsOf(plan.faults, plan)],
  };
}
