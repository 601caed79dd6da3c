/**
 * What an expert of Resonate turns. Its requests are where the time goes, and they go by `fetch`. The SDK (0.11.5) itself has nothing to
 * turn: a step is two requests, one after the other, and nothing is sent in batches; heartbeats are one request per half lease for
 * all that a worker holds. Pipelining is no knob either: undici sends no POST behind another one
 * (https://undici.nodejs.org/#/docs/api/Client.md), which might have to be sent again.
 */
import { edit } from "../../../harness/engines/edit.ts";
import type { Tuning } from "../../../harness/engines/tuning.ts";

/** Where requests go by HTTP. */
const overHttp = ["embedded", "server", "server-sqlite"];

export const tunings: readonly Tuning[] = [
  {
    name: "16 kept-alive connections",
    turns:
      "the dispatcher under fetch: 16 connections for each process, open for 60 s without a request, in place of as many as there are requests under way, open for 4 s or what the store says",
    keeps:
      "The time limit of a request runs while it waits for a connection too, and what comes after it is the same.",
    source: "https://nodejs.org/docs/latest-v24.x/api/globals.html#custom-dispatcher",
    stores: overHttp,
    edits: [
      edit(
        "network.ts",
        'import { MessageStream } from "./message-stream.ts";',
        'import { keepConnections } from "./manifest/tuned/connections.ts";\nimport { MessageStream } from "./message-stream.ts";',
      ),
      edit(
        "network.ts",
        "export async function networkTo(",
        "keepConnections();\n\nexport async function networkTo(",
      ),
    ],
  },
  {
    name: "undici request",
    turns: "the call under the SDK's network: request of undici in place of fetch, on the same connections",
    keeps:
      "The same requests, with the same checks of each answer, under the same time limit; the stream of messages stays as it is.",
    source: "https://undici.nodejs.org/#/?id=undici-vs-fetch",
    stores: overHttp,
    edits: [
      edit(
        "network.ts",
        'import type { NetworkSettings, StoreNetwork } from "./store-network.ts";',
        'import { sendBy } from "./manifest/tuned/request.ts";\nimport type { NetworkSettings, StoreNetwork } from "./store-network.ts";',
      ),
      edit("network.ts", "const { send } = this;", "const send = sendBy({ url, secret }, timeoutMs);"),
    ],
  },
  {
    name: "20 connections to PostgreSQL",
    turns: "the server's pool of connections: 20 in place of 10",
    keeps: "How many transactions run at once, and nothing of what one of them does.",
    source: "https://docs.resonatehq.io/deploy/run-server",
    stores: ["server"],
    edits: [],
    storeFlags: { "storage-postgres-pool-size": 20 },
  },
  {
    name: "messages every 5 ms",
    turns: "how often the server looks for messages to send: every 5 ms in place of 20 (100 by default)",
    keeps: "The same messages, sooner.",
    source: "https://docs.resonatehq.io/reference/defaults",
    stores: ["server", "server-sqlite"],
    edits: [],
    storeFlags: { "messages-poll-interval": 5 },
  },
];
