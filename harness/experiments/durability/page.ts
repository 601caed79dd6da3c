/** What it costs to survive power loss, as a table. */

import type { Section } from "../../report/page/page-view.ts";
import { tableSection } from "../../report/page/table-section.ts";
import type { PageContent } from "../../report/page-content.ts";
import type { DurabilityRows } from "./rows.ts";
import { durabilityTable } from "./tables.ts";

export function durability({ results }: PageContent<DurabilityRows>): Section | null {
  return tableSection(
    { id: "durability", title: "Durability", lead: "What it costs to survive power loss." },
    [durabilityTable(results)],
  );
}
