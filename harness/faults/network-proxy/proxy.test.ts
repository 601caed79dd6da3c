import { once } from "node:events";
import { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../errors.ts";
import { aWhile, listenTo, proxyForEachTest, until } from "../../testing/proxy-under-test.ts";
import { openProxy, proxiedAddress } from "./proxy.ts";

const { current, connectProcess, connectBoth } = proxyForEachTest();

describe("a proxy without a fault", () => {
  test("hands on bytes in both directions, and counts them", async () => {
    const [process, atStore] = await connectBoth();
    process.write("ask");
    expect(String(await once(atStore, "data"))).toBe("ask");
    atStore.write("answer");
    expect(String(await once(process, "data"))).toBe("answer");
    expect(current.proxy.traffic).toEqual({
      connections: 1,
      bytesToStore: 3,
      bytesFromStore: 6,
      roundTrips: 1,
    });
  });

  test("counts a round trip whenever the process speaks after the store", async () => {
    const [process, atStore] = await connectBoth();
    for (const question of ["first", "second"]) {
      process.write(question);
      process.write(" at once");
      while (!String((await once(atStore, "data"))[0]).includes("once"));
      atStore.write("answer");
      await once(process, "data");
    }
    expect(current.proxy.traffic.roundTrips).toBe(2);
  });

  test("hands on the end of one direction while the other goes on", async () => {
    const [process, atStore] = await connectBoth();
    process.end("last words");
    expect(await text(atStore)).toBe("last words");
    atStore.end("still answered");
    expect(await text(process)).toBe("still answered");
  });

  test.each(["process", "store"] as const)("hands on that the %s reset the connection", async (who) => {
    const [process, atStore] = await connectBoth();
    const [near, far] = who === "process" ? [process, atStore] : [atStore, process];
    const heard = listenTo(far);
    near.resetAndDestroy();
    await until(() => far.closed);
    expect(heard).toEqual(["ECONNRESET"]);
  });

  test("resets a connection whose store is not there", async () => {
    for (const socket of current.stored) socket.destroy();
    await new Promise((resolve) => current.store.close(resolve));
    const heard = listenTo(await connectProcess());
    await until(() => heard.length > 0);
    expect(heard).toEqual(["ECONNRESET"]);
  });

  test.each(["process", "store"] as const)("stops reading while the %s does not", async (who) => {
    const [process, atStore] = await connectBoth();
    const [near, far] = who === "process" ? [process, atStore] : [atStore, process];
    near.pause();
    far.on("data", () => {});
    // Far more than all the buffers on the way can hold together.
    const bytes = 64 << 20;
    far.write(Buffer.alloc(bytes));
    const count = () => current.proxy.traffic[who === "process" ? "bytesFromStore" : "bytesToStore"];
    await until(() => count() > 0);
    let before = -1;
    while (count() !== before) {
      before = count();
      await aWhile();
    }
    expect(count()).toBeLessThan(bytes / 2);
    let received = 0;
    near.on("data", (chunk: Buffer) => {
      received += chunk.length;
    });
    near.resume();
    await until(() => received === bytes);
  });
});

test("cut resets both sides of every connection, those that hang too, and lets new ones through", async () => {
  const [process, atStore] = await connectBoth();
  current.proxy.stop("both");
  const hanging = await connectProcess();
  const heard = [process, atStore, hanging].map(listenTo);
  current.proxy.cut();
  await until(() => heard.every(({ length }) => length > 0));
  expect(heard).toEqual([["ECONNRESET"], ["ECONNRESET"], ["ECONNRESET"]]);
  current.proxy.heal();
  const next = await connectProcess();
  next.write("again");
  await until(() => current.stored.length === 2);
  expect(String(await once(current.stored[1] as Socket, "data"))).toBe("again");
});

test("close ends all connections, also those that wait for the network", async () => {
  const [process, atStore] = await connectBoth();
  current.proxy.stop("both");
  process.write("waiting");
  const hanging = await connectProcess();
  await current.proxy.close();
  await until(() => [process, atStore, hanging].every(({ closed }) => closed));
  const socket = new Socket().on("error", () => {}).connect(current.proxy.port, "127.0.0.1");
  const [error] = await once(socket, "error");
  expect(error).toHaveProperty("code", "ECONNREFUSED");
});

test("a port that is taken is refused with what to do about it", async () => {
  const opening = openProxy({ port: current.storePort, to: current.storePort });
  await expect(opening).rejects.toThrow(HarnessError);
  await expect(opening).rejects.toThrow(String(current.storePort));
});

test.each([
  ["redis://127.0.0.1:6379", "redis://127.0.0.1:7000"],
  ["http://localhost:8001", "http://127.0.0.1:7000"],
  ["postgres://user@127.0.0.1:5432/base?a=b", "postgres://user@127.0.0.1:7000/base?a=b"],
])("the address %s is %s behind a proxy", (url, proxied) => {
  expect(proxiedAddress({ url, secret: "s" }, { port: 7000 })).toEqual({ url: proxied, secret: "s" });
});
