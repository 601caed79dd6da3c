/** From the ledger of a target to a row for each session of each cell. Pure. */
import { whyNotBelieved } from "../../checks/judge.ts";
import { wasStarved } from "../../checks/starved.ts";
import type { VerdictValue } from "../../checks/verdict.ts";
import type { Outcome } from "../../engines/upgrade.ts";
import { type Analysis, analysisOf } from "../../history/analysis.ts";
import { indexHistory } from "../../history/history.ts";
import { isUnder } from "../../history/law.ts";
import { groupOf } from "../../run/case-worker.ts";
import type { Entry } from "../../world/entry.ts";
import { type Cell, nameOf, placesOf, type SessionPlace, sessionOf } from "./cells.ts";
import { lawsOf } from "./changes.ts";
import { type Found, inconclusive, outcomeOf } from "./outcome.ts";
import { changeFault } from "./play-cell.ts";
import type { UpgradeRow } from "./rows.ts";

/** One row for each session of each cell, from a ledger in which all cells are; linear in the ledger. */
export function upgradeRows(
  entries: readonly Entry[],
  target: string,
  {
    cells,
    attempt,
    leaseMs,
  }: { readonly cells: readonly Cell[]; readonly attempt: number; readonly leaseMs: number },
): readonly UpgradeRow[] {
  const inspected = entries.filter(({ kind }) => kind === "inspected");
  const groupsOf = new Map(
    cells.flatMap((cell) => placesOf(cell).map((place) => [sessionOf(cell, place), cell.id])),
  );
  const byCell = Map.groupBy(entries, (entry) => groupIn(entry, groupsOf));
  return cells.flatMap((cell) => {
    const own = [...(byCell.get(cell.id) ?? []), ...inspected];
    const analysis = analysisOf(indexHistory(own), { leaseMs });
    return placesOf(cell).map((place): UpgradeRow => {
      const declared = declaredOf(cell, place);
      const { outcome, found } = unlessDisturbed(outcomeOf(cell, place, analysis), declared, analysis);
      const { change, way, fleet } = cell;
      return {
        target,
        change,
        way,
        fleet,
        killed: cell.deaths !== null,
        killAt:
          cell.deaths === null && outcome !== null && went.includes(outcome)
            ? killAtOf(cell, place, analysis)
            : null,
        place,
        session: sessionOf(cell, place),
        outcome,
        found,
        declared,
        verdict: verdictOf(outcome, declared),
        playedAgain: attempt,
      };
    });
  });
}

/** The outcomes of sessions that went on after the change. */
const went: readonly Outcome[] = ["runs as new", "runs as old", "skipped"];

/** The worst moment for a worker to die after the change: something new has landed, and is not recorded yet. */
function killAtOf(cell: Cell, place: SessionPlace, { history }: Analysis): string | null {
  const change = history.faults.find(({ fault }) => fault === `${changeFault} of ${cell.id}`);
  if (change === undefined || place === "new") return null;
  const changedAt = history.entries.indexOf(change);
  const { from, to } = lawsOf(cell.change, cell.fleet);
  const landed = history.sessions.get(sessionOf(cell, place))?.landed ?? [];
  const first = landed.find(
    (landing) =>
      history.entries.indexOf(landing) > changedAt &&
      // Where both versions go on, nobody knows whose worker takes it.
      (cell.fleet === "forward" || (isUnder(from, landing.step) && isUnder(to, landing.step))),
  );
  return first === undefined ? null : nameOf(first);
}

/** Where a worker stalled that nobody faulted, or the witness is not to be believed, what is not as declared says nothing. */
function unlessDisturbed(found: Found, declared: readonly Outcome[], { history, settings }: Analysis): Found {
  if (verdictOf(found.outcome, declared) !== "fail") return found;
  const unbelieved = whyNotBelieved(history);
  if (unbelieved !== null) return inconclusive(`${found.outcome}, but ${unbelieved}`);
  const starved = [...history.workers.values()].find((life) =>
    wasStarved(life, 0, history.endsAt, settings.leaseMs),
  );
  return starved === undefined
    ? found
    : inconclusive(`${found.outcome}, but worker ${starved.worker} stalled`);
}

/** What is declared of a session; of one that is started after the change, that it runs as new. Pure. */
function declaredOf({ declared }: Cell, place: SessionPlace): readonly Outcome[] {
  if (place === "new") return ["runs as new"];
  return [declared?.[place] ?? []].flat();
}

function verdictOf(outcome: Outcome | null, declared: readonly Outcome[]): VerdictValue {
  if (outcome === null) return "unknown";
  return declared.length === 0 || declared.includes(outcome) ? "pass" : "fail";
}

function groupIn(entry: Entry, groupsOf: ReadonlyMap<string, string>): string | null {
  if ("session" in entry) return groupsOf.get(entry.session) ?? null;
  if ("worker" in entry) return groupOf(entry.worker);
  const [worker] = entry.kind === "fault" ? entry.workers : [];
  return worker === undefined ? null : groupOf(worker);
}
