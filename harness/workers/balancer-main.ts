/** The balancer process: the workers of each group at one address, as the harness orders it. It is never faulted. */
import { Balancer, type BalancerOrder, type Watch, watchVariable } from "./balancer.ts";

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
