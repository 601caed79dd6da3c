/** Which tables a report has, in the order in which it shows them. */
import { claimTable, evidenceTables } from "./claim-tables.ts";
import { codeSizeFilesTable, codeSizeTable } from "./code-size-tables.ts";
import { costGrowthTable, costTable, footprintTable, requestTables } from "./cost-tables.ts";
import { crashMatrixTables } from "./crash-matrix-tables.ts";
import { durabilityTable } from "./durability-table.ts";
import { faultTable, recoveryTable } from "./fault-tables.ts";
import { latenessTable, sleeperTable } from "./idle-scale-tables.ts";
import { latencyTable, loadRatioTable, loadTable } from "./load-tables.ts";
import type { Results } from "./results-schema.ts";
import { defenceTable, falseAlarmTable, selftestTable } from "./selftest-tables.ts";
import type { Table } from "./table.ts";
import { verdictTables } from "./verdict-tables.ts";

/** The tables of what has been measured so far: an experiment that did not run has none. Pure. */
export function tablesOf(results: Partial<Results>): readonly Table[] {
  const { claims = [], codeSize = [], cost = [] } = results;
  return filled([
    ...overviewsOf(results),
    ...evidenceTables({ claims }),
    ...requestTables({ cost }),
    codeSizeFilesTable({ codeSize }),
  ]);
}

/** Those of them that answer a question; what the answers rest on is left out. Pure. */
export function overviewTablesOf(results: Partial<Results>): readonly Table[] {
  return filled(overviewsOf(results));
}

function overviewsOf({
  verdicts = [],
  faults = [],
  recovery = [],
  crashMatrix = [],
  claims = [],
  durability = [],
  load = [],
  loadRatios = [],
  idleScale = [],
  cost = [],
  codeSize = [],
  footprint = [],
  selftest = [],
  falseAlarms = [],
}: Partial<Results>): readonly Table[] {
  return [
    ...verdictTables({ verdicts }),
    faultTable({ faults }),
    recoveryTable({ recovery }),
    ...crashMatrixTables({ crashMatrix }),
    claimTable({ claims }),
    durabilityTable({ durability }),
    loadTable({ load }),
    loadRatioTable({ loadRatios }),
    latencyTable({ load }),
    sleeperTable({ idleScale }),
    latenessTable({ idleScale }),
    costTable({ cost }),
    costGrowthTable({ cost }),
    selftestTable({ selftest }),
    defenceTable({ selftest }),
    falseAlarmTable({ falseAlarms }),
    ...(codeSize.length > 0 ? [codeSizeTable({ codeSize })] : []),
    footprintTable({ footprint }),
  ];
}

function filled(tables: readonly Table[]): readonly Table[] {
  return tables.filter((table) => table.rows.length > 0);
}
