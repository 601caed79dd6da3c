/** Which verdicts decide a run, and what they say of a target and of what proves them. Pure. */
import type { VerdictValue } from "../../checks/verdict.ts";
import { anchorOf } from "../../report/anchor.ts";
import type { Decision } from "../../report/decision.ts";
import { counted } from "../../report/numbers.ts";
import type { Remarks, ViolatedGuarantee } from "../../report/report.ts";
import { shownOf } from "./evidence.ts";
import { legend } from "./legend.ts";
import type { ChaosRows, VerdictRow } from "./rows.ts";
import { smallestPlanSentences } from "./smallest-plans.ts";
import { foundIn } from "./tables.ts";

/** The guarantees: what is measured and not promised decides nothing. */
export function verdictDecisions({ verdicts, smallestPlans }: ChaosRows): readonly Decision[] {
  return verdicts
    .filter(({ guaranteed }) => guaranteed)
    .map((row) => {
      const { shown, hidden } = shownOf(row);
      const smaller = smallestPlans.filter(
        ({ target, invariant, mode }) =>
          target === row.target && invariant === row.invariant && mode === row.mode,
      );
      return {
        suite: `${row.experiment} on ${row.target}`,
        name: `${row.invariant}, ${row.mode}`,
        target: row.target,
        verdict: row.verdict,
        // Runs that are short and hold one kind of fault, which exposes few invariants: only their violations decide.
        unknownDecides: row.experiment === "chaos",
        found:
          row.reason ??
          (row.violatingExposed > 0
            ? `violated by ${foundIn(row)} exposed sessions`
            : `violated: ${foundIn(row)}`),
        evidence: [
          ...shown.flatMap(({ session, what, entries, hiddenEntries }) => [
            `Session ${session}: ${what}`,
            ...entries,
            ...(hiddenEntries > 0 ? [`… and ${hiddenEntries} more entries.`] : []),
          ]),
          ...(hidden > 0
            ? [`… and ${hidden} more violations, of which results.json has only the count.`]
            : []),
          ...(row.verdict === "fail" ? smallestPlanSentences({ smallestPlans: smaller }) : []),
        ],
        anchor: verdictAnchor(row),
      };
    });
}

/** Where a verdict's violations stand on the page. */
export function verdictAnchor({ experiment, target, mode, invariant }: VerdictRow): string {
  return anchorOf("violated", experiment, target, mode, invariant);
}

export function verdictRemarks({ verdicts, smallestPlans }: ChaosRows): Partial<Remarks> {
  const guaranteed = verdicts.filter((row) => row.guaranteed);
  return {
    legend: verdicts.length > 0 ? legend : [],
    unknown: unknownReasons(verdicts),
    violated: guaranteed.filter(({ verdict }) => verdict === "fail").map(violatedGuarantee),
    smallestPlans: smallestPlanSentences({ smallestPlans }),
  };
}

function violatedGuarantee(row: VerdictRow): ViolatedGuarantee {
  return { where: `${row.invariant} on ${row.target}, ${row.mode}`, found: foundIn(row), ...shownOf(row) };
}

/** Why verdicts stayed unknown, one line each, guarantees only. */
function unknownReasons(verdicts: readonly VerdictRow[]): readonly string[] {
  const experiments = new Set(verdicts.map(({ experiment }) => experiment));
  return verdicts
    .filter((row) => row.guaranteed && row.verdict === "unknown")
    .map((row) => {
      const under = experiments.size > 1 ? ` under ${row.experiment}` : "";
      return `${row.invariant} on ${row.target}, ${row.mode}${under}: ${row.reason ?? "no reason was recorded"}`;
    });
}

/** What a reader takes away of a target: what was violated first, then what stayed unknown. Null where nothing was judged of it. */
export function verdictClause({ verdicts }: Pick<ChaosRows, "verdicts">, target: string): string | null {
  const rows = verdicts.filter((row) => row.target === target);
  if (rows.length === 0) return null;
  const guaranteed = rows.filter((row) => row.guaranteed);
  if (guaranteed.length === 0) return "no guarantee was judged";
  const of = (verdict: VerdictValue) => guaranteed.filter((row) => row.verdict === verdict);
  const [violated, unknown] = [of("fail"), of("unknown")];
  const parts = [
    ...(violated.length > 0 ? [`${violated.length} violated (${named(violated)})`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown (${named(unknown)})`] : []),
  ];
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
