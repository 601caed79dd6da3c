/**
 * The harness's own visits to a Redis server, each on a connection of its own. Redis counts them like everybody else's
 * requests; since they are counted here too, they can be taken out of what it says about its traffic.
 */
import { Redis } from "ioredis";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { redisOptions } from "../world/redis-options.ts";
import type { Traffic } from "./store.ts";

export class RedisVisits {
  readonly #address: StoreAddress;
  /** What earlier visits asked, by kind as the server names them, and the bytes that they cost. */
  readonly #asked = new Map<string, number>();
  #bytesToServer = 0;
  #bytesFromServer = 0;

  constructor(address: StoreAddress) {
    this.#address = address;
  }

  /** To be called when the server starts: it counts from zero then, so this does too. */
  startOver(): void {
    this.#asked.clear();
    this.#bytesToServer = 0;
    this.#bytesFromServer = 0;
  }

  /** Rejects when the server cannot be reached, and does not try again. */
  async visit<T>(look: (redis: VisitingRedis) => Promise<T>): Promise<T> {
    const redis = new VisitingRedis(this.#address);
    try {
      await redis.connect();
      return await look(redis);
    } catch (error) {
      throw redis.refusal ?? error; // what a connection says when it is refused is not what its promise says
    } finally {
      for (const [kind, calls] of redis.asked) this.#asked.set(kind, (this.#asked.get(kind) ?? 0) + calls);
      this.#bytesToServer += redis.bytesToServer;
      this.#bytesFromServer += redis.bytesFromServer;
      redis.disconnect();
    }
  }

  /**
   * What everybody else asked since the server started. Commands that a script runs are counted like requests; visits that
   * overlap with this one are taken for somebody else's.
   */
  traffic(): Promise<Pick<Traffic, "requests" | "bytesReceived" | "bytesSent">> {
    return this.visit(async (redis) => {
      // The reply will reflect all of this visit but itself: its command is not done yet, its bytes are not sent.
      const asked = new Map(redis.asked);
      const { bytesFromServer } = redis;
      const fields = fieldsOf(await redis.info("stats", "commandstats"));
      const requests: Record<string, number> = {};
      for (const [field, value] of fields) {
        const kind = /^cmdstat_(.+)$/.exec(field)?.[1];
        const calls = Number(/^calls=(\d+)/.exec(value)?.[1]);
        if (kind === undefined) continue;
        const others = calls - (asked.get(kind) ?? 0) - (this.#asked.get(kind) ?? 0);
        if (others > 0) requests[kind] = others;
      }
      const bytes = (field: string) => Number(fields.get(field));
      return {
        requests,
        bytesReceived: bytes("total_net_input_bytes") - this.#bytesToServer - redis.bytesToServer,
        bytesSent: bytes("total_net_output_bytes") - this.#bytesFromServer - bytesFromServer,
      };
    });
  }
}

/** A connection that knows what it asked, the handshake of its library included. */
class VisitingRedis extends Redis {
  readonly asked = new Map<string, number>();
  /** Why the server did not take it; null where it did. */
  refusal: Error | null = null;

  constructor(address: StoreAddress) {
    super({
      ...redisOptions(address),
      lazyConnect: true,
      disableClientInfo: true,
      maxRetriesPerRequest: 0,
      connectTimeout: 5_000,
      maxLoadingRetryTime: 25, // ms; a server that still loads its data says "in a second", and is done in much less
      retryStrategy: () => null,
    });
    this.on("error", (error: Error) => {
      this.refusal ??= error;
    });
  }

  get bytesToServer(): number {
    return this.stream?.bytesWritten ?? 0;
  }

  get bytesFromServer(): number {
    return this.stream?.bytesRead ?? 0;
  }

  override sendCommand(...[command, stream]: Parameters<Redis["sendCommand"]>): unknown {
    this.asked.set(command.name, (this.asked.get(command.name) ?? 0) + 1);
    return super.sendCommand(command, stream);
  }
}

function fieldsOf(info: string): Map<string, string> {
  const pairs = info.split("\r\n").filter((line) => line.includes(":"));
  return new Map(
    pairs.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)] as const),
  );
}
