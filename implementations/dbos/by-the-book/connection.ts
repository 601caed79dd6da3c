/** Where PostgreSQL is, as DBOS takes it, and the name of a group's queue; what happens when it is away is left to DBOS. */
// concern: wiring
import type { StoreAddress } from "../../session/contract.ts";

export function databaseUrl({ url, secret }: StoreAddress): string {
  const address = new URL(url);
  address.password = encodeURIComponent(secret);
  return address.href;
}

export function queueOf({ prefix = "" }: StoreAddress, group: string): string {
  return prefix + group;
}
