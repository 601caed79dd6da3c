import { readFileSync } from "node:fs";
import { markdownTable } from "markdown-table";
import { expect, test } from "vitest";
import { alignmentOf } from "../report/table.ts";
import { targets } from "../targets/targets.ts";
import { guaranteeTable } from "./guarantee-table.ts";

test("the table of promises in the docs is the one that the harness judges by", () => {
  const { headers, rows, note } = guaranteeTable(targets);
  const drawn = markdownTable(
    [headers, ...rows].map((row) => [...row]),
    { align: headers.map((_, column) => alignmentOf(column)) },
  );
  expect(readFileSync(new URL("../../docs/promises.md", import.meta.url), "utf8")).toContain(
    `${drawn}\n\n${note}`,
  );
});
