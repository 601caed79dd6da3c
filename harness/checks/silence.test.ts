import { describe, expect, test } from "vitest";
import { handWritten, leaseMs } from "../testing/hand-written.ts";
import { silentMsWithin } from "./silence.ts";

/** What a worker writes each 100 ms. */
const beat = (worker: string, tookMs = 2) => ({ kind: "alive", worker, tookMs }) as const;
type Written = ReturnType<typeof handWritten>;

/** How much of the whole history was silence. */
function silentMsOf(written: Written): number {
  const { history } = written.case();
  return silentMsWithin(history, history.entries[0]?.at ?? 0, history.endsAt, leaseMs);
}

function beating(written: Written, times: number, ...workers: readonly string[]): Written {
  for (let time = 0; time < times; time++) {
    written.wait(100 - workers.length);
    for (const worker of workers) written.write(beat(worker));
  }
  return written;
}

describe("silence is", () => {
  test("nothing while a worker beats", () => {
    expect(silentMsOf(beating(handWritten().workers("w1#1"), 10, "w1#1"))).toBe(0);
  });

  test("nothing of a worker that never beat", () => {
    expect(silentMsOf(handWritten().workers("w1#1").wait(5_000).inspected("world"))).toBe(0);
  });

  test("what a beat was overdue by", () => {
    const written = beating(handWritten().workers("w1#1"), 5, "w1#1").wait(499).write(beat("w1#1"));
    expect(silentMsOf(written)).toBe(400);
  });

  test("nothing where a beat was overdue by less than another one", () => {
    const written = beating(handWritten().workers("w1#1"), 5, "w1#1").wait(149).write(beat("w1#1"));
    expect(silentMsOf(written)).toBe(0);
  });

  test("broken neither by a worker that is dead nor by one that is not ready", () => {
    const written = beating(handWritten().workers("w1#1", "w2#1"), 5, "w1#1", "w2#1");
    written.kills("f1", ["w2#1"]).write({ kind: "spawned", worker: "w2#2" });
    expect(silentMsOf(written.wait(496).write(beat("w1#1")))).toBeGreaterThan(350);
  });

  test("what the first beat of a worker that was ready was overdue by", () => {
    expect(silentMsOf(handWritten().workers("w1#1").wait(399).write(beat("w1#1")))).toBe(300);
  });

  test("a beat's way to the store and back, where it took longer than a beat", () => {
    const answered = (tookMs: number) =>
      beating(handWritten().workers("w1#1"), 5, "w1#1").wait(99).write(beat("w1#1", tookMs));
    expect(silentMsOf(answered(100))).toBe(0);
    expect(silentMsOf(answered(250))).toBe(250);
  });

  test("counted once where two beats were under way at the same time", () => {
    const written = beating(handWritten().workers("w1#1"), 5, "w1#1");
    written.wait(199).write(beat("w1#1", 250)).wait(99).write(beat("w1#1", 300));
    expect(silentMsOf(written)).toBe(350);
  });

  test("over when another worker answers", () => {
    const written = beating(handWritten().workers("w1#1", "w2#1"), 5, "w1#1", "w2#1");
    beating(written, 5, "w2#1").write(beat("w1#1"));
    expect(silentMsOf(written)).toBe(0);
  });

  test("what all were silent for", () => {
    const written = beating(handWritten().workers("w1#1", "w2#1"), 5, "w1#1", "w2#1");
    beating(written, 3, "w2#1");
    expect(silentMsOf(written.wait(499).write(beat("w2#1")).write(beat("w1#1")))).toBe(400);
  });

  test("nothing of an outage, which counts by itself", () => {
    const killed = beating(handWritten().workers("w1#1"), 5, "w1#1").kills("f1", ["w1#1"], "kill-all");
    expect(silentMsOf(killed.wait(3_000).workers("w1#2").wait(98).write(beat("w1#2")))).toBe(0);
    const stopped = beating(handWritten().workers("w1#1"), 5, "w1#1").strikes("f1", "pause", ["w1#1"]);
    expect(silentMsOf(stopped.wait(2_000).ends("f1").write(beat("w1#1")))).toBeLessThanOrEqual(1);
  });

  test("what a worker that died had not said any more", () => {
    const written = beating(handWritten().workers("w1#1", "w2#1"), 5, "w1#1", "w2#1");
    written.wait(598).kills("f1", ["w2#1"]);
    written.write(beat("w1#1"));
    // Both were silent from their next beat on until the one was dead.
    expect(silentMsOf(written)).toBeGreaterThan(450);
  });
});
