/** Which tables a report has, in the order in which it shows them. */
import { codeSizeFilesTable, codeSizeTable } from "./code-size-tables.ts";
import { crashMatrixTables } from "./crash-matrix-tables.ts";
import { faultTable, recoveryTable } from "./fault-tables.ts";
import type { Results } from "./results-schema.ts";
import type { Table } from "./table.ts";
import { verdictTables } from "./verdict-tables.ts";

/** The tables of what has been measured so far: an experiment that did not run has none. Pure. */
export function tablesOf({
  verdicts = [],
  faults = [],
  recovery = [],
  crashMatrix = [],
  codeSize = [],
}: Partial<Results>): readonly Table[] {
  const tables = [
    ...verdictTables({ verdicts }),
    faultTable({ faults }),
    recoveryTable({ recovery }),
    ...crashMatrixTables({ crashMatrix }),
    ...(codeSize.length > 0 ? [codeSizeTable({ codeSize }), codeSizeFilesTable({ codeSize })] : []),
  ];
  return tables.filter((table) => table.rows.length > 0);
}
