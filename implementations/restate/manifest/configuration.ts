/** The file that a server of the run's own reads: what differs from its defaults, and why. */
import { join } from "node:path";
import type { StoreSettings } from "../../../harness/stores/store.ts";

interface ServerPorts {
  readonly ingress: number;
  readonly admin: number;
  /** Between the nodes of a cluster, of which there is one. */
  readonly node: number;
}

/** Of a lease, how often the server pings each worker's connection; the rest is how long it waits for the answer. */
const pingEveryLeases = 0.4;

export function configuration(
  { folder, leaseMs, leaseIsDefault = false, durability }: StoreSettings,
  { ingress, admin, node }: ServerPorts,
): string {
  return `node-name = "node"
cluster-name = "killproof"
base-dir = ${JSON.stringify(join(folder, "data"))}
listen-mode = "tcp"
bind-ip = "127.0.0.1"
bind-port = ${node}
advertised-host = "127.0.0.1"
disable-telemetry = true
log-filter = "warn,octocrab=off"
log-disable-ansi-codes = true
shutdown-timeout = "1s"

[admin]
bind-address = "127.0.0.1:${admin}"
disable-web-ui = true

[ingress]
bind-address = "127.0.0.1:${ingress}"

[log-server]
rocksdb-disable-wal-fsync = ${durability !== "fsync"}

[worker.invoker]
# One stream on each connection: it is connections that are spread over the workers, and a worker ends them.
http2-streams-per-connection-limit = 1
${leaseIsDefault ? "" : keepAlive(leaseMs)}`;
}

/** A worker that says nothing is given up after a lease at most. By default: after 40 to 48 s, and 20 s. */
function keepAlive(leaseMs: number): string {
  const everyMs = Math.round(pingEveryLeases * leaseMs);
  return `http2-keep-alive-interval = "${everyMs}ms"
http2-keep-alive-timeout = "${leaseMs - everyMs}ms"
http2-keep-alive-jitter = 0.0
`;
}
