import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { anyFreePorts } from "../stores/ports.ts";
import { Balancer } from "./balancer.ts";

const watch = { everyMs: 20, patienceMs: 200 };
const opened: { destroy?: () => unknown; close?: () => unknown }[] = [];

afterEach(() => {
  for (const each of opened.splice(0)) each.destroy === undefined ? each.close?.() : each.destroy();
});

/** A worker that answers pings, and the connections that it has got, those of the watch among them. */
async function openWorker(): Promise<{ port: number; server: Http2Server; sessions: ServerHttp2Session[] }> {
  const server = createServer();
  const sessions: ServerHttp2Session[] = [];
  server.on("session", (session) => sessions.push(session));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push({ destroy: () => [server.close(), ...sessions.map((session) => session.destroy())] });
  return { port: (server.address() as AddressInfo).port, server, sessions };
}

async function openBalancer(ports: readonly number[]): Promise<{ port: number; balancer: Balancer }> {
  const port = await anyFreePorts.next();
  const balancer = new Balancer(watch);
  balancer.listen(port);
  balancer.workers = ports;
  opened.push(balancer);
  return { port, balancer };
}

/** Resolves with a connection that a worker greets; null where there is none for it. */
async function call(port: number): Promise<Socket | null> {
  const socket = connect(port, "127.0.0.1");
  opened.push(socket);
  socket.on("error", () => {});
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
  const { promise, resolve } = Promise.withResolvers<Socket | null>();
  socket.once("data", () => resolve(socket));
  socket.once("close", () => resolve(null));
  return promise;
}

const untilGreeted = (port: number) =>
  vi.waitUntil(() => call(port), { timeout: 10_000, interval: 20 }) as Promise<Socket>;

test("connections are spread over the workers that answer", async () => {
  const workers = [await openWorker(), await openWorker()];
  const { port } = await openBalancer(workers.map((worker) => worker.port));
  await untilGreeted(port);
  await vi.waitUntil(() => workers.every(({ sessions }) => sessions.length > 0), { timeout: 10_000 });
  for (let count = 0; count < 5; count++) expect(await call(port)).not.toBeNull();
  // Six callers' in all, three each, and the watch's own.
  expect(workers.map(({ sessions }) => sessions.length)).toEqual([4, 4]);
});

test("a worker that is not there, or does not answer, gets no connection, and one that comes does", async () => {
  const late = await anyFreePorts.next();
  const { port, balancer } = await openBalancer([late]);
  expect(await call(port)).toBeNull();
  const worker = await openWorker();
  balancer.workers = [late, worker.port];
  expect(await untilGreeted(port)).toBeTruthy();
});

test("the end of a worker's connection is the caller's end", async () => {
  const worker = await openWorker();
  const { port } = await openBalancer([worker.port]);
  const caller = await untilGreeted(port);
  for (const session of worker.sessions) session.destroy();
  await vi.waitUntil(() => caller.closed, { timeout: 10_000 });
});

test("without a worker a connection is reset", async () => {
  const worker = await openWorker();
  const { port, balancer } = await openBalancer([worker.port]);
  await untilGreeted(port);
  balancer.workers = [];
  expect(await call(port)).toBeNull();
});
