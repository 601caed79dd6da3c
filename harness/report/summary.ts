/** What a reader takes away who reads nothing else: one sentence per target. */
import type { VerdictValue } from "../checks/verdict.ts";
import { counted } from "./numbers.ts";
import type { Results, VerdictRow } from "./results-schema.ts";

type Summarized = Pick<Results, "targets" | "verdicts" | "crashMatrix" | "claims"> &
  Partial<Pick<Results, "selftest" | "falseAlarms">>;

/** One sentence per target, in the order of the results: what was violated first, then what stayed unknown. Pure. */
export function summarize(results: Summarized): readonly string[] {
  const ofSelftest = selftestSentences(results);
  const ofTargets = sentencesOfTargets(results);
  return ofSelftest.length > 0 && results.verdicts.length === 0 ? ofSelftest : [...ofTargets, ...ofSelftest];
}

/** What the harness proved about itself. */
function selftestSentences({ selftest = [], falseAlarms = [] }: Summarized): readonly string[] {
  const missed = selftest.filter(({ verdict }) => verdict !== "pass").map(({ variant }) => variant);
  const caught = missed.length === 0 ? "all were caught" : `not caught as expected: ${missed.join(", ")}`;
  const sum = (pick: (row: Results["falseAlarms"][number]) => number) =>
    falseAlarms.reduce((total, row) => total + pick(row), 0);
  return [
    ...(selftest.length > 0 ? [`Of ${counted(selftest.length, "broken variant")}, ${caught}.`] : []),
    ...(falseAlarms.length > 0
      ? [
          `${counted(
            sum(({ alarms }) => alarms),
            "false alarm",
          )} in ${counted(
            sum(({ runs }) => runs),
            "run",
          )} of correct targets, ${counted(
            sum(({ sessions }) => sessions),
            "session",
          )}.`,
        ]
      : []),
  ];
}

function sentencesOfTargets(results: Summarized): readonly string[] {
  return results.targets.map(({ name, status, reason }) => {
    if (status === "unavailable") return `${name} is unavailable: ${reason}`;
    const verdicts = results.verdicts.filter((row) => row.target === name);
    const cells = results.crashMatrix.filter((row) => row.target === name);
    const claims = results.claims.filter((row) => row.target === name);
    const judged = verdicts.length + cells.length + claims.length;
    const clauses = [
      ...(verdicts.length > 0 || judged === 0 ? [clauseOf(verdicts)] : []),
      ...(cells.length > 0 ? [cellClauseOf(cells)] : []),
      ...(claims.length > 0 ? [claimClauseOf(claims)] : []),
    ];
    return `${name}: ${clauses.join("; ")}.`;
  });
}

function cellClauseOf(cells: Results["crashMatrix"]): string {
  const of = (verdict: VerdictValue) => cells.filter((cell) => cell.verdict === verdict).length;
  const others = [
    ...(of("fail") > 0 ? [`${of("fail")} failed`] : []),
    ...(of("unknown") > 0 ? [`${of("unknown")} unknown`] : []),
  ];
  const found = others.length === 0 ? "all passed" : others.join(" and ");
  return `of ${counted(cells.length, "cell")} of the crash matrix, ${found}`;
}

function claimClauseOf(claims: Results["claims"]): string {
  const others = claims.filter(({ verdict }) => verdict !== "pass");
  const found =
    others.length === 0
      ? "all turned out as declared"
      : `not as declared: ${others.map(({ id }) => id).join(", ")}`;
  return `of ${counted(claims.length, "claim")}, ${found}`;
}

function clauseOf(rows: readonly VerdictRow[]): string {
  const guaranteed = rows.filter((row) => row.guaranteed);
  if (guaranteed.length === 0) return "no guarantee was judged";
  const violated = guaranteed.filter((row) => row.verdict === "fail");
  const unknown = guaranteed.filter((row) => row.verdict === "unknown");
  const parts = [];
  if (violated.length > 0) parts.push(`${violated.length} violated (${named(violated)})`);
  if (unknown.length > 0) parts.push(`${unknown.length} unknown (${named(unknown)})`);
  const total = counted(guaranteed.length, "guarantee");
  const found = parts.length === 0 ? `all ${total} held` : `of ${total}, ${parts.join(" and ")}`;
  return `${found}; ${faultsOf(rows)}`;
}

/** Each once, with the number of its experiments where these are several. */
function named(rows: readonly VerdictRow[]): string {
  const places = Map.groupBy(rows, (row) => `${row.invariant}, ${row.mode}`);
  return [...places]
    .map(([place, { length }]) => (length > 1 ? `${place}, ${length} times` : place))
    .join("; ");
}

/** Faults are those of a run, and every row of an experiment repeats them. */
function faultsOf(rows: readonly VerdictRow[]): string {
  const experiments = new Map(rows.map((row) => [row.experiment, row]));
  const sum = (pick: (row: VerdictRow) => number) =>
    [...experiments.values()].reduce((total, row) => total + pick(row), 0);
  const injected = sum((row) => row.faultsInjected);
  return `${sum((row) => row.faultsEffective)} of ${counted(injected, "fault")} hit a session`;
}
