/** The findings as tables: the track record in the docs, and what one run of the command found. Pure. */
import { markdownTable } from "markdown-table";
import type { Finding, Showing } from "../engines/finding.ts";
import type { Table } from "../report/table.ts";
import type { Outcome, Played } from "./outcome.ts";

/** By a finding's id, the commit at which it was reproduced last. */
export type TrackRecord = Readonly<Record<string, string>>;

const between = ["<!-- findings -->\n\n", "\n\n<!-- end of findings -->"] as const;

/** The document with the table of these findings in it, in place of the one that is there. */
export function withTrackRecord(document: string, findings: readonly Finding[], record: TrackRecord): string {
  const [before, rest = ""] = document.split(between[0]);
  const after = rest.split(between[1]).at(1) ?? "";
  return `${before}${between[0]}${trackRecord(findings, record)}${between[1]}${after}`;
}

function trackRecord(findings: readonly Finding[], record: TrackRecord): string {
  const rows = findings.map((finding) => [
    `\`${finding.id}\``,
    `${finding.of} ${finding.version}`,
    finding.what,
    finding.shownBy.map(commandOf).join("; "),
    record[finding.id] === undefined ? "–" : `\`${record[finding.id]}\``,
    toldOf(finding),
    finding.status,
  ]);
  const headers = [
    "finding",
    "engine and version",
    "what",
    "shown by",
    "last reproduced at commit",
    "told upstream",
    "status",
  ];
  return markdownTable([headers, ...rows]);
}

/** Links are from `docs/`. */
function commandOf(showing: Showing): string {
  switch (showing.kind) {
    case "script":
      return `[script](upstream/${showing.draft})`;
    case "claim":
      return `\`npm run claims -- --claim ${showing.claim} --targets ${showing.target}\``;
    case "variant":
      return `\`npm run selftest -- --variant ${showing.variant}\``;
    case "test":
      return `[test](../${showing.file})`;
  }
}

function toldOf({ told, draft }: Finding): string {
  if (told !== undefined) return `[yes](${told})`;
  return draft === undefined ? "no" : `no; [draft](upstream/${draft})`;
}

/** How the findings turned out that were played, and why the others were not. */
export function playedTable(all: readonly Played[]): Table {
  return {
    title: "Findings",
    headers: ["finding", "engine and version", "declared", "outcome"],
    rows: all.map(({ finding: { id, of, version, status }, outcome }) => [
      id,
      `${of} ${version}`,
      status,
      wordsOf(outcome),
    ]),
    note: null,
  };
}

/** The findings that there are, and how long each takes. */
export function listTable(findings: readonly Finding[]): Table {
  return {
    title: "Findings",
    headers: ["finding", "engine and version", "declared", "takes about"],
    rows: findings.map(({ id, of, version, status, takesS }) => [
      id,
      `${of} ${version}`,
      status,
      `${takesS} s`,
    ]),
    note: null,
  };
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "reproduces":
      return "reproduces";
    case "gone":
      return `does not reproduce any more: ${outcome.says}`;
    case "undecided":
      return `undecided: ${outcome.reason}`;
    case "not played":
      return `not played: ${outcome.reason}`;
  }
}
