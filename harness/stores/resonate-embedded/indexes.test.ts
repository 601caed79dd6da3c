import type { Request } from "@resonatehq/sdk";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as requests from "../../testing/embedded-requests-under-test.ts";
import { StoreEngine } from "./engine.ts";
import { SdkUnfamiliar } from "./failure.ts";
import { indexServer } from "./indexes.ts";

/** Few ids, versions and processes, so that requests meet: it is in their meeting that the two could differ. */
const id = fc.constantFrom("a", "b", "c", "d", "a:0", "a:1", "b:0");
const version = fc.integer({ min: 0, max: 4 });
const pid = fc.constantFrom("p", "q");
const ttl = fc.integer({ min: 1, max: 60 });

const createRequest = fc
  .record({
    id,
    targeted: fc.boolean(),
    /** Relative to the start; some are over before they begin. */
    timeoutAt: fc.integer({ min: 0, max: 600 }),
    tags: fc.record(
      {
        "resonate:branch": fc.constantFrom("a", "b"),
        "resonate:timer": fc.constant("true"),
        "resonate:delay": fc.constantFrom("100", "300"),
        "resonate:scope": fc.constant("global"),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ targeted, ...promise }) =>
    requests.create(promise.id, {
      timeoutAt: promise.timeoutAt,
      tags: Object.fromEntries(Object.entries(promise.tags).filter(([, tag]) => tag !== undefined)),
      ...(targeted ? { target: "poll://any@g" } : {}),
    }),
  );
const settleRequest = fc
  .record({ id, state: fc.constantFrom("resolved", "rejected", "rejected_canceled") })
  .map((settled) => requests.settle(settled.id, settled.state));

const request: fc.Arbitrary<Request | "tick"> = fc.oneof(
  { arbitrary: createRequest, weight: 5 },
  settleRequest,
  fc.constant("tick" as const),
  id.map(requests.get),
  id.map(requests.getTask),
  id.map((one) => requests.listen(one, "poll://uni@c/1")),
  fc.tuple(id, id).map(([awaited, awaiter]) => requests.callback(awaited, awaiter)),
  fc.tuple(createRequest, pid, ttl).map(([action, ...rest]) => requests.createTask(action, ...rest)),
  { arbitrary: fc.tuple(id, version, pid, ttl).map((args) => requests.acquire(...args)), weight: 4 },
  fc.tuple(id, version).map((args) => requests.release(...args)),
  fc.tuple(id, version).map((args) => requests.fulfill(...args)),
  fc.tuple(pid, id, version).map((args) => requests.heartbeat(...args)),
  fc.tuple(id, version, fc.oneof(createRequest, settleRequest)).map((args) => requests.fence(...args)),
  {
    arbitrary: fc
      .tuple(id, version, fc.array(id, { minLength: 1, maxLength: 3 }))
      .map((args) => requests.suspend(...args)),
    weight: 3,
  },
  fc
    .constantFrom("task.halt" as const, "task.continue" as const)
    .chain((kind) => id.map((one) => ({ kind, head: { corrId: "c", version: "" }, data: { id: one } }))),
);

const script = fc.array(fc.record({ request, afterMs: fc.integer({ min: 0, max: 20 }) }), {
  minLength: 30,
  maxLength: 120,
  size: "max",
});

test("with its indexes the state machine answers, changes and looks exactly as without", () => {
  fc.assert(
    fc.property(script, (steps) => {
      let nowMs = 0;
      const clock = () => nowMs;
      const indexed = new StoreEngine({ clock });
      const original = new StoreEngine({ clock, indexed: false });
      for (const step of steps) {
        nowMs += step.afterMs;
        const run = (engine: StoreEngine) =>
          step.request === "tick" ? engine.tick() : engine.apply(structuredClone(step.request));
        // As JSON, so that the order of changes, and of what is in them, counts too.
        expect(JSON.stringify(run(indexed))).toBe(JSON.stringify(run(original)));
      }
      expect(JSON.stringify(indexed.snapshot())).toBe(JSON.stringify(original.snapshot()));
      expect(indexed.pendingExecutes()).toEqual(original.pendingExecutes());
    }),
    { numRuns: 300 },
  );
});

test("a fulfilled task leaves the callbacks of all it awaited, in the order of their creation", () => {
  const run = (indexed: boolean) => {
    const engine = new StoreEngine({ clock: () => 0, indexed });
    engine.apply(requests.create("first"));
    engine.apply(requests.create("second"));
    engine.apply(requests.create("w", { target: "poll://any@g" }));
    engine.apply(requests.acquire("w", 0, "p"));
    engine.apply(requests.callback("second", "w"));
    engine.apply(requests.callback("first", "w"));
    return engine.apply(requests.fulfill("w", 1)).changes;
  };
  expect(run(true)).toEqual(run(false));
  const touched = run(true).flatMap((change) => (change.kind === "promise.set" ? [change.promise.id] : []));
  expect(touched).toEqual(["w", "first", "second", "w"]);
});

test("an SDK that is built differently is refused by name", () => {
  const server = Object.create(null);
  expect(() => indexServer(server)).toThrow(SdkUnfamiliar);
  expect(() => indexServer(server)).toThrow(/no method preload/);
});
