/** What a run asks and says where workers are started by hand on other hosts. */
import { UsageError } from "../errors.ts";
import { storeUrlFlags } from "../stores/options.ts";
import type { RunOptions } from "./run-experiments.ts";
import type { Target } from "./target.ts";

/** @throws UsageError where workers are awaited from other hosts, which could not reach the world or a store. */
export function refuseToReachNobody(
  targets: readonly Target[],
  { remoteWorkers = 0, worldUrl }: Pick<RunOptions, "remoteWorkers" | "worldUrl">,
): void {
  if (remoteWorkers === 0) return;
  const own = worldUrl === undefined ? "the world" : targets.find(({ external }) => external === null)?.name;
  if (own === undefined) return;
  throw new UsageError(
    `Remote workers cannot reach ${own}: what a run starts listens on loopback only.`,
    `Name a world and a store that are running: --world-url, and ${storeUrlFlags.join(" or ")}.`,
  );
}

/** What to type where workers are to run that a target waits for. Pure. */
export function invitationTo(worldPrefix: string, target: string, count: number): string {
  return `Waiting for ${count} × npm run worker -- --run ${worldPrefix}chaos --target ${target} --world-url … and the URL of its store`;
}
