/** The parts of the experiment `selftest` and their sizes: the broken variants, then the correct targets left alone and under kills. */
import pLimit from "p-limit";
import { generatedLedger } from "../checks/generated.ts";
import { judge } from "../checks/judge.ts";
import { mergeVerdicts } from "../checks/verdict.ts";
import { indexHistory } from "../history/history.ts";
import type { FalseAlarmRow } from "../report/results-schema.ts";
import { type Variants, variantsNamed } from "../selftest/variants/variants.ts";
import type { Target } from "../targets.ts";
import type { Experiment } from "./conduct.ts";
import { planOfRuns, playRuns, type Runs } from "./false-alarms.ts";
import { playHarnessVariants } from "./harness-variants.ts";
import { caseTiming } from "./profiles.ts";
import { withCaseCounts, withProgress } from "./progress.ts";
import { casesOf, playVariants } from "./selftest.ts";

interface SelftestSize {
  readonly variant?: string;
  readonly runs: number;
  readonly samples: number;
  readonly seed: number;
}

/** Fewer than elsewhere: what is judged here is also how late a session wakes. */
const lanes = 6;
const stagesAtOnce = 2;

const { leaseMs, retryDelayMs } = caseTiming;
const calm = { sessionsPerRun: 20, everyMs: 1_500, killsPerRun: 0, leaseMs, retryDelayMs };
const rough = { ...calm, everyMs: 4_000, killsPerRun: 2 };

/** @throws UsageError for a variant that does not exist. */
export function selftestExperiments(
  { variant, runs, samples, seed }: SelftestSize,
  targets: readonly Target[],
): readonly Experiment[] {
  const variants = variantsNamed(variant);
  const alarms: FalseAlarmRow[] = []; // each experiment's rows take the place of the one's before
  const alone = (shape: Omit<Runs, "seed" | "runs">, count: number): Experiment => {
    const plan = planOfRuns({ ...shape, seed, runs: count });
    return async (run) => {
      alarms.push(
        ...(await withProgress(plan, targets, (target, _, watch) => playRuns(run, target, plan, watch))),
      );
      return { falseAlarms: alarms };
    };
  };
  return [
    async (run) => {
      const concerned = targets.filter(({ name }) =>
        variants.ofImplementations.some(({ of }) => of === name),
      );
      const sizes = { samples, leaseMs, retryDelayMs, inLane: pLimit(lanes) };
      const played = await withCaseCounts(
        [...concerned, ...(variants.ofHarness.length > 0 ? [harness] : [])],
        ({ name }) => totalOf(name, variants),
        async (on, onCase) => {
          if (!("startStore" in on))
            return { selftest: await playHarnessVariants(run, variants.ofHarness, onCase), falseAlarms: [] };
          const own = variants.ofImplementations.filter(({ of }) => of === on.name);
          return playVariants(run, on, own, { ...sizes, onStage: pLimit(stagesAtOnce) }, onCase);
        },
      );
      alarms.push(...played.flatMap(({ falseAlarms }) => falseAlarms));
      return { selftest: played.flatMap(({ selftest }) => selftest), falseAlarms: alarms };
    },
    ...(variant === undefined && runs > 0
      ? [alone(calm, runs), alone(rough, Math.ceil((2 * runs) / 5))]
      : []),
  ];
}

const harness = { name: "harness" };

function totalOf(name: string, { ofImplementations, ofHarness }: Variants): number {
  return name === harness.name
    ? ofHarness.length
    : casesOf(ofImplementations.filter(({ of }) => of === name));
}

/** One sentence: how fast all invariants judge a long ledger. */
export function checkerSpeed(): string {
  const entries = generatedLedger({ seed: 1, mode: "idempotent", sessions: 46_000, faults: 230, leaseMs });
  const startedAt = performance.now();
  const cpuBefore = process.threadCpuUsage();
  const history = indexHistory(entries);
  const sessions = [...history.sessions.keys()].map((sessionId) => ({ sessionId }));
  const verdicts = judge(history, sessions, { faultsInjected: true, leaseMs });
  const tookMs = performance.now() - startedAt;
  const { user, system } = process.threadCpuUsage(cpuBefore);
  const cpuMs = (user + system) / 1_000; // what it takes on a machine that has nothing else to do
  const verdict = mergeVerdicts(verdicts.map((each) => each.verdict));
  const perSecond = Math.round((1_000 * entries.length) / cpuMs);
  const times = `${(cpuMs / 1_000).toFixed(2)} s of CPU time (${(tookMs / 1_000).toFixed(2)} s by the clock)`;
  return `${entries.length} ledger entries through ${verdicts.length} invariants in ${times}: ${perSecond} entries/s, verdict ${verdict}.`;
}
