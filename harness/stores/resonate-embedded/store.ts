/**
 * The embedded store as the harness sees it: how to start its process, and how to look inside. It is not the official server:
 * the state machine is the one that ships in the SDK for tests (`LocalNetwork`), and journal, delivery of messages and HTTP
 * are ours. It speaks for the SDK and the programming model, needs nothing to be installed, and says nothing of the
 * official engines' speed or faults: `resonate@server` and `resonate@postgres` do.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import sdk from "@resonatehq/sdk/package.json" with { type: "json" };
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import type { Residue } from "../../world/entry.ts";
import { resonateAlone } from "../alone/resonate.ts";
import { sessionOf } from "../promise-ids.ts";
import type { StartStore } from "../store.ts";
import { startStoreProcess } from "../store-process.ts";
import { configVariable, type EmbeddedStoreConfig } from "./config.ts";
import { type EmbeddedStoreInspection, inspectionSchema } from "./inspection.ts";

/**
 * The module to run as a process of its own, with {@link EmbeddedStoreConfig} as JSON in the environment
 * variable {@link configVariable}. Over an IPC channel it sends `{ kind: "ready" }`; without one it prints a line.
 */
export const serverModulePath = new URL("./server-main.ts", import.meta.url);

/** Starts the store in a process of its own. @throws HarnessError when it does not start. */
export const startResonateEmbedded: StartStore = async ({ folder, port, durability, leaseMs, spawn }) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const address: StoreAddress = {
    url: `http://127.0.0.1:${port}`,
    secret: randomBytes(24).toString("hex"),
  };
  const config: EmbeddedStoreConfig = {
    port,
    secret: address.secret,
    journalPath: join(folder, "journal.jsonl"),
    durability,
    // A message that a dying worker swallowed costs no more than the lease of the work that it held.
    redeliverAfterMs: leaseMs,
  };
  const begin = () =>
    spawn({
      name: "resonate-embedded",
      file: process.execPath,
      args: [fileURLToPath(serverModulePath)],
      env: { [configVariable]: JSON.stringify(config) },
      ipc: true,
    });
  const lives = await startStoreProcess({
    name: "resonate-embedded",
    begin,
    ask: (child) => child.firstMessage(),
  });
  return {
    address,
    version: `LocalNetwork of @resonatehq/sdk ${sdk.version}`,
    inspect: async (sessions) => residueIn(await inspectEmbedded(address), sessions),
    async traffic() {
      const { journalBytes: diskBytes, ...inspection } = await inspectEmbedded(address);
      const { requests, bytesReceived, bytesSent, syncs } = inspection;
      return { requests, bytesReceived, bytesSent, syncs, diskBytes };
    },
    refuseWrites: (refuses) => tellToRefuse(address, refuses),
    isOneThread: true,
    rateAlone: () => resonateAlone(address),
    appendOnlyFiles: () => [config.journalPath],
    ...lives,
  };
};

const inspectTimeoutMs = 10_000;

/** Asks a running store what is in it. Rejects when it cannot be reached or refuses. */
export async function inspectEmbedded({ url, secret }: StoreAddress): Promise<EmbeddedStoreInspection> {
  const inspection = get(new URL("/inspect", url), {
    agent: false, // a connection of its own, which the store leaves out of its traffic
    headers: { authorization: `Bearer ${secret}` },
    signal: AbortSignal.timeout(inspectTimeoutMs),
  });
  inspection.on("error", () => {}); // whoever awaits the response, or its body, is told
  const [response]: IncomingMessage[] = await once(inspection, "response");
  if (response?.statusCode !== 200)
    throw new Error(`The store at ${url} refused to be inspected: HTTP ${response?.statusCode}`);
  return inspectionSchema.parse(await json(response));
}

/** Rejects when the store cannot be reached. */
async function tellToRefuse({ url, secret }: StoreAddress, refuses: boolean): Promise<void> {
  const { status } = await fetch(new URL("/refusal", url), {
    method: refuses ? "PUT" : "DELETE",
    headers: { authorization: `Bearer ${secret}` },
  });
  if (status !== 200) throw new Error(`The store at ${url} did not take that: HTTP ${status}`);
}

/** What is still open once every session has ended. */
function residueIn(
  { pendingPromises, openTasks }: EmbeddedStoreInspection,
  sessions: ReadonlySet<string>,
): readonly Residue[] {
  return [
    ...pendingPromises.map((id) => ({ session: sessionOf(id, sessions), what: `promise ${id} is pending` })),
    ...openTasks.map(({ id, state }) => ({
      session: sessionOf(id, sessions),
      what: `task ${id} is ${state}`,
    })),
  ];
}
