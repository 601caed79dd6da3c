/** How a store that calls its workers reaches them: an address for each group, behind which the workers of the group come and go. */
import { fileURLToPath } from "node:url";
import type { WorkerEndpoint } from "../../implementations/session/contract.ts";
import { HarnessError } from "../errors.ts";
import { openProxy, type ProxyConnection } from "../faults/network-proxy/proxy.ts";
import type { Child, ChildCommand } from "../processes/reaper.ts";
import type { Ports } from "../stores/ports.ts";
import { type BalancerOrder, type Watch, watchVariable } from "../workers/balancer.ts";

/** Drawn ahead, since a worker is started in one breath and a port is not found in one. */
const portsAhead = 48;

/** Where a worker listens, and where connections to it come: at the same port, unless a proxy stands before it. */
export interface WorkerPorts {
  readonly listens: number;
  readonly reached: number;
}

interface Group {
  readonly port: number;
  readonly workers: Set<number>;
}

/** Often enough that a lease is time to find out several times over. */
const watchOf = (leaseMs: number): Watch => ({
  everyMs: leaseMs / 10,
  patienceMs: leaseMs / 2,
});

export class WorkerRoutes {
  readonly #balancer: Child;
  readonly #ports: Ports;
  readonly #ahead: number[] = [];
  readonly #groups = new Map<string, Group>();

  private constructor(balancer: Child, ports: Ports) {
    this.#balancer = balancer;
    this.#ports = ports;
  }

  /** Starts the balancer, one of the store's processes by what it takes. It must live until {@link close}. */
  static async open(
    spawn: (command: ChildCommand) => Child,
    ports: Ports,
    leaseMs: number,
  ): Promise<WorkerRoutes> {
    const balancer = spawn({
      name: "balancer",
      file: process.execPath,
      args: [fileURLToPath(new URL("../workers/balancer-main.ts", import.meta.url))],
      env: { [watchVariable]: JSON.stringify(watchOf(leaseMs)) },
      ipc: true,
    });
    await balancer.firstMessage();
    const routes = new WorkerRoutes(balancer, ports);
    for (let count = 0; count < portsAhead; count++) await routes.#draw();
    return routes;
  }

  /** A place for the next worker of a group, at ports of its own where none are given. Its connections come once it answers. */
  place(group: string, ports?: WorkerPorts): { readonly endpoint: WorkerEndpoint; leave(): void } {
    const { listens, reached } = ports ?? this.#samePort();
    const place = this.#groups.get(group) ?? { port: this.#take(), workers: new Set() };
    this.#groups.set(group, place);
    place.workers.add(reached);
    this.#tell(place);
    return {
      endpoint: { port: listens, url: `http://127.0.0.1:${place.port}` },
      leave: () => {
        if (place.workers.delete(reached)) this.#tell(place);
      },
    };
  }

  /** Opens a proxy connection before a worker that is yet to be started. */
  async openProxy(): Promise<{
    readonly proxy: ProxyConnection;
    readonly where: { readonly ports: WorkerPorts };
  }> {
    const ports = { listens: await this.#ports.next(), reached: await this.#ports.next() };
    const proxy = await openProxy({ port: ports.reached, to: ports.listens, isCalledByStore: true });
    return { proxy, where: { ports } };
  }

  async close(): Promise<void> {
    this.#balancer.kill("SIGTERM");
    await this.#balancer.exited;
  }

  #tell({ port, workers }: Group): void {
    this.#balancer.send({ port, workers: [...workers] } satisfies BalancerOrder);
  }

  #samePort(): WorkerPorts {
    const port = this.#take();
    return { listens: port, reached: port };
  }

  #take(): number {
    const port = this.#ahead.shift();
    if (port === undefined)
      throw new HarnessError(
        `More than ${portsAhead} workers were started at once.`,
        "Start fewer: a port has to be found for each.",
      );
    void this.#draw().catch(() => {}); // the next one that is missing says so
    return port;
  }

  async #draw(): Promise<void> {
    this.#ahead.push(await this.#ports.next());
  }
}

/** Starts a worker, and where its store calls the workers, in a place in its group that it has until it exits. */
export function spawnPlaced(
  routes: WorkerRoutes | null,
  { group, ports }: { readonly group: string; readonly ports: WorkerPorts | undefined },
  spawn: (reached: { readonly reachedAt?: WorkerEndpoint }) => Child,
): Child {
  if (routes === null) return spawn({});
  const { endpoint, leave } = routes.place(group, ports);
  const child = spawn({ reachedAt: endpoint });
  void child.exited.then(leave);
  return child;
}
