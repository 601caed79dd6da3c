/** The links of a run: one between each worker slot or client and the store, where the plan holds partitions. */
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import type { Ports } from "../../stores/ports.ts";
import { type ProxyEnd, partition } from "../kinds/partition.ts";
import { type Link, linkedAddress, openLink } from "./proxy.ts";

export class Links {
  private readonly store: StoreAddress;
  private readonly links: ReadonlyMap<string, Link>;

  private constructor(store: StoreAddress, links: ReadonlyMap<string, Link>) {
    this.store = store;
    this.links = links;
  }

  /**
   * Opens a link for every worker slot and client of the plan; none where the plan holds no partition, so that nothing
   * stands between a process and its store without need. @throws HarnessError when a port cannot be listened on.
   */
  static async open(plan: Plan, store: StoreAddress, ports: Ports): Promise<Links> {
    const links = new Map<string, Link>();
    if (plan.faults.some(({ kind }) => kind === partition.kind)) {
      const storePort = Number(new URL(store.url).port);
      for (const end of endsOf(plan)) {
        links.set(nameOf(end), await openLink({ port: await ports.next(), storePort }));
      }
    }
    return new Links(store, links);
  }

  /** Where this process finds its store. */
  addressFor(end: ProxyEnd): StoreAddress {
    const link = this.links.get(nameOf(end));
    return link === undefined ? this.store : linkedAddress(this.store, link);
  }

  /** The link of this process, which exists in a plan with partitions. */
  of(end: ProxyEnd): Link {
    const link = this.links.get(nameOf(end));
    if (link === undefined) throw new Error(`no link was opened for ${nameOf(end)}`);
    return link;
  }

  async close(): Promise<void> {
    await Promise.all([...this.links.values()].map((link) => link.close()));
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
