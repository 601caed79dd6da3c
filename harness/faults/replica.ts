/** The replica of a run's store: attached before anybody works, cut off and put in the primary's place by a failover. */
import type { StoreAddress } from "../../implementations/session/contract.ts";
import type { Plan } from "../plan/plan-schema.ts";
import type { Ports } from "../stores/ports.ts";
import type { Kept, Store } from "../stores/store.ts";
import { type Defence, failover } from "./kinds/failover.ts";
import type { ReplicaTools } from "./kinds/kind.ts";
import { openProxy, type ProxyConnection } from "./network-proxy/proxy.ts";

export class Replica implements ReplicaTools {
  readonly #store: Pick<Store, "replication">;
  readonly #ports: Ports;
  /** Of the failovers to come, in order; after the last one there is a replica too, which starts may wait for. */
  readonly #defences: Defence[];
  #link: ProxyConnection | null = null;

  private constructor(plan: Plan, store: Pick<Store, "replication">, ports: Ports) {
    this.#store = store;
    this.#ports = ports;
    const defences = failoversOf(plan).map(({ defence = "none" }) => defence);
    this.#defences = [...defences, ...defences.slice(-1)];
  }

  /** Attaches the first replica, where the plan holds a failover. */
  static async attach(plan: Plan, store: Pick<Store, "replication">, ports: Ports): Promise<Replica> {
    const replica = new Replica(plan, store, ports);
    await replica.#attach();
    return replica;
  }

  /** From now on nothing reaches it; until then it has all. */
  async lag(): Promise<void> {
    await this.#replication.untilInStep();
    this.#link?.stop("from-store");
  }

  keeps(defence: Defence): Kept {
    return this.#replication.keeps[defence] ?? "nothing";
  }

  async takeOver(onDead: () => void): Promise<void> {
    await this.#replication.failOver(onDead);
    await this.#attach();
  }

  get #replication() {
    const { replication } = this.#store;
    if (replication === undefined) throw new Error("a failover of a store that has no replica");
    return replication;
  }

  async #attach(): Promise<void> {
    const defence = this.#defences.shift();
    if (defence === undefined) return;
    this.#link = await openProxy({ port: await this.#ports.next(), to: this.#replication.port });
    await this.#replication.attach(this.#link, defence);
  }
}

/** What callers are told of a store whose starts are to outlive the failovers of the plan. Pure. */
export function asDefended(plan: Plan): Pick<StoreAddress, "replicas"> {
  const waits = failoversOf(plan).some(({ defence }) => defence === "wait-for-replica");
  return waits ? { replicas: 1 } : {};
}

function failoversOf({ faults }: Plan) {
  return faults.filter((fault) => fault.kind === failover.kind).toSorted((a, b) => a.atMs - b.atMs);
}
