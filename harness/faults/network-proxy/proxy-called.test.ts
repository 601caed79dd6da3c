import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { anyFreePorts } from "../../stores/ports.ts";
import { aWhile, listenTo, until } from "../../testing/proxy-under-test.ts";
import { openProxy, type ProxyConnection } from "./proxy.ts";

let proxy: ProxyConnection;
let process: Server;
const atProcess: Socket[] = [];
let store: Socket;

beforeEach(async () => {
  process = createServer((socket) => atProcess.push(socket.on("error", () => {})));
  const to = await anyFreePorts.next();
  process.listen(to, "127.0.0.1");
  await once(process, "listening");
  proxy = await openProxy({ port: await anyFreePorts.next(), to, isCalledByStore: true });
  store = connect(proxy.port, "127.0.0.1");
  store.on("error", () => {});
});
afterEach(async () => {
  for (const socket of [store, ...atProcess.splice(0)]) socket.destroy();
  await proxy.close();
  process.close();
});

/** The process's side of the connection that the store has made. */
async function called(): Promise<Socket> {
  await until(() => atProcess.length > 0);
  return atProcess[0] as Socket;
}

test("counts what a process says that the store has called as said to the store", async () => {
  const worker = await called();
  store.write("do it");
  await once(worker, "data");
  worker.write("done");
  await once(store, "data");
  expect(proxy.traffic).toEqual({ connections: 1, bytesToStore: 4, bytesFromStore: 5, roundTrips: 1 });
});

test("stops what the store says, and nothing else", async () => {
  const worker = await called();
  const heard = { worker: listenTo(worker), store: listenTo(store) };
  proxy.stop("from-store");
  store.write("more");
  worker.write("done");
  await until(() => heard.store.length > 0);
  await aWhile();
  expect(heard).toEqual({ worker: [], store: ["done"] });
  proxy.heal();
  await until(() => heard.worker.length > 0);
  expect(heard.worker).toEqual(["more"]);
});

test("makes no connection while either direction is stopped", async () => {
  await called();
  proxy.stop("to-store");
  const second = connect(proxy.port, "127.0.0.1");
  await once(second, "connect");
  second.write("do it");
  await aWhile();
  expect(atProcess).toHaveLength(1);
  proxy.heal();
  await until(() => atProcess.length === 2);
  expect(String((await once(atProcess[1] as Socket, "data"))[0])).toBe("do it");
  second.destroy();
});

test("swallows the answer to what the process says", async () => {
  const worker = await called();
  const heard = listenTo(worker);
  const swallowed = proxy.swallowReply();
  worker.write("a step is done");
  await once(store, "data");
  store.write("noted");
  await swallowed;
  await until(() => heard.length > 0);
  expect(heard).toEqual(["ECONNRESET"]);
});

test("carries nothing more on a connection that vanished, until the store has given it up", async () => {
  const worker = await called();
  const heard = listenTo(worker);
  const givenUp = proxy.vanish();
  store.write("is anybody there?");
  store.end();
  await givenUp;
  await aWhile();
  expect(heard).toEqual([]);
});
