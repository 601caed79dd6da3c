/** The command `worker`: starts one on another host, for a run that wants some. */
import { UsageError } from "../errors.ts";
import { onInterruption } from "../run/interruption.ts";
import { addressOf } from "../stores/external.ts";
import type { StoreOptions } from "../stores/kinds.ts";
import { storeUrlFlags } from "../stores/options.ts";
import { targetsNamed } from "../targets/targets.ts";
import { workRemotely } from "../workers/remote-worker.ts";

interface WorkerOptions extends StoreOptions {
  /** As the run printed it; whichever comes first where it is left out. */
  readonly run?: string;
  readonly target: string;
  readonly worldUrl: string;
}

/** `worker`: works for a run that was started elsewhere. Resolves with the exit code. */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const [target] = targetsNamed(options.target, options);
  if (target === undefined || target.external === null) {
    throw new UsageError(
      `The store of ${options.target} was not named.`,
      `Name it as this host reaches it: ${storeUrlFlags.join(" or ")}.`,
    );
  }
  const world = addressOf({ flag: "--world-url", text: options.worldUrl, schemes: ["redis:", "rediss:"] });
  const leave = new AbortController();
  onInterruption(() => leave.abort());
  const { name, implementation, external: store } = target;
  await workRemotely({ run: options.run ?? null, target: name, implementation, world, store }, leave.signal);
  return 0;
}
