/**
 * The process that hosts the embedded store. It owns what the other modules only describe: the port, the
 * timers, the signals, and the decision to die rather than acknowledge what the journal did not take.
 */
import { createServer } from "node:http";
import { flushCompileCache } from "node:module";
import type { AddressInfo, Server } from "node:net";
import { readConfig } from "./config.ts";
import { Dispatcher } from "./dispatcher.ts";
import { StoreEngine } from "./engine.ts";
import { JournalUnwritable, PortUnavailable, StoreFailure } from "./failure.ts";
import { HttpService } from "./http-service.ts";
import { Journal } from "./journal/journal.ts";
import { recover } from "./recovery.ts";

/** How late a timer may fire, ms. */
const tickEveryMs = 20;

/**
 * A connection stays open for longer than clients keep an idle one: otherwise the store could close it just
 * when a request is on its way, and the SDK sends no request twice.
 */
const keepAliveTimeoutMs = 65_000;

function die(error: unknown): never {
  const text =
    error instanceof StoreFailure
      ? `${error.name}: ${error.message}`
      : String((error as Error).stack ?? error);
  process.stderr.write(`killproof store: ${text}\n`);
  process.exit(70);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(new PortUnavailable(port, cause)));
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function main(): Promise<void> {
  const { port, secret, journalPath, durability, redeliverAfterMs } = readConfig(process.env);
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs });
  // The port comes first: whoever holds it may also be writing to this journal.
  await listen(server, port);

  const engine = new StoreEngine();
  const dispatcher = new Dispatcher({ redeliverAfterMs });
  const file = recover(journalPath, durability, { engine, dispatcher });
  const journal = new Journal(file, durability, file.bytes, (cause) =>
    die(new JournalUnwritable(journalPath, cause)),
  );
  const service = new HttpService({ engine, journal, dispatcher, secret });
  server.on("connection", service.watch);
  server.on("request", service.handle);
  const ticks = setInterval(() => service.tick(), tickEveryMs);

  process.once("SIGTERM", async () => {
    clearInterval(ticks);
    server.close();
    await journal.drained();
    dispatcher.close();
    server.closeAllConnections();
    file.close();
    process.exit(0);
  });

  // Node writes its compile cache when a process exits in good order, which a killed store never does.
  flushCompileCache();
  if (process.send !== undefined) process.send({ kind: "ready" });
  else {
    const { address } = server.address() as AddressInfo; // A TCP server's address is never a path.
    process.stdout.write(
      `killproof store: ready on ${address}:${port}, ${file.lines} journal lines replayed\n`,
    );
  }
}

main().catch(die);
