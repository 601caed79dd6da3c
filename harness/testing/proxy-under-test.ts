/** A proxy between a test's own sockets: nothing happens at either end but what the test does. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, vi } from "vitest";
import { openProxy, type ProxyConnection } from "../faults/network-proxy/proxy.ts";
import { anyFreePorts } from "../stores/ports.ts";

interface ProxyUnderTest {
  proxy: ProxyConnection;
  store: Server;
  storePort: number;
  /** The store's side of each connection, in the order in which they were made. */
  stored: Socket[];
}

/** Opens a proxy before each test of the file and closes it afterwards. The members are those of the current test. */
export function proxyForEachTest() {
  const processes: Socket[] = [];
  const current = { stored: [] as Socket[] } as ProxyUnderTest; // the rest is there when a test runs

  beforeEach(async () => {
    current.stored = [];
    current.store = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      current.stored.push(socket);
    });
    current.storePort = await anyFreePorts.next();
    current.store.listen(current.storePort, "127.0.0.1");
    await once(current.store, "listening");
    current.proxy = await openProxy({ port: await anyFreePorts.next(), to: current.storePort });
  });
  afterEach(async () => {
    for (const socket of [...processes.splice(0), ...current.stored]) socket.destroy();
    await current.proxy.close();
    current.store.close();
  });

  /** A process connects; resolves with its side of the connection. */
  async function connectProcess(): Promise<Socket> {
    const socket = connect({ port: current.proxy.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => {});
    processes.push(socket);
    await once(socket, "connect");
    return socket;
  }

  /** Both sides of a connection that was made. */
  async function connectBoth(): Promise<[process: Socket, stored: Socket]> {
    const process = await connectProcess();
    await until(() => current.stored.length === processes.length);
    return [process, current.stored.at(-1) as Socket];
  }

  return { current, connectProcess, connectBoth };
}

/** What a socket is told, from now on: each chunk, its end, its reset. */
export function listenTo(socket: Socket): string[] {
  const heard: string[] = [];
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => heard.push(chunk));
  socket.on("end", () => heard.push("FIN"));
  socket.on("error", (error: NodeJS.ErrnoException) => heard.push(error.code ?? error.message));
  return heard;
}

export const until = (isSo: () => unknown) => vi.waitUntil(isSo, { timeout: 10_000, interval: 2 });

/** Long enough for whatever gets through at once to have arrived; a proxy that lets too much through would be seen. */
export const aWhile = () => delay(50);
