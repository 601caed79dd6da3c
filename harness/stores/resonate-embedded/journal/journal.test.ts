import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import type { Durability } from "../../store.ts";
import { Journal, type JournalSink } from "./journal.ts";

/** A sink that shows what it got, syncs when it is told to, and fails on demand. */
class WatchedSink implements JournalSink {
  readonly appends: string[] = [];
  readonly #syncs: { resolve: () => void; reject: (cause: Error) => void }[] = [];
  full = false;
  syncs = 0;

  append(bytes: Buffer): void {
    if (this.full) throw new Error("ENOSPC: no space left on device");
    this.appends.push(bytes.toString());
  }

  sync(): Promise<void> {
    this.syncs += 1;
    return new Promise((resolve, reject) => this.#syncs.push({ resolve, reject }));
  }

  get text(): string {
    return this.appends.join("");
  }

  get syncsUnderWay(): number {
    return this.#syncs.length;
  }

  async endSync(failure?: Error): Promise<void> {
    const sync = this.#syncs.shift();
    if (failure === undefined) sync?.resolve();
    else sync?.reject(failure);
    await nextTurn();
  }
}

function journalOn(sink: JournalSink, durability: Durability) {
  const released: string[] = [];
  const failures: unknown[] = [];
  const journal = new Journal(sink, durability, 0, (cause) => failures.push(cause));
  const commit = (line: string | null, name: string) => journal.commit(line, () => released.push(name));
  return { journal, commit, released, failures };
}

test("nothing is released before its line is in the file", async () => {
  const sink = new WatchedSink();
  const { journal, released } = journalOn(sink, "process");
  const seen: string[] = [];
  journal.commit("1\n", () => seen.push(sink.text));
  expect(sink.text).toBe("");
  expect(released).toEqual([]);
  await journal.drained();
  expect(seen).toEqual(["1\n"]);
});

test("all lines of one turn are one write, and leave in the order in which they came", async () => {
  const sink = new WatchedSink();
  const { journal, commit, released } = journalOn(sink, "process");
  commit("1\n", "first");
  commit(null, "read");
  commit("2\n", "second");
  await journal.drained();
  expect(sink.appends).toEqual(["1\n2\n"]);
  expect(released).toEqual(["first", "read", "second"]);
  expect(journal.bytes).toBe(4);
});

test("a turn of reads writes nothing", async () => {
  const sink = new WatchedSink();
  const { journal, commit, released } = journalOn(sink, "fsync");
  commit(null, "read");
  await journal.drained();
  expect(released).toEqual(["read"]);
  expect(sink.appends).toEqual([]);
  expect(journal.syncs).toBe(0);
});

test("with fsync nothing is released before the sync has ended", async () => {
  const sink = new WatchedSink();
  const { commit, released } = journalOn(sink, "fsync");
  commit("1\n", "first");
  await nextTurn();
  expect(sink.text).toBe("1\n");
  expect(released).toEqual([]);
  await sink.endSync();
  expect(released).toEqual(["first"]);
});

test("what comes during a sync, reads included, waits for it and shares the next one", async () => {
  const sink = new WatchedSink();
  const { journal, commit, released } = journalOn(sink, "fsync");
  commit("1\n", "first");
  await nextTurn();
  commit(null, "read");
  commit("2\n", "second");
  await nextTurn();
  commit("3\n", "third");
  await nextTurn();
  expect(released).toEqual([]);
  expect(sink.syncsUnderWay).toBe(1);
  await sink.endSync();
  expect(sink.appends).toEqual(["1\n", "2\n3\n"]);
  expect(released).toEqual(["first"]);
  await sink.endSync();
  expect(released).toEqual(["first", "read", "second", "third"]);
  expect(journal.syncs).toBe(2);
});

/** A journal whose seconds pass when the test says so. */
function everySecond(sink: WatchedSink) {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  return journalOn(sink, "everysec");
}
afterEach(() => vi.useRealTimers());

test("with everysec nothing waits for a sync, which begins a second after the first of many writes", async () => {
  const sink = new WatchedSink();
  const { commit, released } = everySecond(sink);
  for (const line of ["1\n", "2\n", "3\n"]) {
    commit(line, line);
    await nextTurn();
    expect(released.at(-1)).toBe(line);
    vi.advanceTimersByTime(333);
  }
  expect(sink.text).toBe("1\n2\n3\n");
  expect(sink.syncs).toBe(0);
  vi.advanceTimersByTime(1);
  expect(sink.syncs).toBe(1);
});

test("with everysec what is written during a sync is synced again, and an idle journal is not", async () => {
  const sink = new WatchedSink();
  const { commit, released } = everySecond(sink);
  commit("1\n", "first");
  await nextTurn();
  vi.advanceTimersByTime(1_000);
  commit("2\n", "second");
  await nextTurn();
  expect(released).toEqual(["first", "second"]);
  vi.advanceTimersByTime(10_000);
  expect(sink.syncs).toBe(1);
  await sink.endSync();
  vi.advanceTimersByTime(1_000);
  expect(sink.syncs).toBe(2);
  await sink.endSync();
  vi.advanceTimersByTime(10_000);
  expect(sink.syncs).toBe(2);
});

test("with everysec a journal that is drained is synced", async () => {
  const sink = new WatchedSink();
  const { journal, commit } = everySecond(sink);
  commit("1\n", "first");
  const drained = journal.drained();
  await nextTurn();
  expect(sink.syncs).toBe(1);
  await sink.endSync();
  await drained;
});

test("with everysec a failed sync ends all acknowledgements", async () => {
  const sink = new WatchedSink();
  const { commit, released, failures } = everySecond(sink);
  commit("1\n", "first");
  await nextTurn();
  vi.advanceTimersByTime(1_000);
  await sink.endSync(new Error("EIO"));
  commit("2\n", "second");
  await nextTurn();
  expect(released).toEqual(["first"]);
  expect(failures).toEqual([new Error("EIO")]);
});

test("after a failed write nothing is acknowledged, neither then nor later", async () => {
  const sink = new WatchedSink();
  const { commit, released, failures } = journalOn(sink, "process");
  sink.full = true;
  commit("1\n", "first");
  commit(null, "read");
  await nextTurn();
  sink.full = false;
  commit("2\n", "second");
  await nextTurn();
  expect(released).toEqual([]);
  expect(failures).toEqual([new Error("ENOSPC: no space left on device")]);
  expect(sink.text).toBe("");
});

test("after a failed sync nothing is acknowledged, neither then nor later", async () => {
  const sink = new WatchedSink();
  const { commit, released, failures } = journalOn(sink, "fsync");
  commit("1\n", "first");
  await nextTurn();
  commit("2\n", "second");
  await sink.endSync(new Error("EIO"));
  commit("3\n", "third");
  await nextTurn();
  expect(released).toEqual([]);
  expect(failures).toEqual([new Error("EIO")]);
});
