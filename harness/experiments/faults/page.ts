/** What each fault does to each engine; a cell opens the story of one of its sessions. */
import { showInDialog } from "../../report/page/dialog.ts";
import { h } from "../../report/page/element.ts";
import type { Section } from "../../report/page/page-view.ts";
import { sessionStory } from "../../report/page/session-story.ts";
import type { PageContent } from "../../report/page-content.ts";
import { type FaultOutcome, type FaultOutcomeRows, ledgerOf } from "./rows.ts";
import { faultOutcomeTable, inWords } from "./tables.ts";

export function faultOutcomes(content: PageContent<FaultOutcomeRows>): Section | null {
  const rows = content.results.faultOutcomes;
  if (rows.length === 0) return null;
  const { title, note } = faultOutcomeTable(content.results);
  const targets = [...new Set(rows.map(({ target }) => target))];
  return {
    id: "fault-outcomes",
    title,
    lead:
      "Each kind of fault beyond the death of a process, by itself. " +
      (content.timeline === null ? "" : "Open a cell to see what happened to one of its sessions."),
    body: [
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
        h(
          "table",
          {},
          h("caption", { class: "unseen" }, title),
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ["fault", ...targets].map((header) => h("th", { scope: "col" }, header)),
            ),
          ),
          h(
            "tbody",
            {},
            [...Map.groupBy(rows, ({ says }) => says)].map(([says, own]) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, says),
                targets.map((target) =>
                  h(
                    "td",
                    {},
                    own.filter((row) => row.target === target).map((row) => cellOf(content, row)),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
      h("p", { class: "note" }, note ?? ""),
    ],
  };
}

function cellOf({ timeline }: PageContent<FaultOutcomeRows>, row: FaultOutcome): HTMLElement | string {
  const story = timeline?.cases.find(
    ({ experiment, target, session }) =>
      experiment === ledgerOf(row.run) && target === row.target && session.session === row.story,
  );
  const words = inWords(row);
  if (story === undefined) return words;
  const { session, workers, faults } = story;
  const title = `${row.says}, ${row.target}`;
  const open = () =>
    showInDialog(title, h("div", {}, h("p", {}, words), sessionStory(session, workers, faults)));
  return h("button", { class: "cell", style: "text-align: left", type: "button", onclick: open }, words);
}
