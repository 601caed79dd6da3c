/** Which tables a report has, in the order in which it shows them. */
import { claimTable, evidenceTables } from "../experiments/claims/tables.ts";
import { codeSizeFilesTable, codeSizeTable } from "../experiments/code-size/tables.ts";
import { costGrowthTable, costTable, footprintTable, requestTables } from "../experiments/cost/tables.ts";
import { crashMatrixTables } from "../experiments/crash-matrix/tables.ts";
import { durabilityTable } from "../experiments/durability/tables.ts";
import { latenessTable, sleeperTable } from "../experiments/idle-scale/tables.ts";
import { latencyTable, loadRatioTable, loadTable } from "../experiments/load/tables.ts";
import { defenceTable, falseAlarmTable, selftestTable } from "../experiments/selftest/tables.ts";
import { faultTable, recoveryTable } from "../experiments/verdicts/fault-tables.ts";
import { verdictTables } from "../experiments/verdicts/tables.ts";
import type { Results } from "./results-schema.ts";
import type { Table } from "./table.ts";

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
