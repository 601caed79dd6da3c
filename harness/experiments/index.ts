/** The experiments, in the order of a report. What is listed here has a command, rows, tables, figures and an exit code. */
import { chaos } from "./chaos/chaos.ts";
import { claims } from "./claims/claims.ts";
import { codeSize } from "./code-size/code-size.ts";
import { cost } from "./cost/cost.ts";
import { crashMatrix } from "./crash-matrix/crash-matrix.ts";
import { durability } from "./durability/durability.ts";
import type { Experiment } from "./experiment.ts";
import { faults } from "./faults/faults.ts";
import { idleScale } from "./idle-scale/idle-scale.ts";
import { load } from "./load/load.ts";
import { recovery } from "./recovery/recovery.ts";
import { selftest } from "./selftest/selftest.ts";
import { soak } from "./soak/soak.ts";
import { upgrade } from "./upgrade/upgrade.ts";

const listed = [
  chaos,
  recovery,
  faults,
  crashMatrix,
  claims,
  upgrade,
  durability,
  load,
  idleScale,
  cost,
  soak,
  selftest,
  codeSize,
] as const;

export const experiments: readonly Experiment[] = listed;

/** A union of types as their intersection. */
type Intersected<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** All rows that a results file holds. */
export type Rows = Intersected<
  (typeof listed)[number] extends infer Each
    ? Each extends { overviews(rows: infer Own): unknown }
      ? Own
      : never
    : never
>;
