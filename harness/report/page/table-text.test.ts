import { expect, test } from "vitest";
import { tableAsCsv, tableAsMarkdown } from "./table-text.ts";

const headers = ["session", "found"];

test("a table as CSV quotes what would end a cell, and doubles quotes", () => {
  expect(
    tableAsCsv({
      headers,
      rows: [
        ["s-1", '2 of 3, "often"'],
        ["a\nb", ""],
      ],
    }),
  ).toBe('session,found\r\ns-1,"2 of 3, ""often"""\r\n"a\nb",\r\n');
});

test("no cell of a CSV is a formula, and a negative number stays a number", () => {
  expect(
    tableAsCsv({
      headers,
      rows: [
        ["=HYPERLINK(1)", "-4"],
        ["@x", "+1+2"],
      ],
    }),
  ).toBe("session,found\r\n'=HYPERLINK(1),-4\r\n'@x,'+1+2\r\n");
});

test("a table as Markdown lets no text become markup", () => {
  const [, , row] = tableAsMarkdown({ headers, rows: [["<img src=x>|", "*1*"]] }).split("\n");
  expect(row).toBe("| &lt;img src=x&gt;\\| | \\*1\\* |");
});
