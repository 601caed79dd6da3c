/**
 * Whether the embedded store answers as the official ones do: the same requests are put to both, one after the other,
 * and the answers compared. It is the SDK's own state machine that answers there; what is ours is the way to it.
 */
import type { Request } from "@resonatehq/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { Reaper } from "../processes/reaper.ts";
import {
  acquire,
  callback,
  create,
  createTask,
  fence,
  fulfill,
  get,
  getTask,
  heartbeat,
  listen,
  release,
  settle,
  suspend,
} from "../testing/embedded-requests-under-test.ts";
import {
  embedded,
  letPass,
  official,
  openLine,
  type WireReply,
} from "../testing/resonate-stores-under-test.ts";
import { startUnderTest } from "../testing/store-under-test.ts";

const target = "poll://any@workers";
const external = { "resonate:external": "true" };
const timer = { "resonate:timer": "true" };
const longAgo = 1_000;
/** Of the leases that are to lapse. */
const ttlMs = 150;
/** Long after that, and after every store has looked what is due. */
const lapsedMs = 1_000;

/** What is done, in order; `wait` lets time pass. */
type Script = readonly (Request | { readonly wait: number })[];

/** Of each script, its name says what it puts to the test. */
const scripts: Readonly<Record<string, Script>> = {
  "a promise is created once, and settled once": [
    create("p"),
    create("p", { timeoutAt: 5_000_000_000_000 }),
    get("p"),
    settle("p"),
    settle("p", "rejected"),
    get("p"),
    get("missing"),
    settle("missing"),
  ],
  "a promise that ran out is rejected, a timer resolved": [
    create("late", { timeoutAt: longAgo, tags: external }),
    create("timer", { timeoutAt: longAgo, tags: timer }),
    settle("late"),
    get("late"),
    get("timer"),
  ],
  "a task is acquired once for each version": [
    create("t", { target }),
    getTask("t"),
    acquire("t", 7, "a"),
    acquire("t", 0, "a"),
    acquire("t", 0, "b"),
    acquire("t", 1, "b"),
    getTask("t"),
    acquire("missing", 0, "a"),
    release("t", 0),
    release("t", 1),
    getTask("t"),
    acquire("t", 1, "b"),
    fulfill("t", 2),
    fulfill("t", 2),
    getTask("t"),
    get("t"),
  ],
  "what is fenced happens only for who holds the task": [
    create("f", { target }),
    acquire("f", 0, "a"),
    fence("f", 1, create("f:0")),
    fence("f", 1, create("f:0")),
    fence("f", 0, create("f:1")),
    fence("f", 1, settle("f:0")),
    fence("f", 1, settle("f:0")),
    fence("f", 0, settle("f:0")),
    get("f:0"),
    get("f:1"),
    release("f", 1),
    fence("f", 1, create("f:2")),
    get("f:2"),
  ],
  "a task that waits is resumed by what it waits for": [
    create("w", { target }),
    acquire("w", 0, "a"),
    create("w:0", { tags: external }),
    suspend("w", 0, ["w:0"]),
    suspend("w", 1, ["w:0"]),
    getTask("w"),
    settle("w:0"),
    getTask("w"),
    acquire("w", 1, "b"),
    create("w:1", { tags: external }),
    settle("w:1"),
    suspend("w", 2, ["w:1"]),
    getTask("w"),
    fulfill("w", 2),
  ],
  "a lease lapses unless it is renewed": [
    create("renewed", { target }),
    create("lapsed", { target }),
    acquire("renewed", 0, "a", ttlMs),
    acquire("lapsed", 0, "a", ttlMs),
    heartbeat("a", "renewed", 1),
    { wait: lapsedMs },
    getTask("lapsed"),
    fulfill("lapsed", 1),
    acquire("lapsed", 1, "b"),
    fence("lapsed", 1, create("lapsed:0")),
    fulfill("lapsed", 2),
  ],
  "whoever starts a task himself holds it": [
    createTask(create("own", { target }), "a", 60_000),
    createTask(create("own", { target }), "b", 60_000),
    getTask("own"),
    fulfill("own", 1),
    createTask(create("own", { target }), "b", 60_000),
  ],
  "listeners and callbacks are kept for what is pending": [
    create("l", { tags: external }),
    create("awaiter", { target }),
    listen("l", "poll://uni@clients/one"),
    listen("l", "poll://uni@clients/one"),
    callback("l", "awaiter"),
    callback("missing", "awaiter"),
    listen("missing", "poll://uni@clients/one"),
    settle("l"),
    listen("l", "poll://uni@clients/one"),
  ],
};

let reaper: Reaper;
beforeEach(async () => {
  reaper = await Reaper.start();
});
afterEach(() => reaper.stop());

async function play(address: StoreAddress, script: Script): Promise<readonly WireReply[]> {
  const line = openLine(address);
  const replies: WireReply[] = [];
  for (const step of script) {
    if ("wait" in step) await letPass(address, step.wait);
    else replies.push(await line.ask(step));
  }
  line.close();
  return replies;
}

/** What two stores must agree on: not on times, which differ, not on the words of a refusal, and not on what is optional. */
function comparable({ kind, head, data }: WireReply): unknown {
  return { kind, status: head.status, data: head.status < 400 ? essence(data) : "refused" };
}

/** Left out: nothing, which is written as null, as an empty list, or not at all, and preloaded results, which spare requests and change no answer. */
function essence(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    if (field === null || name === "preload") return [];
    if (name === "resumes") return [[name, Array.isArray(field) ? field.length : field]]; // their ids, or how many they are
    if (name === "head") return [[name, Reflect.get(Object(field), "status")]]; // of an answer within an answer
    if (/^(created|settled)At$/.test(name)) return [[name, "some time"]];
    const essential = essence(field);
    const isEmpty = typeof essential === "object" && Object.keys(essential ?? {}).length === 0;
    return isEmpty ? [] : [[name, essential]];
  });
  return Object.fromEntries(fields);
}

describe.each(official)("$name answers as the embedded store does", ({ startStore, unavailable }) => {
  beforeEach(({ skip }) => skip(unavailable !== null, unavailable ?? ""));

  test.each(Object.entries(scripts))("%s", async (_, script) => {
    const [ours, theirs] = await Promise.all(
      [embedded.startStore, startStore].map(async (start) => {
        const { store } = await startUnderTest(reaper, start, "process");
        const replies = await play(store.address, script);
        await store.stop();
        return replies;
      }),
    );
    expect(theirs?.map(comparable)).toEqual(ours?.map(comparable));
  });
});
