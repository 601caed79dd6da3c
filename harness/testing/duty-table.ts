/** What the user of each engine must get right, as a table for people: the duties of the manifests' broken variants. */
import type { Duty, Variant } from "../engines/variant.ts";
import type { Table } from "../report/table.ts";
import type { PlacedEngine } from "../targets/targets.ts";

/** A duty a row, with the variants that show it, in the order of the manifests. Pure. */
export function dutyTable(engines: readonly Pick<PlacedEngine, "name" | "manifest">[]): Table {
  return {
    title: "What its user must get right",
    headers: ["engine", "what must be right", "what breaks without it", "variant", "caught by"],
    rows: engines.flatMap(({ name, manifest }) =>
      [...byDuty(manifest.variants ?? [])].map(([duty, shownBy]) => [
        name,
        duty.says,
        duty.otherwise,
        listed(shownBy.map((variant) => variant.name)),
        listed(shownBy.map((variant) => variant.expected)),
      ]),
    ),
    note: null,
  };
}

function byDuty(variants: readonly Variant[]): ReadonlyMap<Duty, readonly Variant[]> {
  const dutiful = variants.filter(
    (variant): variant is Variant & { duty: Duty } => variant.duty !== undefined,
  );
  return Map.groupBy(dutiful, ({ duty }) => duty);
}

/** Each once, as code in Markdown. */
function listed(words: readonly string[]): string {
  return [...new Set(words)].map((word) => `\`${word}\``).join(", ");
}
