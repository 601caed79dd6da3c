/**
 * The reaper process. It reads orders from its standard input and acts when that closes, which happens even
 * when the harness is killed with SIGKILL. A `redis-server`, or a stopped worker, would not notice.
 */
import { createInterface } from "node:readline";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { reap } from "./reap.ts";

export type ReaperOrder =
  | { readonly kind: "watch"; readonly pid: number }
  | { readonly kind: "forget"; readonly pid: number }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "sweep"; readonly module: string; readonly address: StoreAddress };

const watched = new Set<number>();
const folders: string[] = [];
const given: Extract<ReaperOrder, { readonly kind: "sweep" }>[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  const order: ReaperOrder = JSON.parse(line);
  if (order.kind === "watch") watched.add(order.pid);
  else if (order.kind === "forget") watched.delete(order.pid);
  else if (order.kind === "folder") folders.push(order.path);
  else if (order.kind === "sweep") given.push(order);
}

await reap(watched, folders);
// Once nobody is left who could write there. Loaded only now and only where it is needed: most runs bring their own stores.
for (const { module, address } of given) {
  const { sweep }: { sweep: (address: StoreAddress) => Promise<void> } = await import(module);
  await sweep(address);
}
