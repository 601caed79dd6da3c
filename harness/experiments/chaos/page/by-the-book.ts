/** What the engines lost by the book under random faults, as a table. */
import type { Section } from "../../../report/page/page-view.ts";
import { tableSection } from "../../../report/page/table-section.ts";
import type { PageContent } from "../../../report/page-content.ts";
import { lostByTheBook } from "../by-the-book.ts";
import type { ChaosRows } from "../rows.ts";

export function byTheBook({ results }: PageContent<ChaosRows>): Section | null {
  return tableSection(
    {
      id: "by-the-book",
      title: "By the book",
      lead: "What each engine loses when it is used as its documentation has it, beside the hardened implementation, under the same plan.",
    },
    [lostByTheBook(results)],
  );
}
