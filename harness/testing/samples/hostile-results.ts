/** The sample of results again, with text in it that tries to break out; the renderers' tests read it. */
import type { Results } from "../../experiments/results.ts";
import { verdictRow } from "../verdict-row.ts";
import { sampleResults } from "./sample-results.ts";

const embedded = "resonate@embedded";
const redis = "redis-bullmq@redis";

/** Tries to break out of every place where a report prints what came from a session. */
const hostileText =
  "</td>|`x`|\n# [a](javascript:x) <img src=x onerror=alert(1)> **b**\u001b[31m\u0007\u202e]]>]]><x a=\"'&\ufffe\ud800";

/** What a spreadsheet would compute, at the start of a cell and behind what may end one. */
export const formulas = ['=HYPERLINK("http://x")', "\t=1+1", "@SUM(1)", "-1+1", "+1", "a;=1+1", 'a", =1+1'];

export const hostileResults: Results = {
  ...sampleResults,
  targets: [
    { name: embedded, status: "ran", reason: null },
    { name: redis, status: "unavailable", reason: hostileText },
  ],
  versions: { node: hostileText },
  verdicts: [
    verdictRow({
      target: embedded,
      mode: "idempotent",
      invariant: "recorded-once",
      verdict: "fail",
      violatingExposed: 1,
      violationCount: 1,
      violations: [
        {
          session: hostileText,
          what: `activity ${hostileText} landed twice`,
          evidence: [{ seq: "1-0", at: 1000, kind: "landed", session: hostileText }],
        },
      ],
    }),
    verdictRow({
      target: embedded,
      mode: "idempotent",
      invariant: "in-order",
      verdict: "fail",
      violationCount: formulas.length,
      violations: formulas.map((session) => ({ session, what: "out of order", evidence: [] })),
    }),
    verdictRow({
      target: embedded,
      mode: "idempotent",
      invariant: "completed",
      verdict: "unknown",
      reason: hostileText,
    }),
    verdictRow({
      target: embedded,
      experiment: "load",
      mode: "idempotent",
      invariant: "completed",
      verdict: "unknown",
      reason: hostileText,
    }),
  ],
  claims: (["fail", "unknown", "pass"] as const).map((verdict) => ({
    id: `crash-in-idle-${verdict}`,
    target: embedded,
    sentence: "A crash in the wait does not restart the timer.",
    provocation: "The worker is killed in the wait.",
    declared: "holds",
    observed: null,
    verdict,
    playedAgain: 0,
    // An engine's own words may hold a session's id.
    evidence: [
      { kind: "quote", source: hostileText, text: hostileText },
      { kind: "figure", what: hostileText, value: 1, unit: "count", expected: [0, 0] },
    ],
    meaning: hostileText,
  })),
};
