/** Which reply a proxy connection swallows, and when it does not. */
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { listenTo, proxyForEachTest, until } from "../../testing/proxy-under-test.ts";

const { current, connectBoth } = proxyForEachTest();

describe("a reply that is to be swallowed", () => {
  const [ping, subscribe] = ["*1\r\n$4\r\nPING\r\n", "*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\na\r\n"];

  test("is delivered when the proxy connection is healed first, and what was sent behind its request is too", async () => {
    const [process, atStore] = await connectBoth();
    void current.proxy.swallowReply().then(() => expect.unreachable());
    process.write(`${ping}*0\r\n`);
    expect(String(await once(atStore, "data"))).toBe(ping);
    current.proxy.heal();
    expect(String(await once(atStore, "data"))).toBe("*0\r\n");
    atStore.write("+PONG\r\n");
    expect(String(await once(process, "data"))).toBe("+PONG\r\n");
  });

  test("is delivered when its request comes after the proxy connection was healed", async () => {
    const [process, atStore] = await connectBoth();
    void current.proxy.swallowReply().then(() => expect.unreachable());
    current.proxy.heal();
    process.write(ping);
    await once(atStore, "data");
    atStore.write("+PONG\r\n");
    expect(String(await once(process, "data"))).toBe("+PONG\r\n");
  });

  test("is that of the next request when a connection is lost before its answer", async () => {
    const [first, atStore] = await connectBoth();
    const swallowed = current.proxy.swallowReply();
    first.write("first");
    await once(atStore, "data");
    atStore.resetAndDestroy();
    await until(() => first.closed);
    const [second, atStoreAgain] = await connectBoth();
    const heard = listenTo(second);
    second.write("second");
    await once(atStoreAgain, "data");
    atStoreAgain.write("an answer");
    await swallowed;
    await until(() => heard.length > 0);
    expect(heard).toEqual(["ECONNRESET"]);
  });

  test("is that of the next request when the one that was found turns out to be a subscriber's", async () => {
    const [subscriber, atStoreOfSubscriber] = await connectBoth();
    const [other, atStoreOfOther] = await connectBoth();
    const [pushed, heard] = [listenTo(subscriber), listenTo(other)];
    const swallowed = current.proxy.swallowReply();
    subscriber.write(subscribe + ping);
    expect(String(await once(atStoreOfSubscriber, "data"))).toBe(subscribe);
    atStoreOfSubscriber.write(">3\r\n+subscribe\r\n+a\r\n:1\r\n");
    expect(String(await once(atStoreOfSubscriber, "data"))).toBe(ping);
    await until(() => pushed.length > 0);
    other.write(ping);
    await once(atStoreOfOther, "data");
    atStoreOfOther.write("+PONG\r\n");
    await swallowed;
    await until(() => heard.length > 0);
    expect(heard).toEqual(["ECONNRESET"]);
  });
});
