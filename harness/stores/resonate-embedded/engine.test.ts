import { describe, expect, test } from "vitest";
import {
  acquire,
  create,
  createTask,
  fence,
  fulfill,
  get,
  listen,
  settle,
  suspend,
  withAuth,
} from "../../testing/embedded-requests-under-test.ts";
import { StoreEngine } from "./engine.ts";
import { decodeLine } from "./journal/journal-line.ts";

const workers = "poll://any@workers";

/** An engine with a clock that tests set, and the journal of what it did. */
function journaledEngine() {
  let nowMs = 1_000;
  const lines: string[] = [];
  const engine = new StoreEngine({ clock: () => nowMs });
  const keep = (applied: ReturnType<StoreEngine["apply"]>) => {
    if (applied.journalLine !== null) lines.push(applied.journalLine);
    return applied;
  };
  return {
    engine,
    lines,
    at(ms: number) {
      nowMs = ms;
    },
    apply: (request: Parameters<StoreEngine["apply"]>[0]) => keep(engine.apply(request)),
    tick: () => keep(engine.tick()),
  };
}

function replayed(lines: readonly string[]): StoreEngine {
  const engine = new StoreEngine();
  for (const line of lines) engine.replay(decodeLine(line));
  return engine;
}

describe("replay", () => {
  test("gives the same state, timers that fired included", () => {
    const store = journaledEngine();
    store.apply(create("w", { target: workers }));
    store.apply(listen("w", "poll://uni@clients/c"));
    store.apply(acquire("w", 0, "p", 500));
    store.apply(fence("w", 1, create("w:0")));
    store.apply(fence("w", 1, settle("w:0")));
    store.apply(create("w:1", { target: workers, timeoutAt: 2_000, tags: { "resonate:timer": "true" } }));
    store.apply(suspend("w", 1, ["w:1"]));
    store.at(2_100);
    store.tick();
    store.apply(acquire("w", 1, "p", 500));
    store.at(9_000);
    store.tick(); // the lease of version 2 lapses
    store.apply(acquire("w", 2, "q", 500));
    store.apply(fulfill("w", 3));

    expect(replayed(store.lines).snapshot()).toEqual(store.engine.snapshot());
    expect(store.engine.inventory()).toEqual({ pendingPromises: [], openTasks: [], promises: 3 });
  });

  test("keeps the time: a clock that was set back does not undo a timeout", () => {
    const store = journaledEngine();
    store.at(5_000);
    store.apply(create("p", { target: workers, timeoutAt: 4_000 }));
    const restarted = new StoreEngine({ clock: () => 1_000 });
    for (const line of store.lines) restarted.replay(decodeLine(line));
    const { response } = restarted.apply(create("q", { target: workers }));
    expect(response.data).toMatchObject({ promise: { createdAt: 5_000 } });
  });
});

describe("journal lines", () => {
  test("hold no token, wherever in the request it stands", () => {
    const store = journaledEngine();
    const secret = "s3cr3t-token";
    store.apply(withAuth(create("w", { target: workers }), secret));
    store.apply(withAuth(acquire("w", 0, "p"), secret));
    store.apply(withAuth(fence("w", 1, withAuth(create("w:0"), secret)), secret));
    store.apply(withAuth(createTask(withAuth(create("v", { target: workers }), secret), "p", 1_000), secret));
    store.apply(withAuth(suspend("w", 1, ["w:0"]), secret));
    store.apply(withAuth(fulfill("v", 1), secret));
    expect(store.lines).toHaveLength(6);
    expect(store.lines.join("")).not.toContain(secret);
    expect(store.lines.join("")).not.toContain("auth");
  });

  test("are written for a read that settles an expired promise, and not for one that changes nothing", () => {
    const store = journaledEngine();
    store.apply(create("p", { timeoutAt: 2_000 }));
    expect(store.apply(get("p")).journalLine).toBeNull();
    store.at(2_000);
    expect(store.apply(get("p")).journalLine).not.toBeNull();
    expect(store.apply(get("p")).journalLine).toBeNull();
  });

  test("are written for ticks that fire something only", () => {
    const store = journaledEngine();
    store.apply(create("p", { target: workers, timeoutAt: 2_000 }));
    expect(store.tick().journalLine).toBeNull();
    store.at(2_000);
    expect(store.tick().journalLine).not.toBeNull();
  });
});

describe("pendingExecutes", () => {
  test("names each task that waits for a worker, with its version", () => {
    const store = journaledEngine();
    store.apply(create("waiting", { target: workers }));
    store.apply(create("running", { target: workers }));
    store.apply(acquire("running", 0, "p"));
    store.apply(create("resumed", { target: workers }));
    store.apply(create("external"));
    store.apply(acquire("resumed", 0, "p"));
    store.apply(suspend("resumed", 1, ["external"]));
    store.apply(settle("external"));
    expect(replayed(store.lines).pendingExecutes()).toEqual([
      {
        address: workers,
        message: { kind: "execute", head: {}, data: { task: { id: "waiting", version: 0 } } },
      },
      {
        address: workers,
        message: { kind: "execute", head: {}, data: { task: { id: "resumed", version: 1 } } },
      },
    ]);
  });

  test("leaves out a task that is held back until later", () => {
    const store = journaledEngine();
    store.apply(create("later", { target: workers, tags: { "resonate:delay": "3000" } }));
    expect(store.engine.pendingExecutes()).toEqual([]);
    store.at(3_000);
    store.tick();
    expect(store.engine.pendingExecutes()).toHaveLength(1);
  });
});
