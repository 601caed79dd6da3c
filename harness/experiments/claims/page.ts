/** Claims: each a sentence that opens onto how it was provoked, what was counted, and what that means. */

import { h } from "../../report/page/element.ts";
import type { Section } from "../../report/page/page-view.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { PageContent } from "../../report/page-content.ts";
import type { ClaimRow, ClaimRows } from "./rows.ts";
import { claimTable, evidenceTables, outcomeIn } from "./tables.ts";

export function claims(content: PageContent<ClaimRows>): Section | null {
  const { claims: rows } = content.results;
  if (rows.length === 0) return null;
  const evidence = evidenceTables({ claims: rows });
  const groups = [...Map.groupBy(rows, ({ id }) => id).values()];
  return {
    id: "claims",
    title: "Claims",
    lead: "What durable execution says it covers. For each target an outcome was declared before the run; only another one is a finding.",
    body: [
      groups.map((group, index) => {
        const [first] = group;
        const table = evidence[index];
        if (first === undefined || table === undefined) return null;
        return h(
          "details",
          { class: "claim", open: group.some(({ verdict }) => verdict === "fail") },
          h(
            "summary",
            {},
            h("span", { class: "sentence" }, first.sentence),
            h("span", { class: "outcomes" }, outcomesOf(group, content.results.targets.length)),
          ),
          h(
            "dl",
            { class: "facts" },
            [
              ["Claim", first.id],
              ["Provoked", first.provocation],
              ["Meaning", first.meaning],
            ].map(([name, text]) => h("div", {}, h("dt", {}, name ?? ""), h("dd", {}, text ?? ""))),
          ),
          tableView({ ...table, note: null }),
          quotesOf(group),
        );
      }),
      h(
        "details",
        { class: "numbers" },
        h("summary", {}, "All outcomes as a table"),
        tableView(claimTable({ claims: rows })),
      ),
    ],
  };
}

/** An outcome a target; one that more than two targets share, and no other has, is said once. */
function outcomesOf(group: readonly ClaimRow[], targets: number): readonly HTMLElement[] {
  const [first, ...others] = group;
  const isShared = first !== undefined && others.every((row) => outcomeIn(row) === outcomeIn(first));
  return isShared && group.length > 2 && group.length === targets
    ? [outcome(`all ${targets} targets`, first)]
    : group.map((row) => outcome(row.target, row));
}

function outcome(of: string, row: ClaimRow): HTMLElement {
  const state = row.verdict === "pass" && row.observed === "measured" ? "measured" : row.verdict;
  return h(
    "span",
    { class: "outcome" },
    h("span", { class: "of" }, of),
    h("span", { class: `state ${state}` }, outcomeIn(row)),
  );
}

/** The engine's own words, where it has any. */
function quotesOf(group: readonly ClaimRow[]): readonly HTMLElement[] {
  return group.flatMap(({ target, evidence }) =>
    evidence.flatMap((each) =>
      each.kind === "quote"
        ? [h("blockquote", {}, h("p", {}, each.text), h("footer", {}, `${target}, ${each.source}`))]
        : [],
    ),
  );
}
