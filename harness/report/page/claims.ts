/** Claims: each a sentence that opens onto how it was provoked, what was counted, and what that means. */
import { claimTable, evidenceTables } from "../claim-tables.ts";
import type { PageContent } from "../html.ts";
import type { ClaimRow } from "../results-schema.ts";
import { glyphs } from "../verdict-tables.ts";
import { h } from "./element.ts";
import type { Section } from "./page-view.ts";
import { tableView } from "./table-view.ts";

export function claims(content: PageContent): Section | null {
  const { claims: rows } = content.results;
  if (rows.length === 0) return null;
  const evidence = evidenceTables({ claims: rows });
  const groups = [...Map.groupBy(rows, ({ id }) => id).values()];
  return {
    id: "claims",
    title: "Claims",
    lead: "What durable execution says it covers. For each side an outcome was declared before the run; only another one is a finding.",
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
            h("span", { class: "outcomes" }, group.map(outcome)),
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

function outcome({ target, verdict, observed, declared }: ClaimRow): HTMLElement {
  const words = (observed ?? "not tested").replaceAll("-", " ");
  const expected =
    verdict === "pass"
      ? declared === "does-not-hold"
        ? ", as declared"
        : ""
      : `, declared: ${declared.replaceAll("-", " ")}`;
  const state = verdict === "pass" && observed === "measured" ? "measured" : verdict;
  return h(
    "span",
    { class: "outcome" },
    h("span", { class: "of" }, target),
    h("span", { class: `state ${state}` }, `${glyphs[verdict]} ${words}${expected}`),
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
