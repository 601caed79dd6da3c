/** The targets that can be run: which implementation, on which store, and how that store starts. */
import { UsageError } from "./errors.ts";
import { type PlannedFault, type PlannedFaultKind, plannedFaultKinds } from "./faults/fault-schema.ts";
import { startRedisStore } from "./stores/redis.ts";
import { startResonateEmbedded } from "./stores/resonate-embedded/store.ts";
import type { StartStore } from "./stores/store.ts";

export interface Target {
  /** `implementation@store`. */
  readonly name: string;
  /** Folder of the implementation, a file URL that ends in `/`. */
  readonly implementation: string;
  readonly startStore: StartStore;
  /** The lease that the engine takes where nobody asks for another, ms. */
  readonly defaultLeaseMs: number;
  /** The faults that it can take. One whose store the run did not start itself cannot take those that harm the store. */
  readonly faults: readonly PlannedFaultKind[];
}

export const targets: readonly Target[] = [
  // `ttl` of the SDK's constructor.
  target("resonate@embedded", startResonateEmbedded, 60_000),
  // `lockDuration` of a Worker; stalled jobs are looked for as seldom.
  target("redis-bullmq@redis", startRedisStore, 30_000),
];

function target(name: string, startStore: StartStore, defaultLeaseMs: number): Target {
  const [implementation] = name.split("@");
  return {
    name,
    implementation: new URL(`../implementations/${implementation}/`, import.meta.url).href,
    startStore,
    defaultLeaseMs,
    faults: plannedFaultKinds,
  };
}

/** @throws UsageError for the first fault of a plan that one of the targets cannot take, by name. */
export function refuseFaultsNotTaken(
  targets: readonly Pick<Target, "name" | "faults">[],
  planned: readonly Pick<PlannedFault, "kind">[],
): void {
  for (const { name, faults } of targets) {
    const refused = planned.find(({ kind }) => !faults.includes(kind));
    if (refused === undefined) continue;
    throw new UsageError(
      `${name} cannot take the fault "${refused.kind}".`,
      `Leave it out with --faults ${faults.join(",")}, or leave the target out with --targets.`,
    );
  }
}

/** Looks up the targets in a list separated by commas. @throws UsageError for a name that does not exist. */
export function targetsNamed(list: string): readonly Target[] {
  const names = list.split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    const target = targets.find((candidate) => candidate.name === name);
    if (target !== undefined) return target;
    const known = targets.map((each) => each.name).join(", ");
    throw new UsageError(
      name === "" ? "No target was named." : `There is no target "${name}".`,
      `Choose from: ${known}.`,
    );
  });
}
