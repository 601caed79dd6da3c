/** A claim of the sample, with a piece of evidence of each kind. */
import type { Results } from "../../experiments/results.ts";

export function claim(
  target: string,
  declared: "holds" | "does-not-hold",
  verdict: "pass" | "fail" | "unknown",
  restarts: number | null,
): Results["claims"][number] {
  return {
    id: "crash-in-idle",
    target,
    sentence: "A crash in the wait does not restart the timer.",
    provocation: "The worker is killed in the wait.",
    declared,
    observed: restarts === null ? null : "does-not-hold",
    verdict,
    playedAgain: 0,
    evidence: [
      {
        kind: "figure",
        what: "timers that were restarted",
        value: restarts,
        unit: "count",
        expected: [0, 0],
      },
      {
        kind: "figure",
        what: "lateness",
        value: restarts === null ? null : 812.4,
        unit: "ms",
        expected: [-1, 999],
      },
      { kind: "figure", what: "kills", value: restarts, unit: "count", expected: null },
      { kind: "quote", source: "log", text: "Function 'f' failed" },
    ],
    meaning: "The deadline is absolute.",
  };
}
