/** Hand-written rows of faults beyond death, shaped as a run would leave them. */
import type { FaultOutcome, FaultOutcomeRows } from "../../experiments/faults/rows.ts";

const failover: FaultOutcome = {
  target: "redis-bullmq@redis",
  run: "failover",
  kind: "failover",
  says: "The store fails over to a replica that is up to 2 s behind",
  notTaken: null,
  injected: 3,
  hit: 40,
  acknowledged: 13,
  lost: 9,
  lostWithToken: 7,
  refused: 2,
  ranAgain: 6,
  repeated: 54,
  doubledWithoutKeys: 20,
  earlyMs: 0,
  lateMs: 1_940.2,
  resumedMs: 312,
  stuck: 0,
  promised: 19,
  held: 18,
  violated: 0,
  story: "session-00007",
};

const nothing = { hit: 0, acknowledged: 0, lost: 0, lostWithToken: 0, refused: 0, ranAgain: 0, lateMs: 0 };

export const sampleFaults: FaultOutcomeRows = {
  faultOutcomes: [
    {
      ...failover,
      ...nothing,
      target: "resonate@embedded",
      notTaken: "its store has no replica",
      injected: 0,
      repeated: 0,
      doubledWithoutKeys: 0,
      resumedMs: null,
      promised: 0,
      held: 0,
      story: null,
    },
    failover,
    {
      ...failover,
      ...nothing,
      run: "vanish",
      kind: "vanish",
      says: "A worker's connections die without a word",
      injected: 2,
      stuck: 1,
      earlyMs: 4_000,
      resumedMs: null,
      held: 0,
    },
  ],
};
