/** More than a target carries, and half of it for long: what waited, what grew. */
import { h } from "../../report/page/element.ts";
import { type LineChart, lineChart } from "../../report/page/line-chart.ts";
import type { Section } from "../../report/page/page-view.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { PageContent } from "../../report/page-content.ts";
import type { GrowthRow, SoakRows } from "./rows.ts";
import { growthTable, isOfBytes, minuteTable, overloadTable, soakTable } from "./tables.ts";

export function soak(content: PageContent<SoakRows>): Section | null {
  const { results } = content;
  if (results.soak.length === 0) return null;
  return {
    id: "soak",
    title: "Overload and soak",
    lead: "More sessions than a target carries, and how long until they are done; then half of its peak for long, while a worker dies again and again: what grows.",
    body: [
      tableView(overloadTable(results)),
      tableView(soakTable(results)),
      h(
        "div",
        { class: "multiples" },
        throughputChart(content),
        growthChart(content, "Memory of the store", ["store memory"]),
        growthChart(content, "Disk of the store", ["store disk"]),
        growthChart(content, "Memory of the workers", [
          "memory of the worker that lives",
          "memory of the worker that is killed",
        ]),
        growthChart(content, "Connections of a worker", [
          "connections of the worker that lives",
          "connections of the worker that is killed",
        ]),
        growthChart(content, "Connections of the client", ["connections of the client"]),
      ),
      tableView(growthTable(results)),
    ],
  };
}

/** What was seen of a target in a minute. */
interface AtMinute {
  readonly target: string;
  readonly minute: number;
  readonly value: number;
  readonly isOfKilled: boolean;
}

const minutes: LineChart<AtMinute>["x"] = {
  of: ({ minute }) => minute,
  label: "minute →",
  scale: "linear",
};

function throughputChart(content: PageContent<SoakRows>): HTMLElement | null {
  const { results } = content;
  return lineChart<AtMinute>({
    content,
    title: "Sessions finished in each minute",
    rows: results.soak.flatMap(({ target, finishedPerMinute }) =>
      finishedPerMinute.map((value, index) => ({ target, minute: index + 1, value, isOfKilled: false })),
    ),
    nameOf: ({ target }) => target,
    x: minutes,
    y: { of: ({ value }) => value, label: "↑ sessions", unit: "sessions" },
    numbers: minuteTable(results),
    small: true,
  });
}

/** Of the worker that is killed the line is dashed. */
function growthChart(
  content: PageContent<SoakRows>,
  title: string,
  whats: readonly GrowthRow["what"][],
): HTMLElement | null {
  const { results } = content;
  const growth = results.growth.filter(({ what }) => whats.includes(what));
  const [first] = whats;
  const areBytes = first !== undefined && isOfBytes({ what: first });
  return lineChart<AtMinute>({
    content,
    title,
    rows: growth.flatMap(({ target, what, samples }) =>
      samples.map(([minute, value]) => ({
        target,
        minute,
        value: areBytes ? value / 1024 ** 2 : value,
        isOfKilled: what.endsWith("is killed"),
      })),
    ),
    nameOf: ({ target, isOfKilled }) => `${target}${isOfKilled ? ", killed" : ""}`,
    isDashed: ({ isOfKilled }) => isOfKilled,
    x: minutes,
    y: {
      of: ({ value }) => value,
      label: areBytes ? "↑ MiB" : "↑ open connections",
      unit: areBytes ? "MiB" : "connections",
    },
    numbers: growthTable({ ...results, growth }),
    small: true,
  });
}
