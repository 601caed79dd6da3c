/**
 * The world at a worker's side. The worker says in the ledger that it is alive and that its store answers, ten times per
 * lease, because a silence as long as the lease looks like a death.
 */

import type { World } from "../../implementations/session/world.ts";
import { storeProbe } from "../stores/probe.ts";
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
  const probe = await storeProbe(deployment.store);
  const beat = async () => {
    const askedAt = performance.now();
    await probe();
    const tookMs = Math.round(performance.now() - askedAt);
    await note(redis, prefix, { kind: "alive", worker: incarnation, tookMs });
  };
  setInterval(() => void beat().catch(() => {}), beatMs).unref(); // a beat less is what the ledger should show
  return new RedisWorld(redis, prefix, incarnation, Buffer.from(tokenKey, "hex"));
}
