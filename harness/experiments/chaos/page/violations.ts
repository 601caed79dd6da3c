/** Every violation with the ledger entries that prove it, and the line that plays it again. */
import { commandLineOf } from "../../../report/command-line.ts";
import { counted } from "../../../report/numbers.ts";
import { commandLine } from "../../../report/page/copy.ts";
import { type Child, h } from "../../../report/page/element.ts";
import type { Section } from "../../../report/page/page-view.ts";
import { storyInRun } from "../../../report/page/session-story.ts";
import { tableView } from "../../../report/page/table-view.ts";
import type { PageContent } from "../../../report/page-content.ts";
import { readableId } from "../../../report/printable.ts";
import type { Table } from "../../../report/table.ts";
import { verdictAnchor } from "../decisions.ts";
import type { ChaosRows, VerdictRow } from "../rows.ts";
import { foundIn } from "../tables.ts";

type Violation = VerdictRow["violations"][number];
type LedgerEntry = Violation["evidence"][number];

/** What is embedded for the sections of verdicts. */
export interface VerdictExtras {
  /** The sentence that each invariant puts to the test. */
  readonly sentences: Readonly<Record<string, string>>;
}

type Content = PageContent<ChaosRows, VerdictExtras>;

export function violations(content: Content): Section | null {
  const broken = content.results.verdicts.filter((row) => row.violations.length > 0);
  const guaranteed = broken.filter((row) => row.guaranteed);
  const measured = broken.filter((row) => !row.guaranteed);
  if (broken.length === 0) return null;
  return {
    id: "violations",
    title: guaranteed.length > 0 ? "Violated guarantees" : "What sessions without keys show",
    lead:
      guaranteed.length > 0
        ? "Each violation with the entries of the ledger that prove it. The world wrote them, not the engine."
        : "No guarantee was violated. These are sessions in which the world ignores keys and nobody promised otherwise, with the ledger entries.",
    body: [
      guaranteed.map((row) => verdictBlock(content, row)),
      measured.length === 0
        ? null
        : h(
            "details",
            { class: "more" },
            h(
              "summary",
              {},
              `Measured without a guarantee: ${counted(measured.length, "invariant")} that sessions broke, with their entries`,
            ),
            measured.map((row) => verdictBlock(content, row)),
          ),
    ],
  };
}

function verdictBlock(content: Content, row: VerdictRow): HTMLElement {
  const hidden = row.violationCount - row.violations.length;
  return h(
    "details",
    { class: "violated", id: verdictAnchor(row) },
    h(
      "summary",
      {},
      row.guaranteed ? h("span", { class: "glyph fail", "aria-hidden": "true" }, "✗") : null,
      h("strong", {}, row.invariant),
      ` on ${row.target}, ${row.mode}: ${foundIn(row)}`,
    ),
    h("p", { class: "note" }, content.extras.sentences[row.invariant] ?? null),
    row.violations.map((violation) => violationBlock(content, row, violation)),
    hidden > 0
      ? h("p", { class: "note" }, `… and ${hidden} more, of which the results file has only the count.`)
      : null,
    replayLines(content, row),
  );
}

function violationBlock(
  content: Content,
  row: VerdictRow,
  { session, what, evidence }: Violation,
): HTMLElement {
  const run = content.timeline?.runs.find(
    ({ experiment, target }) => experiment === row.experiment && target === row.target,
  );
  const shown = run?.sessions.find((each) => each.session === session);
  const startedAt = run?.startedAt ?? evidence[0]?.at ?? 0;
  return h(
    "section",
    { class: "violation" },
    h("h3", {}, "Session ", h("code", {}, readableId(session))),
    h("p", {}, what),
    tableView(evidenceTable(session, evidence, startedAt), { isFlushLeft: true }),
    run === undefined || shown === undefined ? null : lazyStory(() => storyInRun(shown, run)),
  );
}

/** Drawn when it is asked for: a page with many violations opens as fast as one without. */
function lazyStory(draw: () => HTMLElement): HTMLElement {
  const details = h("details", { class: "numbers" }, h("summary", {}, "The whole session"));
  details.addEventListener("toggle", () => details.append(draw()), { once: true });
  return details;
}

const columns = ["kind", "step", "effect", "worker", "execution", "key"] as const;

function evidenceTable(session: string, evidence: readonly LedgerEntry[], startedAt: number): Table {
  const present = columns.filter((column) => evidence.some((entry) => entry[column] !== undefined));
  const known = new Set<string>(["seq", "at", "session", ...columns]);
  const rest = (entry: LedgerEntry) =>
    Object.fromEntries(Object.entries(entry).filter(([name]) => !known.has(name)));
  const hasMore = evidence.some((entry) => Object.keys(rest(entry)).length > 0);
  return {
    title: `Ledger entries of ${readableId(session)}`,
    headers: ["ledger no.", "at", ...present, ...(hasMore ? ["more"] : [])],
    rows: evidence.map((entry) => [
      entry.seq,
      `${((entry.at - startedAt) / 1000).toFixed(3)} s`,
      ...present.map((column) => textOf(entry[column])),
      ...(hasMore ? [textOf(rest(entry))] : []),
    ]),
    note: null,
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return Object.keys(value).length === 0 ? "" : JSON.stringify(value);
  return String(value);
}

/** The run again, and the smallest plan that was seen to fail in the same way. */
function replayLines({ results }: Content, row: VerdictRow): readonly Child[] {
  const smallest = results.smallestPlans.find(
    ({ target, invariant, mode }) =>
      target === row.target && invariant === row.invariant && mode === row.mode,
  );
  return [
    commandLine("Replay it", commandLineOf(results.run)),
    smallest === undefined || smallest.file === null
      ? null
      : commandLine(
          `The smallest plan seen to fail: ${counted(smallest.sessions, "session")}, ${counted(smallest.faults, "fault")}`,
          commandLineOf({ command: "replay", arguments: [smallest.file, "--targets", row.target] }),
        ),
  ];
}
