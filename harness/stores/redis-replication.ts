/** A Redis whose replica can take its place: it is promoted, and takes the primary's port. */
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { HarnessError } from "../errors.ts";
import type { Defence } from "../faults/kinds/failover.ts";
import type { RedisVisits } from "./redis-visits.ts";
import type { Replication, ReplicationLink, Store } from "./store.ts";

export interface RedisServer extends Omit<Store, "inspect" | "traffic"> {
  /** Where its data lies. */
  readonly folder: string;
  readonly visits: RedisVisits;
  /** Makes a replica a primary that listens on this port. @throws HarnessError for a version that cannot. */
  promote(port: number): Promise<void>;
}

/** Starts a replica of the server on this port, the so-manieth; resolves when the two are in step. */
type StartReplica = (port: number, nth: number) => Promise<RedisServer>;

const lookMs = 20;
const longestCatchUpMs = 30_000;

export class ReplicatedRedis implements Pick<Store, "kill" | "restart" | "stop"> {
  /** Whichever is the store now. */
  primary: RedisServer;
  readonly replication: Replication;
  readonly #port: number;
  readonly #startReplica: StartReplica;
  #replica: { readonly server: RedisServer; readonly link: ReplicationLink } | null = null;
  #started = 0;

  constructor(primary: RedisServer, startReplica: StartReplica) {
    this.primary = primary;
    this.#startReplica = startReplica;
    this.#port = Number(new URL(primary.address.url).port);
    this.replication = {
      port: this.#port,
      keeps: { none: "nothing", "wait-for-replica": "starts", "min-replicas": "nothing" },
      attach: (link, defence) => this.#attach(link, defence),
      untilInStep: () => this.#untilInStep(),
      failOver: (onDead) => this.#failOver(onDead),
    };
  }

  kill(): Promise<void> {
    return this.primary.kill();
  }

  restart(): Promise<void> {
    return this.primary.restart();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#replica?.server.stop(), this.primary.stop()]);
    await this.#replica?.link.close();
  }

  async #attach(link: ReplicationLink, defence: Defence): Promise<void> {
    this.#started += 1;
    this.#replica = { server: await this.#startReplica(link.port, this.#started), link };
    if (defence !== "min-replicas") return;
    await this.primary.visits.visit(async (redis) => {
      await redis.config("SET", "min-replicas-max-lag", "1"); // s, and no less can be asked for
      await redis.config("SET", "min-replicas-to-write", "1");
      await redis.config("REWRITE"); // a restart keeps it
    });
  }

  /** By what each says of itself: what the primary is told of its replica comes once a second. */
  async #untilInStep(): Promise<void> {
    const until = performance.now() + longestCatchUpMs;
    const written = await this.primary.visits.visit((redis) => offsetOf(redis, "master_repl_offset"));
    while (performance.now() < until) {
      const has = await this.#replica?.server.visits
        .visit((redis) => offsetOf(redis, "slave_repl_offset"))
        .catch(() => -1); // it has lost its primary, or copies it
      if (has === undefined || has >= written) return;
      await delay(lookMs);
    }
    throw new HarnessError("A replica of Redis did not catch up.", "Run again on a machine with less to do.");
  }

  async #failOver(onDead = () => {}): Promise<void> {
    if (this.#replica === null) throw new Error("a failover to a replica that nobody attached");
    const { server, link } = this.#replica;
    this.#replica = null;
    await this.primary.kill();
    onDead();
    await link.close();
    this.primary = server;
    await server.promote(this.#port);
  }
}

/** Rejects for a replica that does not have all that its primary has; who is none only has to answer. */
export async function refuseBehind(redis: Redis): Promise<void> {
  const replication = await redis.info("replication");
  const isBehind = replication.includes("role:slave") && !replication.includes("master_link_status:up");
  if (isBehind) throw new Error("it is still copying what its primary has");
}

/** How far the stream of writes has come. Rejects as {@link refuseBehind} does. */
async function offsetOf(redis: Redis, field: string): Promise<number> {
  await refuseBehind(redis);
  return Number(new RegExp(`${field}:(\\d+)`).exec(await redis.info("replication"))?.[1]);
}

/** @throws HarnessError for a version that cannot change the port that it listens on. */
export function refuseFixedPort(version: string): void {
  const [, major = "0"] = /^redis (\d+)/.exec(version) ?? [];
  if (version.startsWith("redis") && Number(major) < 7)
    throw new HarnessError(
      `${version} cannot take over a port, so no replica can take its place.`,
      "Use Redis 7 or newer (REDIS_BIN names one), or leave the fault out.",
    );
}
