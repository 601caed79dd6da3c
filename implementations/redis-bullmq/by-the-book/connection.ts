/** Where Redis is, as BullMQ takes it; what happens when it is away is left to BullMQ. */
// concern: wiring
import type { StoreAddress } from "../../session/contract.ts";

export function connectionTo({ url, secret, prefix = "" }: StoreAddress) {
  const { protocol, hostname, port, username, pathname } = new URL(url);
  const connection = {
    host: hostname,
    port: Number(port || 6379),
    username: decodeURIComponent(username) || undefined,
    password: secret || undefined,
    db: Number(pathname.slice(1)),
    tls: protocol === "rediss:" ? {} : undefined,
  };
  return { connection, prefix: `${prefix}bull` };
}
