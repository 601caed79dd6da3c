/** How much of what proves a violation a report prints. */
import { readableId } from "../../report/printable.ts";
import type { ViolatedGuarantee } from "../../report/report.ts";
import type { VerdictRow } from "./rows.ts";

/** `results.json` has the rest. */
const shownEntries = 20;

/** Pure. The text is as it came from outside. */
export function shownOf({
  violations,
  violationCount,
}: Pick<VerdictRow, "violations" | "violationCount">): Pick<ViolatedGuarantee, "shown" | "hidden"> {
  const shown = violations.map(({ session, what, evidence }) => ({
    session: readableId(session),
    what,
    entries: evidence.slice(0, shownEntries).map((entry) => JSON.stringify(entry)),
    hiddenEntries: Math.max(0, evidence.length - shownEntries),
  }));
  return { shown, hidden: violationCount - shown.length };
}
