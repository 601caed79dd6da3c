/**
 * What one target needs to be played on: its store, its side of the world with a recorder on the ledger, and the
 * means to start its workers and clients. Opened by each experiment for each target.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Deployment, StoreAddress } from "../../implementations/session/contract.ts";
import { HarnessError } from "../errors.ts";
import { openProxy, type ProxyConnection, proxiedAddress } from "../faults/network-proxy/proxy.ts";
import { Clock } from "../processes/clock/clock.ts";
import type { Child, ChildCommand } from "../processes/reaper.ts";
import type { Durability, Store } from "../stores/store.ts";
import { sweep, sweepModule } from "../stores/sweep.ts";
import {
  type ClientConfig,
  type LoadClientConfig,
  type LoadKind,
  type ProgramConfig,
  toEnvironment,
  type WorkerConfig,
} from "../workers/process-config.ts";
import type { PublishedDeployment } from "../workers/remote-worker.ts";
import { beatsPerLease, type Entry } from "../world/entry.ts";
import { Witness } from "../world/witness.ts";
import { Recorder } from "./recorder.ts";
import type { Run } from "./run.ts";
import type { Target } from "./target.ts";
import { spawnPlaced, type WorkerPorts, WorkerRoutes } from "./worker-routes.ts";

/** For an engine that has such a bound; far above what a profile lets a worker hold. */
const concurrency = 50;

interface EnvironmentSettings extends Pick<Deployment, "retryDelayMs"> {
  readonly leaseMs: number;
  /** Whether the lease is not asked for, because `leaseMs` is what the engine takes by itself. */
  readonly leaseIsDefault?: boolean;
  /** The run's, where it is left out. */
  readonly durability?: Durability;
  /** Variables that the store's processes get besides their own. */
  readonly ofStore?: Readonly<Record<string, string>>;
  /** Whose end by itself says something of the target; the run is worth nothing after that of any other. */
  readonly mayEnd?: readonly ("store" | "worker" | "client")[];
  /** Whether the ledger's entries are for whoever watches and nobody else: there are too many to keep, to save, or to leave in the world. */
  readonly isOnlyWatched?: true;
  readonly run: Run;
  readonly experiment: string;
  readonly target: Target;
}

const worldPrefix = ({ prefix = "" }: StoreAddress, name: string) => prefix + name;

/** Where a process finds what it needs, where that is not where the target has it. */
export interface Whereabouts {
  readonly store?: StoreAddress;
  /** Where the store calls the workers. */
  readonly ports?: WorkerPorts;
  /** Folder of the implementation whose code it runs, a file URL that ends in `/`. */
  readonly implementation?: string;
  /** Variables that it gets besides its configuration. */
  readonly variables?: Readonly<Record<string, string>>;
}

export class TargetEnvironment {
  readonly store: Store;
  readonly witness: Witness;
  readonly recorder: Recorder;
  /** All that were started so far; none where the store is external. */
  readonly storeProcesses: readonly Child[];
  private readonly settings: EnvironmentSettings;
  /** Names the world's keys, the store's folder and the processes' logs. */
  private readonly name: string;
  /** Only where the store calls the workers. */
  private readonly routes: WorkerRoutes | null;

  private constructor(
    settings: EnvironmentSettings,
    name: string,
    store: Store,
    storeProcesses: readonly Child[],
    routes: WorkerRoutes | null,
    witness: Witness,
  ) {
    const { run, experiment, target, isOnlyWatched } = settings;
    this.settings = settings;
    this.name = name;
    this.store = store;
    this.storeProcesses = storeProcesses;
    this.routes = routes;
    this.witness = witness;
    const save = (entries: readonly Entry[]) => run.history.write(experiment, target.name, entries);
    this.recorder = new Recorder(witness, isOnlyWatched ? null : save);
  }

  /** @throws HarnessError when the store does not start. */
  static async open(settings: EnvironmentSettings): Promise<TargetEnvironment> {
    const {
      run,
      experiment,
      target,
      leaseMs,
      leaseIsDefault = false,
      durability,
      ofStore,
      mayEnd,
    } = settings;
    const { ports } = run.settings;
    const name = `${experiment}-${target.name}`;
    const storeProcesses: Child[] = [];
    const spawn = (command: ChildCommand) => {
      const start = mayEnd?.includes("store") ? "spawn" : "spawnVital";
      const child = run.reaper[start]({ ...command, env: { ...command.env, ...ofStore } });
      storeProcesses.push(child);
      return child;
    };
    const store = await target.startStore({
      folder: join(run.reaper.folder, name),
      port: await ports.next(),
      nextPort: () => ports.next(),
      durability: durability ?? run.settings.durability,
      leaseMs,
      leaseIsDefault,
      spawn,
      sweepAtEnd: (address, module = sweepModule) => run.reaper.sweepAtEnd(address, module),
    });
    run.storeVersions.set(target.name, store.version);
    return new TargetEnvironment(
      settings,
      name,
      store,
      storeProcesses,
      target.callsWorkers ? await WorkerRoutes.open(spawn, ports, leaseMs) : null,
      await Witness.connect(run.world, worldPrefix(run.world, name)),
    );
  }

  get leaseMs(): number {
    return this.settings.leaseMs;
  }

  /** Folder of the target's implementation, a file URL that ends in `/`. */
  get implementation(): string {
    return this.settings.target.implementation;
  }

  get target(): Target {
    return this.settings.target;
  }

  /** Starts a worker process for a group; its first message says that it is ready. */
  spawnWorker(incarnation: string, group: string, where: Whereabouts = {}, crashAtCompletion = false): Child {
    const { variables, ports } = where;
    const config = { ...this.shared(group, where), incarnation, concurrency, crashAtCompletion };
    return spawnPlaced(this.routes, { group, ports }, (reached) =>
      this.spawn("worker", incarnation, { ...config, ...reached }, { variables }),
    );
  }

  /** Starts a client process; `group` is the one that it connects to before it says that it is ready. */
  spawnClient(id: string, group: string, where: Whereabouts = {}): Child {
    return this.spawn("client", id, this.shared(group, where), { vitalAs: "client" });
  }

  /** Starts a program of the engine's own as a worker, by its module's URL; its first message says that it is ready. */
  spawnProgram(module: string, incarnation: string, group: string, given: unknown): Child {
    return this.spawn(module, incarnation, { ...this.shared(group), incarnation, given });
  }

  /** What remote workers of a group are told: all but where store and world are, which whoever starts one knows better. */
  publishedFor(group: string): PublishedDeployment {
    const { deployment, world } = this.shared(group);
    const { store, ...shared } = deployment;
    const { address: _, ...told } = world;
    return { deployment: { ...shared, prefix: store.prefix }, world: told, concurrency };
  }

  /** By which remote workers find the run. */
  get runName(): string {
    return this.settings.run.world.prefix ?? "";
  }

  /**
   * Starts a worker for load, of an implementation for this store, in a world that witnesses, or answers at once and says nothing.
   * Its first message says that it is ready. Unless it may end, its death ends the run: others would wait for its sessions for ever.
   */
  spawnLoadWorker(
    incarnation: string,
    group: string,
    { implementation, witnessed }: LoadKind,
    where: Whereabouts = {},
  ): Child {
    const shared = this.shared(group, { ...where, implementation });
    const world = witnessed ? shared.world : { kind: "none" as const };
    const config = { ...shared, world, incarnation, concurrency, crashAtCompletion: false };
    const { ports, variables } = where;
    return spawnPlaced(this.routes, { group, ports }, (reached) =>
      this.spawn("worker", incarnation, { ...config, ...reached }, { vitalAs: "worker", variables }),
    );
  }

  /** Starts a client that only measures. Its first message says that it is ready. */
  spawnLoadClient(
    id: string,
    group: string,
    { implementation }: LoadKind,
    store = this.store.address,
  ): Child {
    const { deployment } = this.shared(group, { store });
    return this.spawn("load-client", id, { implementation, deployment }, { vitalAs: "client" });
  }

  /** Whether a proxy connection can be put between a process and the store, which then is one of the run's own. */
  get takesProxies(): boolean {
    return this.settings.target.faults.includes("partition");
  }

  /** Opens a proxy connection to the store, for a process that is to be cut off from it or watched. */
  async openProxy(): Promise<ProxyConnection> {
    const storePort = Number(new URL(this.store.address.url).port);
    return openProxy({ port: await this.settings.run.settings.ports.next(), to: storePort });
  }

  /** Opens a proxy connection between a worker that is yet to be started and the store, whichever of the two calls the other. */
  async openWorkerProxy(): Promise<{ readonly proxy: ProxyConnection; readonly where: Whereabouts }> {
    if (this.routes !== null) return this.routes.openProxy();
    const proxy = await this.openProxy();
    return { proxy, where: { store: proxiedAddress(this.store.address, proxy) } };
  }

  /** Makes a clock that a process can go by instead of the machine's. */
  openClock(name: string): Clock {
    return new Clock(join(this.settings.run.reaper.folder, `${this.name}-clock-${name}`));
  }

  /**
   * Ends the recording and the store, and resolves with the entries that were kept. Workers and clients are the caller's to end.
   * @throws HarnessError when the ledger is not whole: what it does not say might be what matters.
   */
  async close(): Promise<readonly Entry[]> {
    const entries = await this.recorder.stop();
    const lost = (await this.witness.entriesWritten()) - this.recorder.count;
    if (lost > 0) {
      throw new HarnessError(
        `The ledger lost ${lost} of ${this.recorder.count + lost} entries of ${this.name}.`,
        "Nothing that the run found is worth anything: run again, and report it if it comes back.",
      );
    }
    await this.witness.close();
    await this.routes?.close();
    await this.store.stop();
    const { run, isOnlyWatched } = this.settings;
    if (isOnlyWatched) await sweep({ ...run.world, prefix: `${worldPrefix(run.world, this.name)}:` });
    return entries;
  }

  private shared(
    group: string,
    { store = this.store.address, implementation = this.implementation }: Whereabouts = {},
  ): ClientConfig {
    const { run, leaseMs, leaseIsDefault = false, retryDelayMs } = this.settings;
    const { world: address, tokenKey } = run;
    return {
      implementation,
      deployment: { store, group, leaseMs: leaseIsDefault ? null : leaseMs, retryDelayMs },
      world: {
        kind: "redis",
        address,
        prefix: worldPrefix(address, this.name),
        tokenKey,
        beatMs: leaseMs / beatsPerLease,
      },
    };
  }

  /** `program` is one of `workers/*-main.ts`, by what stands before that, or the URL of a module. */
  private spawn(
    program: string,
    id: string,
    config: WorkerConfig | ClientConfig | ProgramConfig | LoadClientConfig,
    { vitalAs, variables }: { vitalAs?: "worker" | "client"; variables?: Whereabouts["variables"] } = {},
  ): Child {
    const { run, mayEnd } = this.settings;
    const isVital = vitalAs !== undefined && mayEnd?.includes(vitalAs) !== true;
    const module = program.startsWith("file:")
      ? program
      : new URL(`../workers/${program}-main.ts`, import.meta.url);
    const command = {
      name: `${this.name}-${id}`,
      file: process.execPath,
      args: [fileURLToPath(module)],
      env: { ...variables, ...toEnvironment(config) },
      ipc: true,
    };
    return isVital ? run.reaper.spawnVital(command) : run.reaper.spawn(command);
  }
}
