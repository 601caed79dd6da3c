/** A process that executes lifecycles: it listens, tells the server by which address the workers of its group are reached, and is called. */
// concern: wiring
import { createServer, type Http2Session } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { endpoint, type LoggerTransport } from "@restatedev/restate-sdk";
import { longestStopMs, type StartWorker, type StoreAddress } from "../session/contract.ts";
import { Callers } from "./callers.ts";
import { attempts, sessionWorkflow, version } from "./lifecycle.ts";
import { adminUrl, authorization } from "./names.ts";

/** 40 s between two pings of the server's, and 20 s for an answer. */
const defaultLeaseMs = 60_000;
const askAgainMs = 100;

/** A line for each beginning, end and pause of a session is too much. */
const log: LoggerTransport = ({ level }, ...message) => {
  if (level === "warn" || level === "error") console.error(...message);
};

export const startWorker: StartWorker = async (settings) => {
  const { store, leaseMs, group, world, retryDelayMs, reachedAt } = settings;
  if (reachedAt === undefined)
    throw new Error("Restate calls its workers: this one was not told where to listen");
  const callers = new Callers(leaseMs ?? defaultLeaseMs);
  const workflow = sessionWorkflow({ group, prefix: store.prefix, world, retryDelayMs });
  const handlers = new Map([[`v${version}`, endpoint().bind(workflow).setLogger(log).http2Handler()]]);
  let isLeaving = false;
  const attemptOn = (session: Http2Session) => ({
    ensureWanted: () => callers.ensureThere(session),
    get isLeaving() {
      return isLeaving;
    },
  });

  const server = createServer((request, response) => {
    const { session } = request.stream;
    if (session === undefined) return; // gone already
    const handler = handlers.get(request.url.split("/")[1] ?? "");
    if (handler === undefined) {
      console.error(`this worker does not have the version that is called: ${request.url}`);
      response.writeHead(404).end();
      return;
    }
    // concern: retry and recovery
    // A call that had waited here, since this process stood still or the network held it back, is somebody else's by now.
    callers.ensureThere(session).then(
      () => attempts.run(attemptOn(session), handler, request, response),
      () => request.stream.close(),
    );
  });
  // concern: wiring
  server.on("session", (session) => callers.add(session));
  server.on("sessionError", (error) => console.error(`connection: ${error.message}`));
  const closed = Promise.withResolvers<void>();
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(reachedAt.port, "127.0.0.1", listening);
  });
  await register(store, `${reachedAt.url}/v${version}`);

  // concern: shutdown
  return {
    async stop() {
      isLeaving = true;
      server.close(() => closed.resolve());
      callers.close();
      await Promise.race([closed.promise, delay(longestStopMs)]);
      callers.destroy();
    },
  };
};

// concern: wiring
/** Makes the group's address known to the server, which asks there what runs; asks again until it is. Known already, it stays as it is. */
async function register(store: StoreAddress, uri: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${adminUrl(store)}/deployments`, {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization(store) },
      body: JSON.stringify({ uri }),
    }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(askAgainMs);
  }
}
