/**
 * Broken variants of the harness itself: each is run from the outside, as a command of its own, and must not pass. The
 * first three run the same command, which the real harness runs too: there the sign of the defect must not show.
 */
import { join } from "node:path";
import type { Edit } from "../../engines/edit.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { writePlan } from "../../plan/plan-file.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { usualTargetNames } from "../../targets/targets.ts";

export interface HarnessVariant {
  readonly name: string;
  readonly defect: string;
  readonly edits: readonly Edit[];
  /** What must show, for a person. */
  readonly expected: string;
  /** How it is found in what the command said. */
  readonly sign: RegExp;
  /** The command's words; it may write the files that they name into `folder`. */
  command(folder: string, leaseMs: number): readonly string[];
}

/** The last of the usual targets: one is enough, and its store is the smallest. */
const targets = ["--targets", usualTargetNames.at(-1) ?? ""];

/** Enough entries for one in a thousand to be lost, and kills that find work. */
export function smallChaos(_folder: string, leaseMs: number): readonly string[] {
  const size = [
    "--lease",
    String(leaseMs),
    "--seed",
    "1",
    "--sessions",
    "60",
    "--arrivals",
    "6",
    "--kills",
    "3",
    "--kill-alls",
    "0",
  ];
  return ["chaos", ...targets, ...size];
}

/** Six short sessions, and a kill when all is long over. */
function planOfIneffectiveFaults(): Plan {
  const shape = { sessions: 6, arrivalsMs: 500, workers: 2, clients: 1, faults: { kill: 1 } };
  const plan = drawPlan(1, { ...shape, leaseMs: 1_000, retryDelayMs: 200 });
  const shortly = (session: Plan["sessions"][number]) => ({
    ...session,
    calls: session.calls.map((call) => ({ ...call, spec: { ...call.spec, idleTimeoutMs: 300 } })),
  });
  return {
    ...plan,
    sessions: plan.sessions.map(shortly),
    faults: plan.faults.map((fault) => ({ ...fault, atMs: 8_000 })),
  };
}

export const harnessVariants: readonly HarnessVariant[] = [
  {
    name: "lossy-ledger",
    defect: "The ledger loses one entry in a thousand.",
    edits: [
      {
        file: "harness/world/witness.ts",
        replace: "yield rows.map(",
        by: "yield rows.filter(([seq]) => seq !== '0' && ++this.read % 1000 !== 500).map(",
      },
      {
        file: "harness/world/witness.ts",
        replace: "  private readonly sessions: string[] = [];",
        by: "  private readonly sessions: string[] = [];\n  private read = 0;",
      },
    ],
    expected: "the run ends: its ledger is not whole",
    sign: /ledger lost/,
    command: smallChaos,
  },
  {
    name: "wrong-victim",
    defect: "A kill hits another process than the one that it names.",
    edits: [
      {
        file: "harness/workers/supervisor.ts",
        replace: 'for (const life of victims) life.child.kill("SIGKILL");',
        by: 'for (const life of this.slots) if (life !== null && !life.expectedToExit) life.child.kill("SIGKILL");',
      },
    ],
    expected: "the run ends: a worker exited unexpectedly",
    sign: /exited unexpectedly/,
    command: smallChaos,
  },
  {
    name: "throwing-checker",
    defect: "A checker throws.",
    edits: [
      {
        file: "harness/checks/invariants/recorded-once.ts",
        replace: "  violations: (session, { law }) => {",
        by: '  violations: (session, { law }) => {\n    if (session) throw new Error("this checker fell over");',
      },
    ],
    expected: "recorded-once is unknown",
    sign: /^recorded-once: unknown, this checker fell over/,
    command: smallChaos,
  },
  {
    name: "idle-faults",
    defect: "The plan's faults hit nobody.",
    edits: [],
    expected: "completed is unknown",
    sign: /^completed: unknown, .* none was hit/,
    command(folder) {
      const plan = join(folder, "idle-faults.json");
      writePlan(plan, planOfIneffectiveFaults());
      return ["replay", plan, ...targets];
    },
  },
];
