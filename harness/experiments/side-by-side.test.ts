import { expect, it } from "vitest";
import type { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";
import { playClaimsAgain } from "./claims/play.ts";
import { playCasesAgain } from "./crash-matrix/play.ts";
import { playSideBySide } from "./side-by-side.ts";

const run = { targetsAtOnce: 2 } as Run; // nothing is started: what is played here are words
const target = { name: "engine@store" } as Target;

/** An experiment of one case, with the verdicts of its plays in order. */
function withVerdicts(...verdicts: readonly string[]) {
  const attempts: number[] = [];
  const rowOf = (playedAgain: number) => ({ claims: [{ verdict: verdicts[playedAgain], playedAgain }] });
  return {
    attempts,
    neighbour: {
      settings: null,
      targets: [target],
      play: {
        kind: "side by side",
        comesFirst: false,
        countOf: () => 1,
        play: async () => rowOf(0),
        playAgain: async (_run: Run, _target: Target, _settings: unknown, rows: object, attempt: number) => {
          if (!JSON.stringify(rows).includes("unknown")) return null;
          attempts.push(attempt);
          return rowOf(attempt);
        },
      },
    } as const,
  };
}

it("plays what is inconclusive again until it is conclusive, three times at the most", async () => {
  const second = withVerdicts("unknown", "unknown", "pass");
  expect(await playSideBySide([second.neighbour])(run)).toEqual({
    claims: [{ verdict: "pass", playedAgain: 2 }],
  });
  expect(second.attempts).toEqual([1, 2]);
  const never = withVerdicts("unknown", "unknown", "unknown", "unknown", "pass");
  expect(await playSideBySide([never.neighbour])(run)).toEqual({
    claims: [{ verdict: "unknown", playedAgain: 3 }],
  });
});

it("plays neither what failed again, nor what passed", async () => {
  const rows = [{ verdict: "fail" }, { verdict: "pass" }];
  const settings = { leaseMs: 1000, retryDelayMs: 200 };
  expect(await playClaimsAgain(run, target, { ...settings, claims: [] }, rows as never, 1)).toBeNull();
  const cells = { ...settings, points: [], depth: 1 };
  expect(await playCasesAgain(run, target, cells, rows as never, 1)).toBeNull();
});
