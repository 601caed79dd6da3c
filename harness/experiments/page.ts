/** The sections of the page, in the order in which they are read. This is bundled into it, and the list beside it is not. */
import type { SectionOf } from "../report/page/page-view.ts";
import { drawPage } from "../report/page/shell.ts";
import { timelineSection } from "../report/page/timeline-view.ts";
import { byTheBook } from "./chaos/page/by-the-book.ts";
import { faults } from "./chaos/page/faults.ts";
import { guarantees } from "./chaos/page/guarantees.ts";
import { latency } from "./chaos/page/latency.ts";
import { type VerdictExtras, violations } from "./chaos/page/violations.ts";
import { claims } from "./claims/page.ts";
import { codeSize, type LifecycleExtras, lifecycles } from "./code-size/page.ts";
import { cost } from "./cost/page.ts";
import { crashMatrix } from "./crash-matrix/page.ts";
import { durability } from "./durability/page.ts";
import { faultOutcomes } from "./faults/page.ts";
import { idleScale } from "./idle-scale/page.ts";
import type { Rows } from "./index.ts";
import { load } from "./load/page/load.ts";
import { recovery } from "./recovery/page.ts";
import { selftest } from "./selftest/page.ts";
import { soak } from "./soak/page.ts";
import { upgrade } from "./upgrade/page.ts";

const sections: readonly SectionOf<Rows, VerdictExtras & LifecycleExtras>[] = [
  guarantees,
  violations,
  byTheBook,
  crashMatrix,
  claims,
  faultOutcomes,
  upgrade,
  timelineSection,
  faults,
  recovery,
  latency,
  load,
  idleScale,
  cost,
  soak,
  durability,
  codeSize,
  lifecycles,
  selftest,
];

void drawPage(sections);
