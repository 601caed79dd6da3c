/** A small hand-written set of results, with one of everything that a report must show; the renderers' tests read it. */
import type { Rows } from "../../experiments/index.ts";
import { type Results, resultsOf } from "../../experiments/results.ts";
import type { RunFacts } from "../../report/run-facts.ts";
import { verdictRow } from "../verdict-row.ts";
import { claim } from "./sample-claim.ts";
import { sampleFaults } from "./sample-faults.ts";
import { samplePerformance } from "./sample-performance.ts";
import { sampleSoak } from "./sample-soak.ts";
import { sampleUpgrades } from "./sample-upgrades.ts";

const [embedded, redis] = ["resonate@embedded", "redis-bullmq@redis"] as const;

const facts: RunFacts = {
  schemaVersion: 1,
  run: {
    command: "chaos",
    arguments: ["--seed", "4711"],
    profile: "quick",
    seed: 4711,
    startedAt: "2026-03-01T12:00:00.000Z",
    wallMs: 101_250,
    exitCode: 1,
    commit: "0123456789abcdef0123456789abcdef01234567",
  },
  machine: { cpu: "Example CPU 3.0 GHz", cores: 2, memoryBytes: 8 * 1024 ** 3, os: "linux 6.1.0 x64" },
  versions: { node: "24.21.0", redis: "7.0.15", bullmq: "6.7.0", resonateStore: null },
  targets: [
    { name: embedded, status: "ran", reason: null },
    { name: redis, status: "ran", reason: null },
    { name: "resonate@server", status: "unavailable", reason: "resonate was not found; set RESONATE_BIN." },
  ],
};

const rows: Partial<Rows> = {
  verdicts: [
    verdictRow({ target: embedded, mode: "idempotent", invariant: "recorded-once" }),
    verdictRow({
      target: embedded,
      mode: "naive",
      invariant: "recorded-once",
      guaranteed: false,
      verdict: "fail",
      exposed: 150,
      violatingExposed: 12,
      violationCount: 14,
      violations: [],
      upper95: 0.126,
      rate95: [0.042, 0.1357],
    }),
    verdictRow({
      target: redis,
      mode: "idempotent",
      invariant: "recorded-once",
      verdict: "fail",
      violatingExposed: 2,
      violationCount: 3,
      upper95: 0.0208,
      violations: [
        {
          session: "s-17",
          what: "activity 1 landed twice",
          evidence: [
            { seq: "1-0", at: 1000, kind: "landed", session: "s-17", step: "record:1", worker: "w0#1" },
            { seq: "9-0", at: 2400, kind: "landed", session: "s-17", step: "record:1", worker: "w1#1" },
          ],
        },
      ],
    }),
    verdictRow({
      target: redis,
      mode: "naive",
      invariant: "recorded-once",
      guaranteed: false,
      exposed: 0,
      exposedClusters: 0,
      upper95: null,
      verdict: "unknown",
      reason: "no fault hit a session of this mode",
    }),
    verdictRow({
      target: embedded,
      mode: "idempotent",
      invariant: "timer-kept",
      exposed: 41,
      upper95: 0.0705,
    }),
    verdictRow({
      target: redis,
      mode: "idempotent",
      invariant: "timer-kept",
      exposed: 0,
      exposedClusters: 0,
      upper95: null,
      verdict: "unknown",
      reason: "no fault left a session waiting",
    }),
  ],
  faults: [
    {
      target: embedded,
      id: "f1",
      kind: "kill",
      effective: true,
      interrupted: 4,
      leftWaiting: 0,
      overstayed: null,
    },
    {
      target: embedded,
      id: "f2",
      kind: "kill",
      effective: false,
      interrupted: 0,
      leftWaiting: 0,
      overstayed: null,
    },
    {
      target: embedded,
      id: "f3",
      kind: "kill-all",
      effective: true,
      interrupted: 7,
      leftWaiting: 5,
      overstayed: null,
    },
    {
      target: redis,
      id: "f1",
      kind: "kill",
      effective: true,
      interrupted: 3,
      leftWaiting: 0,
      overstayed: null,
    },
  ],
  smallestPlans: [
    {
      target: redis,
      invariant: "recorded-once",
      mode: "idempotent",
      file: "smallest-plan-1.json",
      sessions: 1,
      faults: 1,
      tried: 9,
    },
    {
      target: embedded,
      invariant: "timer-kept",
      mode: "naive",
      file: null,
      sessions: 900,
      faults: 38,
      tried: 2,
    },
  ],
  crashMatrix: [
    cell("idempotent", "after", 1, 1200.4, "pass"),
    cell("naive", "after", 2, 1180, "pass"),
    cell("naive", "before", 0, null, "unknown"),
  ],
  claims: [
    claim(embedded, "does-not-hold", "pass", 0),
    claim(redis, "holds", "fail", 3),
    claim("resonate@server", "holds", "unknown", null),
  ],
  codeSize: [
    size("resonate", "implementations/resonate/lifecycle.ts", "lifecycle", 26, 7, 23, 628),
    size("resonate", "implementations/resonate/worker.ts", "wiring", 13, 1, 12, 340),
    size(
      "resonate-by-the-book",
      "implementations/resonate/by-the-book/lifecycle.ts",
      "lifecycle",
      20,
      4,
      18,
      480,
    ),
    size("redis-bullmq", "implementations/redis-bullmq/lifecycle.ts", "lifecycle", 61, 5, 43, 908),
    size("redis-bullmq", "implementations/redis-bullmq/idle-timer.ts", "timer", 6, 11, 6, 208),
    size("redis-bullmq", "implementations/redis-bullmq/worker.ts", "wiring", 29, 2, 17, 510),
    size("redis-bullmq", "implementations/redis-bullmq/worker.ts", "work-arounds", 19, 6, 11, 304),
    size("redis-bullmq", "implementations/session/steps.ts", "from the ground floor", 4, 1, 3, 70),
    size("shared", "implementations/session/steps.ts", "vocabulary", 31, 6, 14, 391),
  ],
  ...sampleUpgrades,
  ...sampleFaults,
  ...samplePerformance,
  ...sampleSoak,
  selftest: [
    broken("no-keys", "pass", { provoked: 8, violating: 8, rate95: [0.6306, 1] }),
    broken("no-fence", "fail", { provoked: 8, violating: 0, rate95: [0, 0.3694], defence: null }),
  ],
  falseAlarms: [
    { ...quiet(redis), what: "without faults", runs: 50, sessions: 1000, faults: 0 },
    { ...quiet(embedded), alarms: 1, violated: ["timer-kept"], verdict: "fail" },
  ],
};

export const sampleResults: Results = resultsOf(facts, { ...rows });

function broken(
  variant: string,
  verdict: "pass" | "fail",
  figures: Partial<Results["selftest"][number]>,
): Results["selftest"][number] {
  return {
    variant,
    of: redis,
    defect: "Effects carry no idempotency key.",
    provocation: "The worker dies.",
    expected: "recorded-once",
    caughtBy: verdict === "pass" ? ["recorded-once", "in-order"] : [],
    verdict,
    provoked: 0,
    violating: 0,
    rate95: null,
    originalProvoked: 8,
    originalViolating: 0,
    faults: 8,
    wallMs: 12_340,
    defence: { name: "key", lines: 13 },
    ...figures,
  };
}

function quiet(target: string): Results["falseAlarms"][number] {
  return {
    target,
    what: "with random kills",
    runs: 20,
    sessions: 400,
    faults: 41,
    disturbed: 2,
    playedAgain: 1,
    alarms: 0,
    violated: [],
    verdict: "pass",
  };
}

function cell(
  mode: "idempotent" | "naive",
  point: string,
  landed: number,
  recoveredMs: number | null,
  verdict: "pass" | "unknown",
): Results["crashMatrix"][number] {
  const executions = landed + 1;
  return {
    target: redis,
    session: `record-1-${point}-${mode}`,
    mode,
    step: "record:1",
    point,
    landed,
    suppressed: 1,
    executions,
    recoveredMs,
    verdict,
    playedAgain: 0,
  };
}

function size(
  implementation: string,
  file: string,
  concern: string,
  codeLines: number,
  commentLines: number,
  statements: number,
  gzipBytes: number,
): Results["codeSize"][number] {
  const workAroundFor = concern === "work-arounds" ? "bullmq 6.7.0" : null;
  return { implementation, file, concern, workAroundFor, codeLines, commentLines, statements, gzipBytes };
}
