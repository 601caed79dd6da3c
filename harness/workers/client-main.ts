/**
 * The client process: starts sessions when the harness says so, waits for their results, and writes what it
 * asked and what it got into the ledger. It is never faulted, so what it got is evidence.
 */

import type { ConnectClient, SessionClient } from "../../implementations/session/contract.ts";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { EntryBody } from "../world/entry.ts";
import { connectWorldRedis, note } from "../world/redis-world.ts";
import { type ClientConfig, fromEnvironment } from "./process-config.ts";
import "./engine-imports.ts";

/** What the harness sends. */
export type ClientOrder =
  | {
      readonly kind: "call";
      readonly caller: string;
      readonly spec: SessionSpec;
      /** Where the lifecycle is to run. */
      readonly group: string;
      /** The index of this process among the clients, where there are several. */
      readonly client?: number;
      /** Whether to get ready, and start only once the harness says so. */
      readonly atBarrier?: boolean;
      /** Whether the caller stays to hear the result; it does where this is left out. */
      readonly awaitsResult?: boolean;
    }
  /** Whoever stands at the barrier starts. */
  | { readonly kind: "release" };

type Call = Extract<ClientOrder, { readonly kind: "call" }>;

const { implementation, deployment, world } = fromEnvironment<ClientConfig>();
const { connectClient }: { connectClient: ConnectClient } = await import(
  new URL("client.ts", implementation).href
);
const redis = await connectWorldRedis(world.address);
const clients = new Map<string, Promise<SessionClient>>();
await clientOf(deployment.group);
const write = (entry: EntryBody) => note(redis, world.prefix, entry);

let barrier = Promise.withResolvers<void>();
process.on("message", (order: ClientOrder) => {
  if (order.kind === "call") return void call(order);
  barrier.resolve();
  barrier = Promise.withResolvers();
});
process.on("SIGTERM", async () => {
  for (const client of clients.values()) await (await client).close();
  redis.disconnect();
  process.exit(0);
});
process.send?.({ kind: "ready" });

/** One connection for each group, since an implementation's client belongs to one. */
function clientOf(group: string): Promise<SessionClient> {
  const client = clients.get(group) ?? connectClient({ ...deployment, group });
  clients.set(group, client);
  return client;
}

async function call({
  caller,
  spec,
  group,
  client: index,
  atBarrier,
  awaitsResult = true,
}: Call): Promise<void> {
  const session = spec.sessionId;
  const released = atBarrier ? barrier.promise : null;
  const client = await clientOf(group);
  await write({ kind: "call", session, caller, spec, ...(index === undefined ? {} : { client: index }) });
  await released;
  const handle = await client.start(spec).catch((error: unknown) => {
    void write({ kind: "start-failed", session, caller, error: String(error) });
    return null;
  });
  if (handle === null) return;
  await write({ kind: "started", session, caller });
  if (!awaitsResult) return;
  await handle.result().then(
    (result) => write({ kind: "result", session, caller, result }),
    (error: unknown) => write({ kind: "result-failed", session, caller, error: String(error) }),
  );
}
