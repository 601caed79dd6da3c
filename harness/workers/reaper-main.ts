/**
 * The reaper process. It reads orders from its standard input and acts when that closes, which happens even
 * when the harness is killed with SIGKILL. A `redis-server`, or a stopped worker, would not notice.
 */
import { createInterface } from "node:readline";
import { reap } from "./reap.ts";

export type ReaperOrder =
  | { readonly kind: "watch"; readonly pid: number }
  | { readonly kind: "forget"; readonly pid: number }
  | { readonly kind: "folder"; readonly path: string };

const watched = new Set<number>();
const folders: string[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  const order: ReaperOrder = JSON.parse(line);
  if (order.kind === "watch") watched.add(order.pid);
  else if (order.kind === "forget") watched.delete(order.pid);
  else if (order.kind === "folder") folders.push(order.path);
}

reap(watched, folders);
