/** Claims: one table of outcomes, and for each claim a table of its evidence, a figure a row, a target a column. */
import { glyphs, notMeasured } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { ClaimRow, ClaimRows } from "./rows.ts";

type Figure = Extract<ClaimRow["evidence"][number], { readonly kind: "figure" }>;

/** How each claim turned out on each target. */
export function claimTable({ claims }: ClaimRows): Table {
  const targets = targetsOf(claims);
  return {
    title: "Claims",
    headers: ["claim", ...targets],
    hasTargetsAcross: true,
    rows: [...Map.groupBy(claims, (row) => row.id)].map(([id, rows]) => [
      id,
      ...targets.map((target) => outcomeIn(rows.find((row) => row.target === target))),
    ]),
    note:
      "✓: the claim turned out as declared; measured: nothing is promised, the figures are the answer. ✗: it turned out other than " +
      "declared. ?: it was not put to the test. An empty cell: it does not concern this target. The figures are in report.md.",
  };
}

/** What the outcomes rest on. */
export function evidenceTables({ claims }: ClaimRows): readonly Table[] {
  return [...Map.groupBy(claims, (row) => row.id).values()].map(evidenceTable);
}

function evidenceTable(rows: readonly ClaimRow[]): Table {
  const targets = targetsOf(rows);
  const figuresOf = (row: ClaimRow | undefined) =>
    row?.evidence.filter((each): each is Figure => each.kind === "figure") ?? [];
  const figures = new Map(rows.flatMap(figuresOf).map((figure) => [figure.what, figure]));
  const [first] = rows;
  const quotes = rows.flatMap(({ target, evidence }) =>
    evidence.flatMap((each) => (each.kind === "quote" ? [`${target}, ${each.source}: "${each.text}".`] : [])),
  );
  return {
    title: `Evidence for ${first?.id ?? ""}`,
    headers: ["figure", "to hold", ...targets],
    rows: [...figures.values()].map((figure) => [
      figure.what,
      boundsOf(figure),
      ...targets.map((target) => {
        const own = figuresOf(rows.find((row) => row.target === target)).find(
          ({ what }) => what === figure.what,
        );
        return own === undefined ? "" : figureOf(own);
      }),
    ]),
    note: [
      `Claimed: ${first?.sentence}`,
      `Provoked: ${first?.provocation}`,
      `Meaning: ${first?.meaning}`,
      ...quotes,
    ].join(" "),
  };
}

function targetsOf(rows: readonly ClaimRow[]): readonly string[] {
  return [...new Set(rows.map((row) => row.target))];
}

/** A claim's outcome in a few words; nothing where it does not concern the target. Pure. */
export function outcomeIn(row: ClaimRow | undefined): string {
  if (row === undefined) return "";
  const observed = (row.observed ?? "not tested").replaceAll("-", " ");
  if (row.verdict !== "pass")
    return `${glyphs[row.verdict]} ${observed}, declared: ${row.declared.replaceAll("-", " ")}`;
  return `${glyphs.pass} ${observed}${row.declared === "does-not-hold" ? ", as declared" : ""}`;
}

function boundsOf({ expected }: Figure): string {
  if (expected === null) return "";
  const [from, to] = expected;
  if (to === null) return `at least ${from}`;
  return from === to ? String(from) : `${from} to ${to}`;
}

function figureOf({ value, unit }: Figure): string {
  if (value === null) return notMeasured;
  return unit === "count" ? String(value) : `${Math.round(value)} ${unit}`;
}
