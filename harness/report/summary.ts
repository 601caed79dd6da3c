/** What a reader takes away who reads nothing else: one sentence per target. */
import { counted } from "./figures.ts";
import type { Results, VerdictRow } from "./results-schema.ts";

/** One sentence per target, in the order of the results: what was violated first, then what stayed unknown. Pure. */
export function summarize(results: Pick<Results, "targets" | "verdicts">): readonly string[] {
  return results.targets.map((target) =>
    target.status === "unavailable"
      ? `${target.name} is unavailable: ${target.reason}`
      : `${target.name}: ${sentenceOf(results.verdicts.filter((row) => row.target === target.name))}`,
  );
}

function sentenceOf(rows: readonly VerdictRow[]): string {
  const guaranteed = rows.filter((row) => row.guaranteed);
  if (guaranteed.length === 0) return "no guarantee was judged.";
  const violated = guaranteed.filter((row) => row.verdict === "fail");
  const unknown = guaranteed.filter((row) => row.verdict === "unknown");
  const parts = [];
  if (violated.length > 0) parts.push(`${violated.length} violated (${named(violated)})`);
  if (unknown.length > 0) parts.push(`${unknown.length} unknown (${named(unknown)})`);
  const total = counted(guaranteed.length, "guarantee");
  const found = parts.length === 0 ? `all ${total} held` : `of ${total}, ${parts.join(" and ")}`;
  return `${found}; ${faultsOf(rows)}.`;
}

function named(rows: readonly VerdictRow[]): string {
  return rows.map((row) => `${row.invariant}, ${row.mode}`).join("; ");
}

/** Faults are those of a run, and every row of an experiment repeats them. */
function faultsOf(rows: readonly VerdictRow[]): string {
  const experiments = new Map(rows.map((row) => [row.experiment, row]));
  const sum = (pick: (row: VerdictRow) => number) =>
    [...experiments.values()].reduce((total, row) => total + pick(row), 0);
  const injected = sum((row) => row.faultsInjected);
  return `${sum((row) => row.faultsEffective)} of ${counted(injected, "fault")} hit a session`;
}
