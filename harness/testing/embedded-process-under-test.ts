/** A store in a process of its own, for the tests that kill it; and the wire, as a client sees it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Request } from "@resonatehq/sdk";
import { configVariable, type EmbeddedStoreConfig } from "../stores/resonate-embedded/config.ts";
import { serverModulePath } from "../stores/resonate-embedded/store.ts";

/** How a store process ended, and what it wrote to its error output. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

export class StoreProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ending>;

  private constructor(config: EmbeddedStoreConfig) {
    this.#child = spawn(process.execPath, [fileURLToPath(serverModulePath)], {
      env: { ...process.env, [configVariable]: JSON.stringify(config) },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let errors = "";
    this.#child.stderr?.on("data", (chunk) => {
      errors += chunk;
    });
    this.ended = once(this.#child, "close").then(([code, signal]) => ({ code, signal, errors }));
  }

  /** Starts a store and resolves at once; it may not be ready, or never become so. */
  static launch(config: EmbeddedStoreConfig): StoreProcess {
    return new StoreProcess(config);
  }

  /** Starts a store and resolves when it is ready. */
  static async start(config: EmbeddedStoreConfig): Promise<StoreProcess> {
    const store = new StoreProcess(config);
    const ready = once(store.#child, "message").then(() => null);
    const ending = await Promise.race([ready, store.ended]);
    if (ending !== null) throw new Error(`The store ended before it was ready: ${ending.errors}`);
    return store;
  }

  async end(signal: "SIGKILL" | "SIGTERM"): Promise<Ending> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** What came back over the wire. */
export interface WireReply {
  readonly kind: string;
  readonly head: { readonly corrId: string; readonly status: number; readonly version: string };
  readonly data: unknown;
}

/** Sends a request as the SDK does. Rejects when no whole reply comes back. */
export async function post(config: EmbeddedStoreConfig, request: Request): Promise<WireReply> {
  const response = await fetch(urlOf(config), {
    method: "POST",
    headers: { authorization: `Bearer ${config.secret}` },
    body: JSON.stringify(request),
  });
  return (await response.json()) as WireReply; // Read by tests only, which assert what is in it.
}

export function urlOf({ port }: EmbeddedStoreConfig): string {
  return `http://127.0.0.1:${port}`;
}
