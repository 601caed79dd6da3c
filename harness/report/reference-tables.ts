/**
 * The tables of a page that come from a results file: each stands between two marks that name it, and is written anew from
 * the results, so that the page never says what no run has shown.
 */
import { HarnessError } from "../errors.ts";
import { drawMarkdownTable } from "./formats/markdown.ts";
import type { Report } from "./report.ts";
import type { Table } from "./table.ts";

const place = /(<!-- reference(?: (\S+))?: (.+?) -->\n)[\s\S]*?(<!-- end of reference -->)/g;

/** The runs whose tables a page names, each once: a folder beside the published run, or the empty text for that run itself. Pure. */
export function runsNamedIn(page: string): readonly string[] {
  return [...new Set([...page.matchAll(place)].map(([, , run = ""]) => run))];
}

/**
 * The page with every table that it names written from the report of its run; all else stays as it is. Pure.
 * @throws HarnessError for a table that the report does not have.
 */
export function withReferenceTables(page: string, reports: ReadonlyMap<string, Report>): string {
  return page.replaceAll(place, (_, begin: string, run: string | undefined, title: string, end: string) => {
    const tables = tablesOf(reports.get(run ?? ""));
    const table = tables.find((each) => each.title === title);
    if (table === undefined) {
      const known = tables.map((each) => `"${each.title}"`).join(", ");
      throw new HarnessError(`The results have no table "${title}".`, `Name one of these: ${known}.`);
    }
    return `${begin}\n${drawMarkdownTable(table)}\n\n${end}`;
  });
}

function tablesOf(report: Report | undefined): readonly Table[] {
  if (report === undefined) return [];
  const { answer, headline, brief, overviews, details } = report;
  return [answer, headline, ...brief, ...overviews, ...details].filter((table) => table !== null);
}
