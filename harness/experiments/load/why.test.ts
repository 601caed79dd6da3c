import { expect, test } from "vitest";
import { cpuParts } from "../../processes/cpu-profile.ts";
import { boundSentence } from "./bounds.ts";
import { boundBy, limitOf, sharesOf } from "./why.ts";

function busy(workerProcessors: number | null, storeProcessors: number, clientProcessors: number) {
  return { workerProcessors, storeProcessors, clientProcessors };
}

test("what is full bounds a target, the machine before its processes, and waiting where nothing is", () => {
  const has = { workers: 2, cores: 4, isOneThread: true };
  expect(boundBy(busy(1.1, 0.5, 0.3), { ...has, cores: 2 })).toBe("processors");
  expect(boundBy(busy(0.4, 0.2, 0.95), has)).toBe("client");
  expect(boundBy(busy(0.4, 0.95, 0.2), has)).toBe("store");
  expect(boundBy(busy(0.4, 0.95, 0.2), { ...has, isOneThread: false })).toBe("waiting");
  expect(boundBy(busy(1.9, 0.5, 0.5), has)).toBe("workers");
  expect(boundBy(busy(0.3, 0.1, 0.1), has)).toBe("waiting");
  expect(boundBy(busy(null, 0.1, 0.1), has)).toBe("unknown");
});

test("the time of all workers is shared out, and not where one of them left no profile", () => {
  const time = { "engine SDK": 300, driver: 0, transport: 100, "our code": 50, runtime: 50, waiting: 500 };
  const other = { ...time, "engine SDK": 100, waiting: 700 };
  const shares = sharesOf([time, other]);
  expect(shares?.map(({ part }) => part)).toEqual([...cpuParts]);
  expect(shares?.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(shares?.[0]).toEqual({ part: "engine SDK", share: 0.2 });
  expect(sharesOf([time, null])).toBeNull();
  expect(sharesOf([])).toBeNull();
});

test("the limit is what the store answers alone ÷ what a session asks of it", () => {
  const rounds = [{ requestsPerSession: 15, sessionsPerSecond: 200 }];
  const alone = { kind: "measured", request: "a write", requests: 12_000, perSecond: 6_000 } as const;
  expect(limitOf(rounds, alone)).toMatchObject({ limit: 400, shareOfLimit: 0.5, whyNoLimit: null });
  expect(limitOf([{ requestsPerSession: null, sessionsPerSecond: 200 }], alone)).toMatchObject({
    requestsAlone: 6_000,
    limit: null,
    whyNoLimit: "the store does not count its requests",
  });
  expect(limitOf(rounds, { kind: "unknown", why: "no such program" }).whyNoLimit).toBe("no such program");
  expect(limitOf(rounds, undefined).limit).toBeNull();
});

test("a sentence says what bounds a target, and whose code its workers run", () => {
  const row = {
    target: "resonate@embedded",
    clients: 64,
    workers: 2,
    cores: 2,
    ...busy(1.12, 0.48, 0.29),
    boundBy: "processors",
    parts: [
      { part: "engine SDK", share: 0.31 },
      { part: "transport", share: 0.2 },
      { part: "waiting", share: 0.49 },
    ],
    ...limitOf([], undefined),
  } as const;
  expect(boundSentence(row)).toBe(
    "At its peak with 2 workers, resonate@embedded is bound by the machine's 2 processors: 1.12 processors were busy with its workers, 0.480 with its " +
      "store, 0.290 with the client; most of its workers' time goes to engine SDK (31.0 %) and transport (20.0 %).",
  );
});
