/** Workers on other hosts, from the outside: the command that starts one, and what a run says and asks where it wants some. */
import { UsageError } from "../errors.ts";
import type { Run } from "../run/run.ts";
import type { RunOptions } from "../run/run-experiments.ts";
import { addressOf } from "../stores/given.ts";
import type { StoreOptions } from "../stores/kinds.ts";
import { type Target, targetsNamed } from "../targets/targets.ts";
import { workByHand } from "../workers/by-hand.ts";

interface WorkerOptions extends StoreOptions {
  /** As the run printed it; whichever comes first where it is left out. */
  readonly run?: string;
  readonly target: string;
  readonly worldUrl: string;
}

/** `worker`: works for a run that was started elsewhere. Resolves with the exit code. */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const [target] = targetsNamed(options.target, options);
  if (target === undefined || target.given === null) {
    throw new UsageError(
      `The store of ${options.target} was not named.`,
      "Name it as this host reaches it: --redis-url, --resonate-url or --postgres-url.",
    );
  }
  const world = addressOf({ flag: "--world-url", text: options.worldUrl, schemes: ["redis:", "rediss:"] });
  const leave = new AbortController();
  process.once("SIGTERM", () => leave.abort()).once("SIGINT", () => leave.abort());
  const { name, implementation, given: store } = target;
  await workByHand({ run: options.run ?? null, target: name, implementation, world, store }, leave.signal);
  return 0;
}

/** @throws UsageError where workers are awaited from other hosts, which could not reach the world or a store. */
export function refuseToReachNobody(
  targets: readonly Target[],
  { workersElsewhere = 0, worldUrl }: Pick<RunOptions, "workersElsewhere" | "worldUrl">,
): void {
  if (workersElsewhere === 0) return;
  const own = worldUrl === undefined ? "the world" : targets.find(({ given }) => given === null)?.name;
  if (own === undefined) return;
  throw new UsageError(
    `Workers elsewhere cannot reach ${own}: what a run starts listens on loopback only.`,
    "Name a world and a store that are running: --world-url, and --redis-url, --resonate-url or --postgres-url.",
  );
}

/** What to type where workers are to run, one line for each target. */
export function invitationsTo({ world, settings }: Run, targets: readonly Target[]): readonly string[] {
  const { workersElsewhere = 0 } = settings;
  if (workersElsewhere === 0) return [];
  return targets.map(
    ({ name }) =>
      `Waiting for ${workersElsewhere} × npm run worker -- --run ${world.prefix}chaos --target ${name} --world-url … and the URL of its store`,
  );
}
