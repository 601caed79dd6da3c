/** The sample of results again, with text in it that tries to break out; the renderers' tests read it. */
import type { Results } from "./results-schema.ts";
import { sampleResults, verdictRow } from "./sample-results.ts";

const embedded = "resonate@embedded";
const redis = "redis-bullmq@redis";

/** Tries to break out of every place where a report prints what came from a session. */
const hostileText = "</td>|`x`|\n# [a](javascript:x) <img src=x> **b**\u001b[31m\u0007\u202e";

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
      invariant: "completed",
      verdict: "unknown",
      reason: hostileText,
    }),
  ],
};
