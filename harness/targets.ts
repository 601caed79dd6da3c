/** The targets that can be run: which implementation, on which store, and how that store starts. */
import { UsageError } from "./errors.ts";
import { startRedisStore } from "./stores/redis.ts";
import { startResonateEmbedded } from "./stores/resonate-embedded/store.ts";
import type { StartStore } from "./stores/store.ts";

export interface Target {
  /** `implementation@store`. */
  readonly name: string;
  /** Folder of the implementation, a file URL that ends in `/`. */
  readonly implementation: string;
  readonly startStore: StartStore;
}

export const targets: readonly Target[] = [
  target("resonate@embedded", startResonateEmbedded),
  target("redis-bullmq@redis", startRedisStore),
];

function target(name: string, startStore: StartStore): Target {
  const [implementation] = name.split("@");
  return {
    name,
    implementation: new URL(`../implementations/${implementation}/`, import.meta.url).href,
    startStore,
  };
}

/** Looks targets up by name. @throws UsageError for a name that does not exist, or a list with none. */
export function targetsNamed(names: readonly string[]): readonly Target[] {
  const known = targets.map(({ name }) => name).join(", ");
  const found = [...new Set(names)].map((name) => {
    const target = targets.find((candidate) => candidate.name === name);
    if (target === undefined) throw new UsageError(`There is no target "${name}".`, `Choose from: ${known}.`);
    return target;
  });
  if (found.length === 0) throw new UsageError("No target was named.", `Choose from: ${known}.`);
  return found;
}
