import type { Message, PromiseRecord } from "@resonatehq/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { taskWindow } from "./connections.ts";
import { Dispatcher, unblockOwedForMs } from "./dispatcher.ts";
import type { Change } from "./sdk-server.ts";

const redeliverAfterMs = 1_000;
let nowMs: number;
let dispatcher: Dispatcher;
beforeEach(() => {
  nowMs = 0;
  dispatcher = new Dispatcher({ redeliverAfterMs, now: () => nowMs });
});

/** A process that polls, and what it got: tasks as `execute ID@VERSION`, promises as `unblock ID`. */
function connect(group: string, pid: string) {
  const got: string[] = [];
  let closed = false;
  const connection = dispatcher.connect(group, pid, {
    write: (message) => got.push(inWords(message)),
    close: () => {
      closed = true;
    },
  });
  return { got, isClosed: () => closed, disconnect: () => dispatcher.disconnect(connection) };
}

function inWords({ kind, data }: Message): string {
  return kind === "execute" ? `execute ${data.task.id}@${data.task.version}` : `unblock ${data.promise.id}`;
}

function execute(id: string, version = 0): Message {
  return { kind: "execute", head: {}, data: { task: { id, version } } };
}

function unblock(id: string): Message {
  const promise: PromiseRecord = {
    id,
    state: "resolved",
    param: {},
    value: {},
    tags: {},
    timeoutAt: 1,
    createdAt: 0,
  };
  return { kind: "unblock", head: {}, data: { promise } };
}

function taskIs(state: "pending" | "acquired" | "fulfilled", id: string, pid?: string): Change {
  return {
    kind: "task.set",
    task: { id, state, version: 1, resumes: [], ...(pid === undefined ? {} : { pid }) },
  };
}

function afterMs(ms: number) {
  nowMs += ms;
  dispatcher.redeliver();
}

describe("how much one process is given", () => {
  const send = (count: number) => {
    for (let n = 0; n < count; n++) dispatcher.send({ address: "poll://any@g", message: execute(`t${n}`) });
  };

  test("no more tasks than its window, until it acquires one", () => {
    const p = connect("g", "p");
    send(taskWindow + 2);
    expect(p.got).toHaveLength(taskWindow);
    dispatcher.observe([taskIs("acquired", "t0", "p")]);
    expect(p.got.at(-1)).toBe(`execute t${taskWindow}@0`);
    expect(dispatcher.waiting).toBe(1);
  });

  test("of what waited, a window; the rest goes to whoever comes next", () => {
    send(taskWindow + 2);
    const [p, q] = [connect("g", "p"), connect("g", "q")];
    expect(p.got).toHaveLength(taskWindow);
    expect(q.got).toEqual([`execute t${taskWindow}@0`, `execute t${taskWindow + 1}@0`]);
  });
});

describe("whom a message reaches", () => {
  test("uni: that process and no other", () => {
    const [p, q] = [connect("g", "p"), connect("g", "q")];
    dispatcher.send({ address: "poll://uni@g/q", message: unblock("a") });
    expect([p.got, q.got]).toEqual([[], ["unblock a"]]);
  });

  test("any: the processes of the group in turn", () => {
    const all = [connect("g", "p"), connect("g", "q"), connect("g", "r")];
    connect("h", "other");
    for (const id of "abcdef") dispatcher.send({ address: "poll://any@g", message: execute(id) });
    expect(all.map(({ got }) => got.length)).toEqual([2, 2, 2]);
  });

  test("any with a process id: that process while it is connected, else another of the group", () => {
    const [p, q] = [connect("g", "p"), connect("g", "q")];
    for (const id of "ab") dispatcher.send({ address: "poll://any@g/q", message: execute(id) });
    expect([p.got, q.got]).toEqual([[], ["execute a@0", "execute b@0"]]);
    dispatcher.observe([taskIs("acquired", "a", "q"), taskIs("acquired", "b", "q")]);
    q.disconnect();
    dispatcher.send({ address: "poll://any@g/q", message: execute("c") });
    expect(p.got).toEqual(["execute c@0"]);
  });

  test("messages among the changes are sent in their order; other addresses are ignored", () => {
    const p = connect("g", "p");
    dispatcher.observe([
      { kind: "message.send", address: "poll://any@g", message: execute("a") },
      { kind: "message.send", address: "http://somewhere/else", message: execute("b") },
      { kind: "message.send", address: "poll://uni@g/p", message: unblock("c") },
    ]);
    expect(p.got).toEqual(["execute a@0", "unblock c"]);
  });

  test("a second connection of a process replaces the first and gets what the first had not acquired", () => {
    const first = connect("g", "p");
    dispatcher.send({ address: "poll://any@g", message: execute("a") });
    const second = connect("g", "p");
    expect(first.isClosed()).toBe(true);
    expect(second.got).toEqual(["execute a@0"]);
    first.disconnect(); // its close event comes late, and must not take the second one away
    dispatcher.send({ address: "poll://uni@g/p", message: unblock("b") });
    expect(second.got).toEqual(["execute a@0", "unblock b"]);
  });
});

describe("a connection that closes", () => {
  test("hands what was not acquired to another worker, at once", () => {
    const p = connect("g", "p");
    for (const id of "ab") dispatcher.send({ address: "poll://any@g", message: execute(id) });
    const q = connect("g", "q");
    dispatcher.observe([taskIs("acquired", "a", "p")]);
    p.disconnect();
    expect(q.got).toEqual(["execute b@0"]);
  });

  test("with nobody else there, lets it wait for the next one", () => {
    const p = connect("g", "p");
    dispatcher.send({ address: "poll://any@g", message: execute("a") });
    p.disconnect();
    expect(dispatcher.waiting).toBe(1);
    expect(connect("g", "q").got).toEqual(["execute a@0"]);
    expect(dispatcher.waiting).toBe(0);
  });

  test("keeps unblock messages that may not have arrived for the same process", () => {
    const p = connect("g", "p");
    dispatcher.send({ address: "poll://uni@g/p", message: unblock("old") });
    nowMs += unblockOwedForMs;
    dispatcher.send({ address: "poll://uni@g/p", message: unblock("fresh") });
    p.disconnect();
    expect(connect("g", "q").got).toEqual([]);
    expect(connect("g", "p").got).toEqual(["unblock fresh"]);
  });
});

describe("an execute message that nobody acquires", () => {
  test("goes to another connection after the redelivery time, and not before", () => {
    const p = connect("g", "p");
    dispatcher.send({ address: "poll://any@g", message: execute("a") });
    const q = connect("g", "q");
    afterMs(redeliverAfterMs - 1);
    expect(q.got).toEqual([]);
    afterMs(1);
    expect([p.got, q.got]).toEqual([["execute a@0"], ["execute a@0"]]);
  });

  test("goes to the same connection again where there is no other", () => {
    const p = connect("g", "p");
    dispatcher.send({ address: "poll://any@g", message: execute("a") });
    afterMs(redeliverAfterMs);
    afterMs(redeliverAfterMs);
    expect(p.got).toEqual(["execute a@0", "execute a@0", "execute a@0"]);
  });

  test("makes others preferred over who left it lying, until that one acquires something", () => {
    const p = connect("g", "p");
    dispatcher.send({ address: "poll://any@g", message: execute("a") });
    const q = connect("g", "q");
    afterMs(redeliverAfterMs);
    for (const id of "bcd") dispatcher.send({ address: "poll://any@g", message: execute(id) });
    expect([p.got.length, q.got.length]).toEqual([1, 4]);
    q.disconnect();
    expect(p.got.length).toBe(5);
    dispatcher.observe([taskIs("acquired", "b", "p")]);
    const r = connect("g", "r");
    for (const id of "ef") dispatcher.send({ address: "poll://any@g", message: execute(id) });
    expect([p.got.length, r.got.length]).toEqual([6, 1]);
  });

  test("is not sent again once the task was acquired, or needs nobody any more", () => {
    const p = connect("g", "p");
    for (const id of "ab") dispatcher.send({ address: "poll://any@g", message: execute(id) });
    dispatcher.observe([taskIs("acquired", "a", "p"), taskIs("fulfilled", "b")]);
    afterMs(redeliverAfterMs);
    expect(p.got).toEqual(["execute a@0", "execute b@0"]);
    expect(dispatcher.watched).toBe(0);
  });

  test("gives way to a newer one for the same task", () => {
    const p = connect("g", "p");
    dispatcher.send({ address: "poll://any@g", message: execute("a", 0) });
    nowMs += 600;
    dispatcher.send({ address: "poll://any@g", message: execute("a", 1) });
    afterMs(600); // the first would be late, the second is not
    expect(p.got).toEqual(["execute a@0", "execute a@1"]);
    expect(dispatcher.watched).toBe(1);
  });
});

describe("messages for nobody", () => {
  test("wait for the group's or the process's next connection", () => {
    dispatcher.send({ address: "poll://any@g/gone", message: execute("a") });
    dispatcher.send({ address: "poll://uni@g/p", message: unblock("b") });
    expect(connect("g", "q").got).toEqual(["execute a@0"]);
    expect(connect("g", "p").got).toEqual(["unblock b"]);
  });

  test("one per task waits, the newest, and none for a task that needs nobody any more", () => {
    for (const version of [0, 1])
      dispatcher.send({ address: "poll://any@g", message: execute("a", version) });
    dispatcher.send({ address: "poll://any@g", message: execute("timer") });
    dispatcher.observe([taskIs("fulfilled", "timer")]);
    expect(dispatcher.waiting).toBe(1);
    expect(connect("g", "p").got).toEqual(["execute a@1"]);
  });

  test("are bounded in number, and so are those they wait for: the newest stay", () => {
    dispatcher = new Dispatcher({
      redeliverAfterMs,
      now: () => nowMs,
      capacity: { messages: 2, mailboxes: 2 },
    });
    for (const id of "abc") dispatcher.send({ address: "poll://any@g", message: execute(id) });
    expect(dispatcher.waiting).toBe(2);
    for (const pid of ["p1", "p2"])
      dispatcher.send({ address: `poll://uni@c/${pid}`, message: unblock("x") });
    expect(dispatcher.waiting).toBe(2);
    expect(connect("g", "p").got).toEqual([]);
    dispatcher.send({ address: "poll://any@h", message: execute("d") });
    dispatcher.send({ address: "poll://any@h", message: execute("e") });
    dispatcher.send({ address: "poll://any@h", message: execute("f") });
    expect(connect("h", "p").got).toEqual(["execute e@0", "execute f@0"]);
  });

  test("for 10,000 timers that nobody serves leave nothing behind once the timers have fired", () => {
    for (let timer = 0; timer < 10_000; timer++) {
      dispatcher.send({ address: "poll://any@default", message: execute(`t${timer}`) });
    }
    for (let timer = 0; timer < 10_000; timer++) dispatcher.observe([taskIs("fulfilled", `t${timer}`)]);
    expect([dispatcher.waiting, dispatcher.watched]).toEqual([0, 0]);
  });
});

test("close ends every connection", () => {
  const all = [connect("g", "p"), connect("h", "q")];
  dispatcher.close();
  expect(all.map(({ isClosed }) => isClosed())).toEqual([true, true]);
});
