/**
 * The harness's side of a world: it registers sessions before they exist, gives orders, writes its own
 * deeds into the ledger, and looks at what is left when everything has ended.
 */
import type { Redis } from "ioredis";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import type { Step } from "../../implementations/session/steps.ts";
import type { Order, WorldMode } from "../../implementations/session/world.ts";
import type { Entry, EntryBody, Residue } from "./entry.ts";
import { connectWorldRedis, note } from "./redis-world.ts";
import { worldKeys } from "./scripts.ts";

interface RegisteredSession {
  readonly sessionId: string;
  readonly mode: WorldMode;
  /** How long the services behind each step take: before its first effect, and after its last. */
  readonly workMs: Readonly<Record<string, readonly [beforeMs: number, afterMs: number]>>;
}

export class Witness {
  private readonly redis: Redis;
  private readonly prefix: string;
  private readonly keys: ReturnType<typeof worldKeys>;
  private readonly sessions: string[] = [];

  private constructor(redis: Redis, prefix: string) {
    this.redis = redis;
    this.prefix = prefix;
    this.keys = worldKeys(prefix);
  }

  /** Opens the world under `prefix`, which no other run shares. */
  static async connect(address: StoreAddress, prefix: string): Promise<Witness> {
    return new Witness(await connectWorldRedis(address), prefix);
  }

  /**
   * Makes sessions known, with their mode and the time that the services behind their steps take. The services remember a
   * key for `keyTtlMs`; for good, where that is left out.
   */
  async register(sessions: readonly RegisteredSession[], keyTtlMs?: number): Promise<void> {
    const batch = this.redis.pipeline();
    const memory = keyTtlMs === undefined ? [] : [["keyTtlMs", String(keyTtlMs)]];
    for (const { sessionId, mode, workMs } of sessions) {
      const work = Object.entries(workMs).map(([step, [before, after]]) => [
        `work:${step}`,
        `${before},${after}`,
      ]);
      batch.hset(this.keys.plan(sessionId), Object.fromEntries([["mode", mode], ...memory, ...work]));
      this.sessions.push(sessionId);
    }
    await batch.exec();
  }

  /** Gives an order for the next `times` executions of a step. It is taken atomically, so a retry past that count survives. */
  async arm(session: string, step: Step, order: Order, times = 1): Promise<void> {
    await this.redis.rpush(
      this.keys.orders(session, step),
      ...Array<string>(times).fill(JSON.stringify(order)),
    );
  }

  /** Tells workers that somebody starts by hand what they need to know; null sends them away. */
  async publish(deployment: object | null): Promise<void> {
    if (deployment === null) await this.redis.del(this.keys.deployment);
    else await this.redis.set(this.keys.deployment, JSON.stringify(deployment));
  }

  async note(entry: EntryBody): Promise<void> {
    await note(this.redis, this.prefix, entry);
  }

  /**
   * Follows the ledger from its start, on a connection of its own, until `signal` aborts; then reads what
   * is left and ends.
   */
  async *follow(signal: AbortSignal): AsyncGenerator<readonly Entry[]> {
    const reader = this.redis.duplicate();
    reader.on("error", () => {}); // reading rejects by itself
    try {
      for (let last = "0"; ; ) {
        const ending = signal.aborted;
        const batch = await reader.xread("COUNT", 1000, "BLOCK", 100, "STREAMS", this.keys.ledger, last);
        const rows = batch?.[0]?.[1] ?? [];
        if (rows.length === 0 && ending) return;
        last = rows.at(-1)?.[0] ?? last;
        // The ledger's documents are written by this folder only, as Entry without its `seq`.
        yield rows.map(([seq, fields]) => ({ seq, ...JSON.parse(fields[1] ?? "{}") }) as Entry);
      }
    } finally {
      reader.disconnect();
    }
  }

  /** How many entries the ledger was ever given, those that it lost included. */
  async entriesWritten(): Promise<number> {
    if ((await this.redis.exists(this.keys.ledger)) === 0) return 0;
    // XINFO answers with names and values in turn; ioredis knows them as unknown.
    const info = (await this.redis.xinfo("STREAM", this.keys.ledger)) as unknown[];
    return Number(info[info.indexOf("entries-added") + 1]);
  }

  /** Live tokens and cache entries of the registered sessions. */
  async inspect(): Promise<readonly Residue[]> {
    const found = await Promise.all(
      this.sessions.map(async (session): Promise<Residue[]> => {
        const [tokens, cached] = await Promise.all([
          this.redis.hvals(this.keys.tokens(session)),
          this.redis.exists(this.keys.cache(session)),
        ]);
        const live = tokens.filter((state) => state === "live").length;
        return [
          ...(live > 0 ? [{ session, what: `${live} live token${live > 1 ? "s" : ""}` }] : []),
          ...(cached === 1 ? [{ session, what: "a cache entry" }] : []),
        ];
      }),
    );
    return found.flat();
  }

  async close(): Promise<void> {
    this.redis.disconnect();
  }
}
