/**
 * The SDK's network to a Resonate server that lives in PostgreSQL, made to outlive a database that goes away. What the
 * one of SDK 0.11.5 lacks for that (network/postgres.js) is added here, and nothing else.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger, Send } from "@resonatehq/sdk";
import { PostgresNetwork } from "@resonatehq/sdk/postgres";
import type { Pool } from "pg";
import type { StoreAddress } from "../session/contract.ts";
import type { NetworkSettings, StoreNetwork } from "./store-network.ts";
import { usualTimeoutMs, within } from "./time-limit.ts";

/** How often a process looks for due timers and for messages that nobody announced, ms. The SDK's 250 would be what a timer is late by. */
const usualTickMs = 50;
const connectAgainMs = 200;

/** What the SDK's class keeps to itself, and what there is no other way to. */
interface Internals {
  stopped: boolean;
  readonly draining: boolean;
  readonly listenClient?: { end(): Promise<void> };
  getPool(): Promise<Pool>;
}

export class TableNetwork extends PostgresNetwork implements StoreNetwork {
  private readonly timers: string;
  private readonly timeoutMs: number;
  private readonly log: Logger;
  private readonly initialized = Promise.withResolvers<void>();

  constructor({
    store,
    group,
    pid,
    logger,
    timeoutMs = usualTimeoutMs,
    lookMs: tickMs = usualTickMs,
    timers = "default",
  }: NetworkSettings) {
    super({
      connectionString: connectionString(store, timeoutMs + slackMs),
      group: (store.prefix ?? "") + group,
      pid,
      tickMs,
      logger,
    });
    this.timers = timers === "default" ? timers : (store.prefix ?? "") + timers;
    this.timeoutMs = timeoutMs;
    this.log = logger;
    // An idle connection that breaks is an `error` event of the pool; unheard, it ends the process.
    const pool = this.internals.getPool();
    void pool.then((opened) => opened.on("error", (error) => logger.warn({}, `postgres: ${error.message}`)));
    const { send } = this;
    this.send = ((request) => within(timeoutMs, send(request))) as Send;
  }

  /** The SDK tries once, and a process whose one try failed would never hear of any work. */
  override async init(): Promise<void> {
    for (;;) {
      try {
        await super.init();
        this.initialized.resolve();
        return;
      } catch (error) {
        await this.internals.listenClient?.end().catch(() => {}); // each try makes one of its own
        if (this.internals.stopped) return;
        this.log.warn({}, `postgres: ${error instanceof Error ? error.message : error}`);
        await delay(connectAgainMs);
      }
    }
  }

  override match(target: string): string {
    return super.match(target === "default" ? this.timers : target);
  }

  get connected(): Promise<void> {
    return this.initialized.promise;
  }

  private get internals(): Internals {
    return this as unknown as Internals;
  }

  async hearNoMore(): Promise<void> {
    this.internals.stopped = true; // what `stop` sets first, so that no message is fetched any more; it also ends the connections
    // Messages that are being fetched are not to be had again soon; an answer that never comes is not waited for.
    const until = performance.now() + this.timeoutMs;
    while (this.internals.draining && performance.now() < until) await delay(usualTickMs / 10);
  }
}

/** A look for what is due may take longer than a request when many are. */
const slackMs = 2_000;

/** Without a bound, a look whose answer is lost is the last one: no message and no timer is heard of any more. */
function connectionString({ url, secret }: StoreAddress, queryTimeoutMs: number): string {
  const address = new URL(url);
  address.searchParams.set("query_timeout", String(queryTimeoutMs));
  address.password = encodeURIComponent(secret);
  return address.href;
}
