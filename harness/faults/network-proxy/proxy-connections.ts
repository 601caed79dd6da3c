/** The proxy connections of a run: one between each worker slot or client and the store, where the plan disturbs connections. */
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import type { Ports } from "../../stores/ports.ts";
import { type ProxyEnd, partition } from "../kinds/partition.ts";
import { vanish } from "../kinds/vanish.ts";
import { openProxy, type ProxyConnection, proxiedAddress } from "./proxy.ts";

export class ProxyConnections {
  private readonly store: StoreAddress;
  private readonly proxies: ReadonlyMap<string, ProxyConnection>;

  private constructor(store: StoreAddress, proxies: ReadonlyMap<string, ProxyConnection>) {
    this.store = store;
    this.proxies = proxies;
  }

  /**
   * Opens a proxy connection for every worker slot and client of the plan; none where the plan holds nothing that befalls a connection, so that nothing
   * stands between a process and its store without need. @throws HarnessError when a port cannot be listened on.
   */
  static async open(plan: Plan, store: StoreAddress, ports: Ports): Promise<ProxyConnections> {
    const proxies = new Map<string, ProxyConnection>();
    if (plan.faults.some(({ kind }) => kind === partition.kind || kind === vanish.kind)) {
      const storePort = Number(new URL(store.url).port);
      for (const end of endsOf(plan)) {
        proxies.set(nameOf(end), await openProxy({ port: await ports.next(), storePort }));
      }
    }
    return new ProxyConnections(store, proxies);
  }

  /** Where this process finds its store. */
  addressFor(end: ProxyEnd): StoreAddress {
    const proxy = this.proxies.get(nameOf(end));
    return proxy === undefined ? this.store : proxiedAddress(this.store, proxy);
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
