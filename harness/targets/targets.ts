/** The targets that can be run: which implementation, on which store, and how that store starts. */
import { UsageError } from "../errors.ts";
import { type PlannedFault, type PlannedFaultKind, plannedFaultKinds } from "../plan/fault-schema.ts";
import {
  emptyPostgresStore,
  postgresStore,
  redisStore,
  type StoreKind,
  type StoreOptions,
  serverStore,
} from "../stores/kinds.ts";
import { startResonateEmbedded } from "../stores/resonate-embedded/store.ts";
import { type Durability, durabilities } from "../stores/store.ts";

export interface Target extends StoreKind {
  /** `implementation@store`. */
  readonly name: string;
  /** Folder of the implementation, a file URL that ends in `/`. */
  readonly implementation: string;
  /** The lease that the engine takes where nobody asks for another, ms. */
  readonly defaultLeaseMs: number;
  /** The faults that it can take. One whose store the run did not start itself cannot take those that harm the store. */
  readonly faults: readonly PlannedFaultKind[];
}

const embeddedStore: StoreKind = {
  startStore: startResonateEmbedded,
  given: null,
  durabilities,
  whyUnavailable: async () => null,
};

/** `ttl` of the SDK's constructor. */
const resonateLeaseMs = 60_000;
/** `lockDuration` of a Worker; stalled jobs are looked for as seldom. */
const bullmqLeaseMs = 30_000;
/** `defaultLeaseMs` of its worker. */
const outboxLeaseMs = 30_000;

/** Those that are run where none is named, on stores of the run's own. */
export const targets: readonly Target[] = [
  target("resonate@embedded", embeddedStore, resonateLeaseMs),
  target("redis-bullmq@redis", redisStore({}), bullmqLeaseMs),
];

/** All that there are, on the stores that the options name. @throws UsageError for an option that makes no sense. */
function allTargets(options: StoreOptions): readonly Target[] {
  return [
    target("resonate@embedded", embeddedStore, resonateLeaseMs),
    target("resonate@server", serverStore(options), resonateLeaseMs),
    target("resonate@postgres", postgresStore(options), resonateLeaseMs),
    target("redis-bullmq@redis", redisStore(options), bullmqLeaseMs),
    target("postgres-outbox@postgres", emptyPostgresStore, outboxLeaseMs),
  ];
}

const emptyStores = { redis: redisStore({}), postgres: emptyPostgresStore, embedded: embeddedStore } as const;

/** The stores that an implementation of anybody's can be tried on: new ones, with nothing in them. */
export const emptyStoreNames = Object.keys(emptyStores) as readonly (keyof typeof emptyStores)[];

/** An implementation that no list of targets knows, in a folder whose URL ends in `/`, on one of those stores. */
export function unlistedTarget(implementation: string, store: (typeof emptyStoreNames)[number]): Target {
  const name = new URL(implementation).pathname.split("/").at(-2) ?? "";
  return targetIn(implementation, `${decodeURIComponent(name)}@${store}`, emptyStores[store], Number.NaN);
}

/** Needs a process of the store's, or a place of the harness's between it and a worker. */
const faultsOfOwnStores: readonly PlannedFaultKind[] = ["kill-store", "partition"];

function target(name: string, store: StoreKind, defaultLeaseMs: number): Target {
  const [implementation] = name.split("@");
  const folder = new URL(`../../implementations/${implementation}/`, import.meta.url).href;
  return targetIn(folder, name, store, defaultLeaseMs);
}

function targetIn(implementation: string, name: string, store: StoreKind, defaultLeaseMs: number): Target {
  return {
    name,
    implementation,
    defaultLeaseMs,
    faults: plannedFaultKinds.filter((fault) => store.given === null || !faultsOfOwnStores.includes(fault)),
    ...store,
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

/** What was asked for by name: those that can be run, and those that cannot, each with the reason. */
export interface LineUp {
  readonly targets: readonly Target[];
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Looks which of the targets in a list, separated by commas, can be run on this machine.
 * @throws UsageError for a name that does not exist, and for a durability that one of them does not have.
 */
export async function lineUp(
  list: string,
  options: StoreOptions & { readonly durability?: Durability },
): Promise<LineUp> {
  const asked = targetsNamed(list, options);
  if (options.durability !== undefined) refuseDurabilityNotHad(asked, options.durability);
  const looked = await Promise.all(
    asked.map(async (target) => ({ target, reason: await target.whyUnavailable() })),
  );
  return {
    targets: looked.flatMap(({ target, reason }) => (reason === null ? [target] : [])),
    unavailable: looked.flatMap(({ target, reason }) =>
      reason === null ? [] : [{ name: target.name, reason }],
    ),
  };
}

/** Looks up the targets in a list separated by commas. @throws UsageError for a name that does not exist. */
export function targetsNamed(list: string, options: StoreOptions = {}): readonly Target[] {
  const all = allTargets(options);
  const names = list.split(",").map((name) => name.trim());
  return [...new Set(names)].map((name) => {
    const target = all.find((candidate) => candidate.name === name);
    if (target !== undefined) return target;
    const known = all.map((each) => each.name).join(", ");
    throw new UsageError(
      name === "" ? "No target was named." : `There is no target "${name}".`,
      `Choose from: ${known}.`,
    );
  });
}

/** @throws UsageError for the first of the targets whose store cannot be asked to keep that. */
function refuseDurabilityNotHad(
  targets: readonly Pick<Target, "name" | "durabilities" | "whyNoOthers">[],
  durability: Durability,
): void {
  const refusing = targets.find(({ durabilities }) => !durabilities.includes(durability));
  if (refusing === undefined) return;
  throw new UsageError(
    `${refusing.name} has no durability "${durability}"${refusing.whyNoOthers === undefined ? "" : `: ${refusing.whyNoOthers}`}.`,
    `Choose --durability ${refusing.durabilities.join(" or ")}, or leave the target out with --targets.`,
  );
}
