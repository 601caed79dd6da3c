/** The balancer process: the workers of each group at one address, as the harness orders it. It is never faulted. */
import { Balancer, type Watch } from "./balancer.ts";

/** What the harness sends: the group that is reached at `port` has these workers. */
export interface BalancerOrder {
  readonly port: number;
  readonly workers: readonly number[];
}

/** In one environment variable, what {@link Watch} says, as JSON. */
export const watchVariable = "KILLPROOF_BALANCER";

const watch: Watch = JSON.parse(process.env[watchVariable] ?? "{}");
const balancers = new Map<number, Balancer>();

process.on("message", ({ port, workers }: BalancerOrder) => {
  let balancer = balancers.get(port);
  if (balancer === undefined) {
    balancer = new Balancer(watch);
    balancers.set(port, balancer);
    balancer.listen(port);
  }
  balancer.workers = workers;
});
process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => {}); // the harness is gone; its reaper decides what becomes of this process
process.send?.({ kind: "ready" });
