/** The world on its own Redis, as a worker reaches it: every execution and effect goes into the ledger. */
import { Redis, type Result } from "ioredis";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import type { Effect, Step } from "../../implementations/session/steps.ts";
import type {
  EffectPayload,
  Execution,
  Landing,
  Order,
  Receipt,
  World,
} from "../../implementations/session/world.ts";
import { messageOf } from "../errors.ts";
import type { EntryBody, EntryBodyOf } from "./entry.ts";
import { redisOptions } from "./redis-options.ts";
import { applyScript, beginScript, noteScript, worldKeys } from "./scripts.ts";

declare module "ioredis" {
  interface RedisCommander<Context> {
    worldNote(ledger: string, entry: string): Result<null, Context>;
    worldBegin(
      ...keysThenArgs: [ledger: string, plan: string, orders: string, step: string, entry: string]
    ): Result<[work: string | null, order: string | null], Context>;
    worldApply(
      ...keysThenArgs: (string | number)[]
    ): Result<[at: string, jti: string | null, receipt: string], Context>;
  }
}

/**
 * Connects to a world. A command is never sent twice by the client: an effect that landed twice for one
 * execution would be the witness's own doing.
 *
 * @throws when the world cannot be reached.
 */
export async function connectWorldRedis(address: StoreAddress): Promise<Redis> {
  const redis = new Redis({
    ...redisOptions(address),
    lazyConnect: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  });
  redis.on("error", () => {}); // each command rejects by itself; a second report would only kill the process
  redis.defineCommand("worldNote", { numberOfKeys: 1, lua: noteScript });
  redis.defineCommand("worldBegin", { numberOfKeys: 3, lua: beginScript });
  redis.defineCommand("worldApply", { numberOfKeys: 8, lua: applyScript });
  await redis.connect();
  return redis;
}

/** Appends one entry to the ledger under `prefix`. */
export async function note(redis: Redis, prefix: string, entry: EntryBody): Promise<void> {
  await redis.worldNote(worldKeys(prefix).ledger, JSON.stringify(entry));
}

export class RedisWorld implements World {
  readonly tokenKey: Uint8Array;
  private readonly redis: Redis;
  private readonly prefix: string;
  private readonly keys: ReturnType<typeof worldKeys>;
  private readonly worker: string;
  private executions = 0;

  constructor(redis: Redis, prefix: string, worker: string, tokenKey: Uint8Array) {
    this.redis = redis;
    this.prefix = prefix;
    this.keys = worldKeys(prefix);
    this.worker = worker;
    this.tokenKey = tokenKey;
  }

  async begin(session: string, step: Step, fence: number | null, after: Receipt | null): Promise<Execution> {
    const id = `${this.worker}/${++this.executions}`;
    const entry = { session, step, worker: this.worker, execution: id, after };
    const [work, order] = await this.orRefusal(
      { session, step, effect: null, worker: this.worker, execution: id },
      this.redis.worldBegin(
        this.keys.ledger,
        this.keys.plan(session),
        this.keys.orders(session, step),
        step,
        JSON.stringify(entry),
      ),
    );
    const [workBeforeMs = 0, workAfterMs = 0] = (work ?? "0,0").split(",").map(Number);
    // The order was written by Witness.arm, as an Order.
    return {
      session,
      step,
      id,
      workBeforeMs,
      workAfterMs,
      order: order === null ? null : (JSON.parse(order) as Order),
      fence,
    };
  }

  async apply(
    execution: Execution,
    effect: Effect,
    idempotencyKey: string,
    payload: EffectPayload,
    sealed = "",
  ): Promise<Landing> {
    const { session, step, id, order, fence } = execution;
    await obey(order, effect, "before");
    const asked = { session, step, effect, worker: this.worker, execution: id };
    const { ledger, plan, seen, tokens, cache, status, activities, audit } = this.keys;
    const [at, jti, receipt] = await this.orRefusal(
      asked,
      this.redis.worldApply(
        ledger,
        ...[plan, seen, tokens, cache, status, activities, audit].map((key) => key(session)),
        effect,
        idempotencyKey,
        JSON.stringify({ ...asked, key: idempotencyKey }),
        JSON.stringify(payload),
        sealed,
        fence ?? "",
      ),
    );
    await obey(order, effect, "after");
    return { at: Number(at), receipt: receiptAsOrdered(order, effect, receipt), jti: jti || null };
  }

  async close(): Promise<void> {
    this.redis.disconnect();
  }

  /** Passes an answer on; one that is none, and no answer to a mistake of whoever asked, goes into the ledger before it is thrown. */
  private async orRefusal<Answer>(
    asked: Omit<EntryBodyOf<"refused">, "kind" | "error">,
    answer: Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await answer;
    } catch (thrown) {
      const error = messageOf(thrown);
      // A world that is gone hears nothing more; that is reported by its exit.
      if (!answersToMistakes.test(error))
        await note(this.redis, this.prefix, { kind: "refused", ...asked, error }).catch(() => {});
      throw thrown;
    }
  }
}

/** A session that nobody registered, and an old fencing number: these the world refuses with good reason. */
const answersToMistakes = /^(UNREGISTERED|FENCED) /;

/** Dies, stops or stays here, if that is the order. */
async function obey(order: Order | null, effect: Effect, when: "before" | "after"): Promise<void> {
  if (order === null || !("when" in order) || !("effect" in order)) return;
  if (order.effect !== effect || order.when !== when) return;
  if (order.kind === "crash") await die();
  else if (order.kind === "hold") await new Promise(() => {});
  else process.kill(process.pid, "SIGSTOP"); // returns when the harness has sent SIGCONT
}

function receiptAsOrdered(order: Order | null, effect: Effect, receipt: Receipt): Receipt {
  if (order === null || !("effect" in order) || order.effect !== effect) return receipt;
  if (order.kind === "large") return "x".repeat(order.length);
  if (order.kind !== "unencodable") return receipt;
  const cycle: { self?: object } = Object.create(null); // no JSON, because it is a cycle; no string, because it inherits nothing
  cycle.self = cycle;
  return cycle as unknown as Receipt; // which it is not: that is the order
}

/** Ends this process as a crash would, and lets nothing happen until then. */
export function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}
