/** How the harness itself reaches a Redis by its address. ioredis alone would take the password from the URL, which never holds one. */
import type { RedisOptions } from "ioredis";
import type { StoreAddress } from "../../implementations/session/contract.ts";

/** What a connection needs to know of the address. Pure. */
export function redisOptions({ url, secret }: StoreAddress) {
  const { protocol, hostname, port, username, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    db: Number(pathname.slice(1)),
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(secret === "" ? {} : { password: secret }),
    ...(protocol === "rediss:" ? { tls: {} } : {}),
  } satisfies RedisOptions;
}
