/** What the harness tells a worker or client process when it starts it: JSON in one environment variable. */

import type { Deployment, StoreAddress, WorkerEndpoint } from "../../implementations/session/contract.ts";

interface ProcessConfig {
  /** Folder of the implementation, as a file URL that ends in `/`. */
  readonly implementation: string;
  readonly deployment: Deployment;
  readonly world: WorldConfig;
}

/** Which world a process meets; `none` witnesses nothing. */
export type WorldConfig =
  | {
      readonly kind: "redis";
      readonly address: StoreAddress;
      readonly prefix: string;
      readonly tokenKey: string;
      /** How often a worker says that it is alive, ms. */
      readonly beatMs: number;
    }
  | { readonly kind: "none" };

export interface WorkerConfig extends ProcessConfig {
  readonly incarnation: string;
  readonly concurrency: number;
  /** Where the store calls the workers. */
  readonly reachedAt?: WorkerEndpoint;
  /** Whether this process is to die before it stores the end of a lifecycle. */
  readonly crashAtCompletion: boolean;
}

/** A process of an engine's own, which counts as a worker; `given` is what whoever starts it tells it besides. */
export interface ProgramConfig<Given = unknown> extends ClientConfig {
  readonly incarnation: string;
  readonly given: Given;
}

export interface ClientConfig extends ProcessConfig {
  readonly world: Extract<WorldConfig, { kind: "redis" }>;
}

/** A client of a load, which meets no world at all. */
export type LoadClientConfig = Omit<ProcessConfig, "world">;

/** What a load consists of. */
export interface LoadKind {
  /** Folder of the implementation whose workers and clients carry it, a file URL that ends in `/`. */
  readonly implementation: string;
  readonly witnessed: boolean;
}

type AnyConfig = WorkerConfig | ClientConfig | ProgramConfig | LoadClientConfig;

const variable = "KILLPROOF_PROCESS";

export function toEnvironment(config: AnyConfig): Record<string, string> {
  return { [variable]: JSON.stringify(config) };
}

/** Reads what {@link toEnvironment} wrote; the caller names the type that its harness sent. */
export function fromEnvironment<C extends AnyConfig>(): C {
  const text = process.env[variable];
  if (text === undefined)
    throw new Error(`${variable} is not set: this process is started by the harness, not by hand`);
  return JSON.parse(text) as C;
}
