/** What waits while a proxy connection is stopped or delayed, and what becomes of it. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { aWhile, listenTo, proxyForEachTest, until } from "../../testing/proxy-under-test.ts";

const { current, connectProcess, connectBoth } = proxyForEachTest();

describe("a stopped proxy", () => {
  test.each(["to-store", "from-store"] as const)("holds bytes %s, and only those", async (direction) => {
    const [process, atStore] = await connectBoth();
    const [far, near] = direction === "to-store" ? [process, atStore] : [atStore, process];
    const [farHeard, nearHeard] = [listenTo(far), listenTo(near)];
    current.proxy.stop(direction);
    far.write("held");
    near.write("free");
    await until(() => farHeard.length > 0);
    await aWhile();
    expect([farHeard, nearHeard]).toEqual([["free"], []]);
    current.proxy.heal();
    await until(() => nearHeard.length > 0);
    expect(nearHeard).toEqual(["held"]);
  });

  test("stops the second direction beside the first, and heals both", async () => {
    const [process, atStore] = await connectBoth();
    const heard = [listenTo(process), listenTo(atStore)];
    current.proxy.stop("to-store");
    current.proxy.stop("from-store");
    process.write("a");
    atStore.write("b");
    await aWhile();
    expect(heard).toEqual([[], []]);
    current.proxy.heal();
    await until(() => heard.flat().length === 2);
    expect(heard).toEqual([["b"], ["a"]]);
  });

  test("tells neither side that the other one ended, until it is healed", async () => {
    const [process, atStore] = await connectBoth();
    const [other, atStoreOther] = await connectBoth();
    const [heard, heardOther] = [listenTo(atStore), listenTo(atStoreOther)];
    current.proxy.stop("both");
    process.end("goodbye"); // as a process that is killed: its kernel still sends what it wrote, and a FIN
    other.resetAndDestroy();
    await aWhile();
    expect([heard, heardOther]).toEqual([[], []]);
    current.proxy.heal();
    await until(() => heard.includes("FIN") && heardOther.length > 0);
    expect([heard, heardOther]).toEqual([["goodbye", "FIN"], ["ECONNRESET"]]);
  });

  test.each(["to-store", "from-store", "both"] as const)(
    "accepts a connection that the store learns of only when it is healed (%s)",
    async (direction) => {
      current.proxy.stop(direction);
      const process = await connectProcess();
      process.write("hello");
      await aWhile();
      expect(current.stored).toEqual([]);
      current.proxy.heal();
      await until(() => current.stored.length === 1);
      expect(String(await once(current.stored[0] as Socket, "data"))).toBe("hello");
    },
  );

  test.each(["destroy", "resetAndDestroy"] as const)(
    "never tells the store of a connection that was given up meanwhile (%s)",
    async (giveUp) => {
      current.proxy.stop("both");
      const process = await connectProcess();
      process.write("too late");
      process[giveUp]();
      await aWhile();
      current.proxy.heal();
      await aWhile();
      expect(current.stored).toEqual([]);
    },
  );

  test("lets the sender's buffers fill up, and loses nothing of what waited", async () => {
    const [process, atStore] = await connectBoth();
    current.proxy.stop("to-store");
    const bytes = Buffer.alloc(16 << 20, "0123456789");
    let written = false;
    process.write(bytes, () => {
      written = true;
    });
    await aWhile();
    expect(written).toBe(false);
    current.proxy.heal();
    const received: Buffer[] = [];
    atStore.on("data", (chunk: Buffer) => received.push(chunk));
    await until(() => written && current.proxy.traffic.bytesToStore === bytes.length);
    await until(() => Buffer.concat(received).equals(bytes));
  });
});

describe("a delayed proxy", () => {
  const latencyMs = 40;

  test("takes at least its latency in each direction, and keeps the order", async () => {
    const [process, atStore] = await connectBoth();
    const heard = listenTo(process);
    atStore.pipe(atStore);
    current.proxy.delay(latencyMs);
    const startedMs = performance.now();
    process.write("1");
    await delay(1);
    process.write("2");
    process.end("3");
    await until(() => heard.includes("FIN"));
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(2 * latencyMs);
    expect(heard.join("")).toBe("123FIN");
  });

  test("lets nothing overtake when the latency falls, and delivers everything when it heals", async () => {
    const [process, atStore] = await connectBoth();
    const heard = listenTo(atStore);
    current.proxy.delay(3_600_000);
    process.write("slow");
    await aWhile();
    current.proxy.delay(1);
    process.write("quick");
    await aWhile();
    expect(heard).toEqual([]);
    current.proxy.heal();
    await until(() => heard.length > 0);
    expect(heard.join("")).toBe("slowquick");
  });
});
