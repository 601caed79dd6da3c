/** A section that shows tables and nothing else. */
import type { Table } from "../table.ts";
import { h } from "./element.ts";
import type { Section } from "./page-view.ts";
import { tableView } from "./table-view.ts";

/** Nothing where no table has a row. */
export function tableSection(
  { id, title, lead }: Omit<Section, "body">,
  tables: readonly Table[],
): Section | null {
  const filled = tables.filter(({ rows }) => rows.length > 0);
  if (filled.length === 0) return null;
  return {
    id,
    title,
    lead,
    body: filled.map((table) => [filled.length > 1 ? h("h3", {}, table.title) : null, tableView(table)]),
  };
}
