import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { execa } from "execa";
import { expect, test, vi } from "vitest";
import { connectionsOf } from "./connections.ts";

const isLinux = process.platform === "linux";

const threeConnections = `const { connect } = require("node:net");
for (let i = 0; i < 3; i++) connect(Number(process.argv[1]), process.argv[2]).on("error", () => {});
setInterval(() => {}, 1000);`;

test.runIf(isLinux).each(["127.0.0.1", "::1"])(
  "connections of a process over %s are counted from outside while they are open, and nothing is known of one that is gone",
  async (host) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on("error", () => {})));
    await once(server.listen(0, host), "listening");
    const { port } = server.address() as AddressInfo; // it listens on a port
    const child = execa(process.execPath, ["-e", threeConnections, String(port), host], { reject: false });
    const { pid = 0 } = child;
    await vi.waitUntil(() => sockets.length === 3);
    expect(await connectionsOf({ pid })).toBe(3);
    sockets[0]?.destroy();
    await vi.waitUntil(async () => (await connectionsOf({ pid })) === 2);
    child.kill("SIGKILL");
    await child;
    expect(await connectionsOf({ pid })).toBeNull();
    server.close();
  },
);

test.skipIf(isLinux)("where the system does not say, nothing is known", async () => {
  expect(await connectionsOf(process)).toBeNull();
});
