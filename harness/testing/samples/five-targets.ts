/** Test support: results of two targets as if all five that there are had run, so that a report shows how it bears them. */
import type { Results } from "../../experiments/results.ts";

/** Each target, and whose rows it is given. */
const origins = [
  ["resonate@embedded", "resonate@embedded"],
  ["resonate@server", "resonate@embedded"],
  ["resonate@postgres", "resonate@embedded"],
  ["redis-bullmq@redis", "redis-bullmq@redis"],
  ["postgres-queue@postgres", "redis-bullmq@redis"],
] as const;

export const fiveTargets: readonly string[] = origins.map(([name]) => name);

export function onFiveTargets(results: Results): Results {
  const [first, ...others] = fiveTargets;
  const ratios = results.loadRatios.flatMap((row) =>
    others.map((target) => ({ ...row, target, against: first ?? "" })),
  );
  return {
    ...results,
    targets: fiveTargets.map((name) => ({ name, status: "ran", reason: null })),
    verdicts: onEach(results.verdicts),
    faults: onEach(results.faults),
    recovery: onEach(results.recovery),
    wakes: onEach(results.wakes),
    crashMatrix: onEach(results.crashMatrix),
    claims: onEach(results.claims),
    durability: onEach(results.durability),
    load: onEach(results.load),
    loadRatios: ratios,
    idleScale: onEach(results.idleScale),
    cost: onEach(results.cost),
    overload: onEach(results.overload),
    soak: onEach(results.soak),
    growth: onEach(results.growth),
    codeSize: [
      ...results.codeSize,
      ...results.codeSize
        .filter(({ implementation }) => implementation === "redis-bullmq")
        .map((row) => ({ ...row, implementation: "postgres-queue" })),
    ],
  };
}

function onEach<Row extends { readonly target: string }>(rows: readonly Row[]): readonly Row[] {
  return origins.flatMap(([target, origin]) =>
    rows.filter((row) => row.target === origin).map((row) => ({ ...row, target })),
  );
}
