/** Code changed under a session, as a heat map: a change a row, an engine and way a column; a cell opens the stories of its sessions. */
import { changeNames, outcomes } from "../../engines/upgrade.ts";
import { glyphs } from "../../report/numbers.ts";
import { showInDialog } from "../../report/page/dialog.ts";
import { h } from "../../report/page/element.ts";
import type { Section } from "../../report/page/page-view.ts";
import { sessionStory } from "../../report/page/session-story.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { PageContent } from "../../report/page-content.ts";
import { changes } from "./changes.ts";
import type { UpgradeRow, UpgradeRows } from "./rows.ts";
import {
  behind,
  type Column,
  changesTable,
  columnsOf,
  placesTable,
  pricesTable,
  wordOf,
  worstOf,
} from "./tables.ts";

export function upgrade(content: PageContent<UpgradeRows>): Section | null {
  const { upgrades } = content.results;
  if (upgrades.length === 0) return null;
  const columns = columnsOf(upgrades);
  const shown = changeNames.filter((name) => upgrades.some(({ change }) => change === name));
  const targets = [...new Set(upgrades.map(({ target }) => target))];
  const tables = [
    changesTable(content.results),
    pricesTable(content.results),
    ...targets.map((target) => placesTable(target, upgrades)),
  ];
  return {
    id: "upgrade",
    title: "Code changed under a session",
    lead:
      "All workers are replaced by those of the next version while one session is among its activities, one in its wait, and one dead between two effects of its cleanup. Each cell says the worst that became of the three. " +
      (content.timeline === null ? "" : "Open a cell to see what happened to each, in every fleet."),
    body: [
      h(
        "div",
        { class: "scroll heat", tabindex: 0, role: "region", "aria-label": "Code changed under a session" },
        h(
          "table",
          {},
          h("caption", { class: "unseen" }, "What became of sessions whose code changed"),
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("td", {}),
              columns.map(({ target, way }) => h("th", { scope: "col" }, `${target}, ${way}`)),
            ),
          ),
          h(
            "tbody",
            {},
            shown.map((change) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, changes[change].says),
                columns.map((column) => h("td", {}, cellOf(content, change, column))),
              ),
            ),
          ),
        ),
      ),
      h(
        "details",
        { class: "numbers" },
        h("summary", {}, "Every place and fleet, as tables"),
        tables.map((table) => [h("h3", {}, table.title), tableView(table)]),
      ),
    ],
  };
}

function cellOf(
  content: PageContent<UpgradeRows>,
  change: UpgradeRow["change"],
  column: Column,
): HTMLElement | null {
  const rows = behind(content.results.upgrades, change, column);
  const worst = worstOf(rows);
  if (rows.length === 0) return null;
  const failed = rows.some(({ verdict }) => verdict === "fail");
  const verdict = failed ? "fail" : worst === null ? "unknown" : "pass";
  const heat = worst === null ? 0 : Math.round((outcomes.indexOf(worst) / (outcomes.length - 1)) * 100);
  const title = `${changes[change].says}, ${column.way}, ${column.target}`;
  const open = () => showInDialog(title, storiesOf(content, change, column));
  return h(
    "button",
    { class: `cell ${verdict}`, style: `--heat: ${heat}%`, type: "button", onclick: open },
    h("span", {}, wordOf(rows)),
    h("span", { class: "unseen" }, `: ${title}`),
  );
}

/** What became of every session of a change, in all fleets, with its timeline where the page has it. */
function storiesOf(
  { results, timeline }: PageContent<UpgradeRows>,
  change: UpgradeRow["change"],
  { target, way }: Column,
): HTMLElement {
  const rows = results.upgrades.filter(
    (row) => row.target === target && row.way === way && row.change === change,
  );
  return h(
    "div",
    {},
    rows.map((row) => {
      const story = timeline?.cases.find(
        (each) => each.target === target && each.session.session === row.session,
      );
      const { fleet, place, killed, outcome, found, declared, verdict } = row;
      const where = [fleet, place === "new" ? "started after the change" : `in its ${place}`];
      return h(
        "details",
        {},
        h(
          "summary",
          {},
          `${glyphs[verdict]} ${[...where, ...(killed ? ["killed again"] : [])].join(", ")}: ${outcome ?? "inconclusive"}`,
        ),
        h(
          "p",
          {},
          `${found}. ${declared.length === 0 ? "Nothing is declared." : `Declared: ${declared.join(" or ")}.`}`,
        ),
        story === undefined ? null : sessionStory(story.session, story.workers, story.faults),
      );
    }),
  );
}
