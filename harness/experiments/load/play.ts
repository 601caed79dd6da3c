/**
 * Measures load: how many sessions per second each target carries, and how long each takes, at rising
 * concurrency and without any fault. The targets, and beside each the least that its engine can do, work in turns, a
 * short round each, so that whatever the machine does meanwhile it does to all of them.
 */
import { availableParallelism, cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { stepsOf } from "../../../implementations/session/steps.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import { percentilesOf } from "../../run/percentiles.ts";
import { withCaseCounts } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Part } from "../../run/run-experiments.ts";
import type { Target } from "../../run/target.ts";
import type { Pace } from "../../workers/load-client-main.ts";
import { Arm, type ArmKind, hasCeiling, type Measured } from "./arm.ts";
import { drifts, estimateOf, medianOf } from "./bootstrap.ts";
import type { LoadRatioRow, LoadRow, LoadRows, loadWarnings } from "./rows.ts";
import type { LoadSettings } from "./settings.ts";

const stepsPerSession = stepsOf(1).length;
/** The rate at which all targets are compared is this share of what the slowest of them carries. */
const shareOfSlowest = 0.5;
/** Clients that the witness is measured with. */
const witnessedCallers = 16;
const warmUpCallers = 16;
const probeMs = 300;
const busyTolerated = 0.15;

/** Measures all targets in turns. Nothing else may run beside it. */
export function playLoad(targets: readonly Target[], settings: LoadSettings): Part {
  const all = { name: "load, all targets in turns" };
  const count = settings.workers.length * settings.clients.length + (settings.extras ? 1 : 0);
  return async (run) => {
    const [found] = await withCaseCounts(
      [all],
      () => count,
      (_, onSetting) => measureAll(run, targets, settings, onSetting),
    );
    return { ...found };
  };
}

async function measureAll(
  run: Run,
  targets: readonly Target[],
  settings: LoadSettings,
  onSetting: () => void,
): Promise<LoadRows> {
  const found: Comparison[] = [];
  const { leaseMs, retryDelayMs } = settings;
  for (const [index, workers] of settings.workers.entries()) {
    const experiment = `load-${workers}`;
    const environments = await Promise.all(
      targets.map((target) => TargetEnvironment.open({ run, experiment, target, leaseMs, retryDelayMs })),
    );
    const hasExtras = settings.extras && index === Math.max(0, settings.workers.length - 2);
    found.push(...(await measure(environments, workers, settings, hasExtras, onSetting)));
    await Promise.all(environments.map((environment) => environment.close()));
  }
  return rowsOf(found);
}

/** What one setting found of each arm, in rounds that were taken in turns. */
interface Comparison {
  readonly setting: Pick<LoadRow, "clients" | "workers" | "ratePerSecond">;
  readonly arms: readonly { readonly kind: ArmKind; readonly measured: readonly Measured[] }[];
  readonly wasBusy: boolean;
}

async function measure(
  environments: readonly TargetEnvironment[],
  workers: number,
  { clients, rounds, roundMs, warmUpMs }: LoadSettings,
  hasExtras: boolean,
  onSetting: () => void,
): Promise<Comparison[]> {
  const arms = await openArms(environments, workers, hasExtras);
  for (const arm of arms) await arm.round({ kind: "closed", callers: warmUpCallers }, warmUpMs);
  const found: Comparison[] = [];
  const compare = async (chosen: readonly Arm[], setting: Comparison["setting"], pace: Pace) => {
    found.push({ setting, ...(await inTurns(chosen, pace, rounds, roundMs)) });
    onSetting();
  };
  const unwitnessed = arms.filter(({ kind }) => kind.world !== "witnessed");
  for (const callers of clients) {
    const pace: Pace = callers === 1 ? { kind: "one by one" } : { kind: "closed", callers };
    const chosen = hasExtras && callers === witnessedCallers ? arms : unwitnessed;
    await compare(chosen, { clients: callers, workers, ratePerSecond: null }, pace);
  }
  if (hasExtras) {
    const lifecycles = arms.filter(({ kind }) => kind.work === "lifecycle" && kind.world === "no-op");
    const perSecond = Math.max(1, Math.floor(shareOfSlowest * slowestOf(found)));
    const setting = { clients: null, workers, ratePerSecond: perSecond };
    await compare(lifecycles, setting, { kind: "rate", perSecond });
  }
  await Promise.all(arms.map((arm) => arm.close()));
  return found;
}

async function openArms(
  environments: readonly TargetEnvironment[],
  workers: number,
  witnessed: boolean,
): Promise<Arm[]> {
  const kinds: readonly Omit<ArmKind, "target">[] = [
    { work: "lifecycle", world: "no-op" },
    { work: "engine-ceiling", world: "none" },
    ...(witnessed ? ([{ work: "lifecycle", world: "witnessed" }] as const) : []),
  ];
  const arms: Arm[] = [];
  for (const kind of kinds) {
    const able = environments.filter(({ target }) => kind.work === "lifecycle" || hasCeiling(target));
    arms.push(
      ...(await Promise.all(
        able.map((environment) =>
          Arm.open({ ...kind, target: environment.target.name }, environment, workers),
        ),
      )),
    );
  }
  return arms;
}

/** A B, A B, …: every arm has one round, then every arm has its next. */
async function inTurns(
  arms: readonly Arm[],
  pace: Pace,
  rounds: number,
  roundMs: number,
): Promise<Omit<Comparison, "setting">> {
  for (const arm of arms) await arm.round(pace, roundMs); // not counted: the setting is new to it
  const wasBusy = (await busyShare()) > busyTolerated;
  const measured = new Map(arms.map((arm) => [arm, [] as Measured[]]));
  for (let round = 0; round < rounds; round++) {
    for (const arm of arms) measured.get(arm)?.push(await arm.round(pace, roundMs));
  }
  return { wasBusy, arms: [...measured].map(([{ kind }, each]) => ({ kind, measured: each })) };
}

/** Sessions per second of the slowest lifecycle, at the setting at which it was best. */
function slowestOf(found: readonly Comparison[]): number {
  const best = new Map<string, number>();
  for (const { arms } of found) {
    for (const { kind, measured } of arms) {
      if (kind.work !== "lifecycle" || kind.world !== "no-op") continue;
      const rate = medianOf(measured.map(({ sessionsPerSecond }) => sessionsPerSecond));
      best.set(kind.target, Math.max(rate, best.get(kind.target) ?? 0));
    }
  }
  return Math.min(...best.values());
}

/** The share of its processors that the machine spends while nothing of ours works. */
async function busyShare(): Promise<number> {
  const spentMs = () =>
    cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const before = spentMs();
  const startedAt = performance.now();
  await delay(probeMs);
  return (spentMs() - before) / ((performance.now() - startedAt) * availableParallelism());
}

/** From rounds to the rows of `results.json`. Pure. */
function rowsOf(found: readonly Comparison[]): LoadRows {
  return {
    load: found.flatMap((comparison) => comparison.arms.map(({ kind }) => loadRowOf(kind, comparison))),
    loadRatios: found.flatMap(ratiosOf),
  };
}

function loadRowOf(kind: ArmKind, { setting, arms }: Comparison): LoadRow {
  const measured = measuredOf(arms, kind);
  const sessionsPerSecond = estimateOf(measured.map((round) => round.sessionsPerSecond));
  const requestsPerSession = medianOrNull(measured.map((round) => round.requestsPerSession));
  const ceiling = measuredOf(arms, { ...kind, work: "engine-ceiling", world: "none" });
  const isLifecycle = kind.work === "lifecycle";
  const requestsPerSecond = (rounds: readonly Measured[]) =>
    medianOrNull(
      rounds.map((round) => round.requestsPerSession && round.requestsPerSession * round.sessionsPerSecond),
    );
  const [reached, possible] = [requestsPerSecond(measured), requestsPerSecond(ceiling)];
  return {
    ...kind,
    ...setting,
    sessionsPerSecond,
    requestsPerSession,
    rounds: measured.length,
    sessions: measured.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0),
    stepsPerSecond: isLifecycle ? stepsPerSession * sessionsPerSecond.value : null,
    shareOfCeiling: isLifecycle && reached !== null && possible !== null ? reached / possible : null,
    ...percentilesOf(measured.flatMap(({ latenciesMs }) => latenciesMs)),
  };
}

/** Null where nothing was measured, or part of it was not. */
function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : medianOf(known);
}

function measuredOf(arms: Comparison["arms"], wanted: ArmKind): readonly Measured[] {
  const found = arms.find(
    ({ kind }) => kind.target === wanted.target && kind.work === wanted.work && kind.world === wanted.world,
  );
  return found?.measured ?? [];
}

/** Each target's lifecycle against the first one's, pair by pair; at a fixed rate there is nothing to compare. */
function ratiosOf({ setting, arms, wasBusy }: Comparison): LoadRatioRow[] {
  const { clients, workers } = setting;
  if (clients === null) return [];
  const lifecycles = arms.filter(({ kind }) => kind.work === "lifecycle");
  return lifecycles.flatMap(({ kind, measured }) => {
    const against = lifecycles.find((other) => other.kind.world === kind.world);
    if (against === undefined || against.kind.target === kind.target) return [];
    const rates = measured.map(({ sessionsPerSecond }) => sessionsPerSecond);
    const others = against.measured.map(({ sessionsPerSecond }) => sessionsPerSecond);
    const ratio = estimateOf(rates.map((rate, pair) => rate / (others[pair] ?? Number.NaN)));
    const warnings: (typeof loadWarnings)[number][] = [
      ...(ratio.low95 <= 1 && 1 <= ratio.high95 ? (["interval includes 1"] as const) : []),
      ...(drifts(rates) || drifts(others) ? (["rounds drift"] as const) : []),
      ...(wasBusy ? (["machine was busy"] as const) : []),
    ];
    const { target, world } = kind;
    return [
      { target, against: against.kind.target, world, clients, workers, pairs: rates.length, ratio, warnings },
    ];
  });
}
