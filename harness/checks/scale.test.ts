import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { analysisOf } from "../history/analysis.ts";
import { indexHistory } from "../history/history.ts";
import { leaseMs } from "../testing/hand-written.ts";
import type { Entry } from "../world/entry.ts";
import { generatedLedger } from "./generated.ts";
import { judge } from "./judge.ts";
import { mergeVerdicts } from "./verdict.ts";

const small = 200_000;
const large = 1_000_000;
const entriesPerSession = 24;
const sessionsPerFault = 200;

function ledgerOf(entryCount: number): readonly Entry[] {
  const sessions = Math.ceil((1.1 * entryCount) / entriesPerSession);
  const faults = Math.ceil(sessions / sessionsPerFault);
  const entries = generatedLedger({ seed: 1, mode: "idempotent", sessions, faults, leaseMs });
  expect(entries.length).toBeGreaterThanOrEqual(entryCount);
  return entries;
}

/** CPU time of this thread, so that other tests on a busy machine do not count. */
function judgingMs(entries: readonly Entry[]): number {
  const before = process.threadCpuUsage();
  const history = indexHistory(entries);
  const sessions = [...history.sessions.keys()].map((sessionId) => ({ sessionId }));
  const verdicts = judge(analysisOf(history, { leaseMs }), sessions, { faultsInjected: true });
  const { user, system } = process.threadCpuUsage(before);
  expect(mergeVerdicts(verdicts.map(({ verdict }) => verdict))).toBe("pass");
  return (user + system) / 1_000;
}

/** Memory that the index over a history holds beside its entries, once all that nobody needs is collected. */
function indexBytes(entries: readonly Entry[], collect: () => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  const history = indexHistory(entries);
  collect();
  const bytes = process.memoryUsage().heapUsed - before;
  expect(history.sessions.size).toBeGreaterThan(0); // it lives until here
  return bytes;
}

describe("judging a long history", () => {
  it("takes time in proportion to its length", { timeout: 120_000 }, () => {
    const shortLedger = ledgerOf(small);
    judgingMs(shortLedger);
    const smallMs = Math.min(judgingMs(shortLedger), judgingMs(shortLedger));
    const longLedger = ledgerOf(large);
    const largeMs = Math.min(judgingMs(longLedger), judgingMs(longLedger));
    console.info(
      `${shortLedger.length} entries in ${smallMs.toFixed(0)} ms, ${longLedger.length} in ${largeMs.toFixed(0)} ms`,
    );
    // Five times as many entries; the rest is left to the garbage collector.
    expect(largeMs / smallMs).toBeLessThan(8);
  });

  it("takes memory in proportion to its length", { timeout: 60_000 }, () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const [shortLedger, longLedger] = [ledgerOf(small / 4), ledgerOf(small)];
    indexBytes(shortLedger, collect); // whatever is allocated once
    // What other tests left may be collected in the middle of one of them.
    const medianOf = (ledger: readonly Entry[]) =>
      Array.from({ length: 3 }, () => indexBytes(ledger, collect)).toSorted((a, b) => a - b)[1] ?? 0;
    const [short, long] = [medianOf(shortLedger), medianOf(longLedger)];
    console.info(
      `${(long / longLedger.length).toFixed(0)} bytes of index for each of ${longLedger.length} entries`,
    );
    expect(long / short).toBeLessThan((1.3 * longLedger.length) / shortLedger.length);
  });
});
