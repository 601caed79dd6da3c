/** A process that executes lifecycles: it listens, tells the server by which address the workers of its group are reached, and is called. */
// concern: wiring
import { createServer, type Http2Session } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { endpoint, type LoggerTransport } from "@restatedev/restate-sdk";
import { longestStopMs, type StartWorker } from "../session/contract.ts";
import { attempts } from "./attempt.ts";
import { Callers } from "./callers.ts";
import { sessionWorkflow, version } from "./lifecycle.ts";
import { register } from "./register.ts";

/** A line for each beginning, end and pause of a session is too much, and so is a stack for each failure. */
const log: LoggerTransport = ({ level, context }, ...message) => {
  if (level === "warn" || level === "error")
    console.error(`${context?.invocationTarget ?? "endpoint"}: ${message.map(String).join(" ").trimEnd()}`);
};

export const startWorker: StartWorker = async (settings) => {
  const { store, leaseMs, group, world, retryDelayMs, reachedAt } = settings;
  if (reachedAt === undefined)
    throw new Error("Restate calls its workers: this one was not told where to listen");
  const callers = new Callers(leaseMs);
  const surroundings = { group, prefix: store.prefix, world, retryDelayMs };
  const serve = (workflow: ReturnType<typeof sessionWorkflow>) =>
    endpoint().bind(workflow).setLogger(log).http2Handler();
  const handlers = new Map([[`v${version}`, serve(sessionWorkflow(surroundings))]]);
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
