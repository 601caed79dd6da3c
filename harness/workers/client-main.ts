/**
 * The client process: starts sessions when the harness says so, waits for their results, and writes what it
 * asked and what it got into the ledger. It is never faulted, so what it got is evidence.
 */
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { ConnectClient } from "../contract.ts";
import type { EntryBody } from "../history/entry.ts";
import { connectWorldRedis, note } from "../world/redis-world.ts";
import { type ClientConfig, fromEnvironment } from "./process-config.ts";

/** What the harness sends. */
export type ClientOrder = { readonly caller: string; readonly spec: SessionSpec };

const { implementation, deployment, world } = fromEnvironment<ClientConfig>();
const { connectClient }: { connectClient: ConnectClient } = await import(
  new URL("client.ts", implementation).href
);
const redis = await connectWorldRedis(world.address);
const client = await connectClient(deployment);
const write = (entry: EntryBody) => note(redis, world.prefix, entry);

process.on("message", (order: ClientOrder) => void call(order));
process.on("SIGTERM", async () => {
  await client.close();
  redis.disconnect();
  process.exit(0);
});
process.send?.({ kind: "ready" });

async function call({ caller, spec }: ClientOrder): Promise<void> {
  const session = spec.sessionId;
  await write({ kind: "call", session, caller, spec });
  const handle = await client.start(spec).catch((error: unknown) => {
    void write({ kind: "start-failed", session, caller, error: String(error) });
    return null;
  });
  if (handle === null) return;
  await write({ kind: "started", session, caller });
  await handle.result().then(
    (result) => write({ kind: "result", session, caller, result }),
    (error: unknown) => write({ kind: "result-failed", session, caller, error: String(error) }),
  );
}
