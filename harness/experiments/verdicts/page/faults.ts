/** What a page shows as tables alone: faults, durability, and what the harness proved about itself. */

import type { PageContent } from "../../../report/formats/html.ts";
import { h } from "../../../report/page/element.ts";
import type { Section } from "../../../report/page/page-view.ts";
import { tableView } from "../../../report/page/table-view.ts";
import type { Table } from "../../../report/table.ts";
import { durabilityTable } from "../../durability/tables.ts";
import { defenceTable, falseAlarmTable, selftestTable } from "../../selftest/tables.ts";
import { faultTable } from "../fault-tables.ts";

export function faults({ results }: PageContent): Section | null {
  return section("faults", "Faults", "What was done to the processes, and whom it really hit.", [
    faultTable(results),
  ]);
}

export function durability({ results }: PageContent): Section | null {
  return section("durability", "Durability", "What it costs to survive power loss.", [
    durabilityTable(results),
  ]);
}

export function selftest({ results }: PageContent): Section | null {
  return section(
    "selftest",
    "Selftest",
    "Would the harness have noticed? Broken variants that must be caught, and correct targets that must raise nothing.",
    [selftestTable(results), defenceTable(results), falseAlarmTable(results)],
  );
}

function section(id: string, title: string, lead: string, tables: readonly Table[]): Section | null {
  const filled = tables.filter(({ rows }) => rows.length > 0);
  if (filled.length === 0) return null;
  return {
    id,
    title,
    lead,
    body: filled.map((table) => [filled.length > 1 ? h("h3", {}, table.title) : null, tableView(table)]),
  };
}
