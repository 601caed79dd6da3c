/**
 * The world at a worker's side. The worker says in the ledger that it is alive, and how long its store takes to answer, ten times
 * per lease, because a silence as long as the lease looks like a death. It says so on the connection to the world: a store that
 * does not answer, or a connection to it that is dead, keeps no beat back.
 */

import type { World } from "../../implementations/session/world.ts";
import { type StoreProbe, storeProbe } from "../stores/probe.ts";
import { NoopWorld } from "../world/noop-world.ts";
import { connectWorldRedis, note, RedisWorld } from "../world/redis-world.ts";
import type { ProgramConfig, WorkerConfig } from "./process-config.ts";

/** Connects to the world that the harness named. @throws when it cannot be reached. */
export async function connectWorld({
  world,
  deployment,
  incarnation,
}: WorkerConfig | ProgramConfig): Promise<World> {
  if (world.kind === "none") return new NoopWorld(new Uint8Array(32));
  const { address, prefix, tokenKey, beatMs } = world;
  const redis = await connectWorldRedis(address);
  const storeAnswers = watchAnswers(await storeProbe(deployment.store));
  const beat = () => note(redis, prefix, { kind: "alive", worker: incarnation, tookMs: storeAnswers() });
  setInterval(() => void beat().catch(() => {}), beatMs).unref(); // a beat less is what the ledger should show
  return new RedisWorld(redis, prefix, incarnation, Buffer.from(tokenKey, "hex"));
}

/**
 * Returns a function that asks the store once more, unless a question is open, and says how long the last answer took, or how
 * long there has been none, ms.
 */
function watchAnswers(probe: StoreProbe): () => number {
  let tookMs = 0;
  let silentSince: number | null = null;
  let isOpen = false;
  const ask = async () => {
    isOpen = true;
    silentSince ??= performance.now();
    try {
      await probe();
      tookMs = performance.now() - silentSince;
      silentSince = null;
    } finally {
      isOpen = false;
    }
  };
  return () => {
    const unansweredMs = silentSince === null ? 0 : performance.now() - silentSince;
    const saidMs = Math.round(Math.max(tookMs, unansweredMs));
    tookMs = 0;
    if (!isOpen) void ask().catch(() => {}); // no answer is what is measured
    return saidMs;
  };
}
