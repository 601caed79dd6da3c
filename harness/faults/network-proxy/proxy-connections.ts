/** The proxy connections of a run: one between each worker slot or client and the store, where the plan disturbs connections. */
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import type { Ports } from "../../stores/ports.ts";
import { type ProxyEnd, partition } from "../kinds/partition.ts";
import { vanish } from "../kinds/vanish.ts";
import { openProxy, type ProxyConnection, proxiedAddress } from "./proxy.ts";

/** The two ports of a worker that its store calls. */
interface PortsOfWorker {
  readonly listens: number;
  readonly reached: number;
}

/** What is disturbed: a store, and who calls whom. */
interface Disturbed {
  readonly store: StoreAddress;
  /** Whether the store calls the workers, so that their proxies stand before them. */
  readonly callsWorkers: boolean;
}

export class ProxyConnections {
  private readonly store: StoreAddress;
  private readonly proxies: ReadonlyMap<string, ProxyConnection>;
  /** By slot, of workers that the store calls. */
  private readonly portsOfWorkers: readonly PortsOfWorker[];

  private constructor(
    store: StoreAddress,
    proxies: ReadonlyMap<string, ProxyConnection>,
    portsOfWorkers: readonly PortsOfWorker[],
  ) {
    this.store = store;
    this.proxies = proxies;
    this.portsOfWorkers = portsOfWorkers;
  }

  /**
   * Opens a proxy connection for every worker slot and client of the plan; none where the plan holds nothing that befalls a connection, so that nothing
   * stands between a process and its store without need. @throws HarnessError when a port cannot be listened on.
   */
  static async open(plan: Plan, { store, callsWorkers }: Disturbed, ports: Ports): Promise<ProxyConnections> {
    const proxies = new Map<string, ProxyConnection>();
    const portsOfWorkers: PortsOfWorker[] = [];
    if (plan.faults.some(({ kind }) => kind === partition.kind || kind === vanish.kind)) {
      const storePort = Number(new URL(store.url).port);
      for (const end of endsOf(plan)) {
        const isCalledByStore = callsWorkers && end.kind === "worker";
        const port = await ports.next();
        const to = isCalledByStore ? await ports.next() : storePort;
        if (isCalledByStore) portsOfWorkers.push({ listens: to, reached: port });
        proxies.set(nameOf(end), await openProxy({ port, to, isCalledByStore }));
      }
    }
    return new ProxyConnections(store, proxies, portsOfWorkers);
  }

  /** Where this process finds its store, and where it is found by a store that calls it, if not at any port. */
  placeOf(end: ProxyEnd): { readonly store: StoreAddress; readonly ports?: PortsOfWorker } {
    const ports = end.kind === "worker" ? this.portsOfWorkers[end.slot] : undefined;
    if (ports !== undefined) return { store: this.store, ports };
    const proxy = this.proxies.get(nameOf(end));
    return { store: proxy === undefined ? this.store : proxiedAddress(this.store, proxy) };
  }

  /** The proxy connection of this process, which exists in a plan in which connections are disturbed. */
  of(end: ProxyEnd): ProxyConnection {
    const proxy = this.proxies.get(nameOf(end));
    if (proxy === undefined) throw new Error(`no proxy was opened for ${nameOf(end)}`);
    return proxy;
  }

  async close(): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.close()));
  }
}

function endsOf({ workers, clients }: Plan): readonly ProxyEnd[] {
  return [
    ...Array.from({ length: workers }, (_, slot) => ({ kind: "worker", slot }) as const),
    ...Array.from({ length: clients }, (_, client) => ({ kind: "client", client }) as const),
  ];
}

function nameOf(end: ProxyEnd): string {
  return end.kind === "worker" ? `worker ${end.slot}` : `client ${end.client}`;
}
