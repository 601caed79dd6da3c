/** A section that shows tables and nothing else. */
import type { Table } from "../table.ts";
import { type Child, h } from "./element.ts";
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
    body: filled.length > 1 ? titled(filled) : filled.map((table) => tableView(table)),
  };
}

/** Each that has a row, below its title. */
export function titled(tables: readonly Table[]): readonly Child[] {
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => [h("h3", {}, table.title), tableView(table)]);
}
