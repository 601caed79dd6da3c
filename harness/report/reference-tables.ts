/**
 * The tables of a page that come from a results file: each stands between two marks that name it, and is written anew from
 * the results, so that the page never says what no run has shown.
 */
import { HarnessError } from "../errors.ts";
import { drawMarkdownTable } from "./formats/markdown.ts";
import type { Report } from "./report.ts";

const place = /(<!-- reference: (.+?) -->\n)[\s\S]*?(<!-- end of reference -->)/g;

/**
 * The page with every table that it names written from the report; all else stays as it is. Pure.
 * @throws HarnessError for a table that the report does not have.
 */
export function withReferenceTables(page: string, report: Report): string {
  const { answer, headline, brief, overviews, details } = report;
  const tables = [answer, headline, ...brief, ...overviews, ...details].filter((table) => table !== null);
  return page.replaceAll(place, (_, begin: string, title: string, end: string) => {
    const table = tables.find((each) => each.title === title);
    if (table === undefined) {
      const known = tables.map((each) => `"${each.title}"`).join(", ");
      throw new HarnessError(`The results have no table "${title}".`, `Name one of these: ${known}.`);
    }
    return `${begin}\n${drawMarkdownTable(table)}\n\n${end}`;
  });
}
