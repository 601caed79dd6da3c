/** What the harness proved about itself, as tables. */

import type { Section } from "../../report/page/page-view.ts";
import { tableSection } from "../../report/page/table-section.ts";
import type { PageContent } from "../../report/page-content.ts";
import type { SelftestRows } from "./rows.ts";
import { defenceTable, falseAlarmTable, selftestTable } from "./tables.ts";

export function selftest({ results }: PageContent<SelftestRows>): Section | null {
  const lead =
    "Would the harness have noticed? Broken variants that must be caught, and correct targets that must raise nothing.";
  return tableSection({ id: "selftest", title: "Selftest", lead }, [
    selftestTable(results),
    defenceTable(results),
    falseAlarmTable(results),
  ]);
}
