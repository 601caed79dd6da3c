import { describe, expect, test } from "vitest";
import type { EntryBody } from "../world/entry.ts";
import { indexHistory } from "./history.ts";
import {
  answers,
  deaths,
  differentAnswers,
  executionsOf,
  ifProvoked,
  landingsOf,
  readyWorkers,
} from "./observe.ts";

/** A history of these entries, 100 ms apart. */
function historyOf(...bodies: readonly EntryBody[]) {
  return indexHistory(bodies.map((body, index) => ({ ...body, seq: `${index}-0`, at: index * 100 })));
}

const work = { session: "s", worker: "t#1", execution: "t#1/1", step: "record:1" } as const;
const effect = { ...work, effect: "append-activity", key: "k", payload: {} } as const;
const exit = (worker: string, signal: string | null) =>
  ({ kind: "exited", worker, signal, code: signal === null ? 1 : null }) as const;
const fault = (worker: string) =>
  ({ kind: "fault", fault: worker, faultKind: "crash-point", workers: [worker] }) as const;

describe("in a testCase's history", () => {
  test("executions and landings are counted by step, without what a key suppressed", () => {
    const history = historyOf(
      { kind: "begin", ...work, order: null },
      { kind: "landed", ...effect },
      { kind: "begin", ...work, order: null },
      { kind: "suppressed", ...effect },
      { kind: "begin", ...work, step: "record:0", order: null },
    );
    expect(executionsOf(history, "s", "record:1")).toHaveLength(2);
    expect(landingsOf(history, "s", "append-activity")).toHaveLength(1);
    expect(landingsOf(history, "s", "append-activity", "record:0")).toHaveLength(0);
  });

  test("only SIGKILL is a death, and only in the time that is asked for", () => {
    const history = historyOf(
      fault("t#1"),
      exit("t#1", "SIGKILL"),
      fault("t#2"),
      exit("t#2", null),
      exit("t#3", "SIGKILL"),
    );
    expect(deaths(history)).toBe(1);
    expect(deaths(history, 100, 101)).toBe(1);
    expect(deaths(history, 0, 100)).toBe(0);
  });

  test("workers that never became ready are not counted", () => {
    expect(
      readyWorkers(
        historyOf(
          { kind: "spawned", worker: "t#1" },
          { kind: "ready", worker: "t#1" },
          { kind: "spawned", worker: "t#2" },
        ),
      ),
    ).toBe(1);
  });

  test("different answers are told apart", () => {
    const result = {
      sessionId: "s",
      userId: "u",
      finalStatus: "cleaned_up",
      activitiesRecorded: 1,
      loginAt: 1,
      expiredAt: 2,
      cleanedAt: 3,
    } as const;
    const answer = (caller: string, cleanedAt: number) =>
      ({ kind: "result", session: "s", caller, result: { ...result, cleanedAt } }) as const;
    const history = historyOf(answer("a", 3), answer("b", 3), answer("c", 4));
    expect(answers(history, "s")).toBe(3);
    expect(differentAnswers(history, "s")).toBe(2);
  });
});

test("a provocation that did not happen as often as it was meant to is no figure", () => {
  expect(ifProvoked(2, 2)).toBe(2);
  expect(ifProvoked(1, 2)).toBeNull();
});
