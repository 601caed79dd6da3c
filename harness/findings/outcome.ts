/** What a showing says of its finding. Pure: from what a process printed, or from the results file that it wrote. */
import { z } from "zod";
import type { ClaimShows, Finding } from "../engines/finding.ts";
import type { Results } from "../experiments/results.ts";

/** `gone`: it was played, and does not show what it showed. */
export type Outcome =
  | { readonly kind: "reproduces" }
  | { readonly kind: "gone"; readonly says: string }
  | { readonly kind: "undecided"; readonly reason: string }
  | { readonly kind: "not played"; readonly reason: string };

export const reproduces: Outcome = { kind: "reproduces" };
const gone = (says: string): Outcome => ({ kind: "gone", says });
export const undecided = (reason: string): Outcome => ({ kind: "undecided", reason });
export const notPlayed = (reason: string): Outcome => ({ kind: "not played", reason });

/** What a script's line that says what happened begins with: one that does not come so far has decided nothing. */
const actual = "actual: ";

/** Of a script: 1 where it is there, 0 where it is not. */
export function outcomeOfScript(exitCode: number | null, lines: readonly string[]): Outcome {
  const said = lines.find((line) => line.startsWith(actual))?.slice(actual.length);
  if (said === undefined) return undecided(`the script did not come to its end: ${lines.at(-1) ?? ""}`);
  if (exitCode === 1) return reproduces;
  return exitCode === 0 ? gone(said) : undecided(`the script ended with ${exitCode}`);
}

/** Of a claim, by the row of its target. */
export function outcomeOfClaim(
  { claims }: Pick<Results, "claims">,
  target: string,
  shows: ClaimShows,
): Outcome {
  const row = claims.find((claim) => claim.target === target);
  if (row === undefined) return undecided("the claim was not played");
  if ("outcome" in shows) {
    if (row.observed === null) return undecided("the claim stayed unknown");
    return row.observed === shows.outcome ? reproduces : gone(`the claim turned out: ${row.observed}`);
  }
  const figure = row.evidence.find(
    ({ kind, ...rest }) => "what" in rest && rest.what.startsWith(shows.figure),
  );
  if (figure?.kind !== "figure" || figure.value === null)
    return undecided("the claim did not measure its figure");
  return figure.value >= shows.from ? reproduces : gone(`${figure.what}: ${figure.value}`);
}

/** Of a broken variant. */
export function outcomeOfVariant({ selftest }: Pick<Results, "selftest">, variant: string): Outcome {
  const row = selftest.find((each) => each.variant === variant);
  if (row === undefined || row.verdict === "unknown") return undecided("the variant was not provoked");
  if (row.verdict === "pass") return reproduces;
  return gone(`without its defence ${row.expected} was kept in ${row.provoked} sessions`);
}

const testReportSchema = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) }),
  ),
});

/** Of a test, by what Vitest's JSON reporter wrote; null where it wrote nothing. */
export function outcomeOfTest(report: unknown, name: string): Outcome {
  const read = testReportSchema.safeParse(report);
  const tests = read.success ? read.data.testResults.flatMap((file) => file.assertionResults) : [];
  const status = tests.find(({ title }) => title === name)?.status;
  if (status === "passed") return reproduces;
  return status === "failed" ? gone("the test fails") : undecided("the test was not run");
}

/** Of all showings of one finding: each must show it. */
export function together(outcomes: readonly Outcome[]): Outcome {
  const worst = (kind: Outcome["kind"]) => outcomes.find((outcome) => outcome.kind === kind);
  return worst("gone") ?? worst("undecided") ?? worst("not played") ?? reproduces;
}

/** A finding, and how it turned out. */
export interface Played {
  readonly finding: Finding;
  readonly outcome: Outcome;
}

/** Whether it is as declared: a finding that was mended does not reproduce. */
export function isAsDeclared({ finding: { status }, outcome }: Played): boolean {
  return outcome.kind === (status.startsWith("mended") ? "gone" : "reproduces");
}

/** 0 where all that were played are as declared, 1 where one is not, 2 where one could not be decided, or none was played. */
export function exitCodeOf(all: readonly Played[]): number {
  const played = all.filter(({ outcome }) => outcome.kind !== "not played");
  const decided = played.filter(({ outcome }) => outcome.kind !== "undecided");
  if (!decided.every(isAsDeclared)) return 1;
  return decided.length < played.length || played.length === 0 ? 2 : 0;
}
