/** What was done to the processes of a run, as a table. */

import type { Section } from "../../../report/page/page-view.ts";
import { tableSection } from "../../../report/page/table-section.ts";
import type { PageContent } from "../../../report/page-content.ts";
import { faultTable } from "../fault-table.ts";
import type { ChaosRows } from "../rows.ts";

export function faults({ results }: PageContent<ChaosRows>): Section | null {
  return tableSection(
    { id: "faults", title: "Faults", lead: "What was done to the processes, and whom it really hit." },
    [faultTable(results)],
  );
}
