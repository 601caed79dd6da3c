/** From the rounds of a load to the rows of `results.json`. Pure. */
import { stepsOf } from "../../../implementations/session/steps.ts";
import { percentilesOf } from "../../run/percentiles.ts";
import type { Measured } from "./arm.ts";
import { estimateOf, medianOf } from "./bootstrap.ts";
import type { Cell } from "./cell.ts";
import type {
  LoadAaRow,
  LoadLeftOutRow,
  LoadRatioRow,
  LoadRow,
  LoadRows,
  LoadTunedRow,
  loadWarnings,
} from "./rows.ts";
import { ratesOf, ratiosOf, type Taken } from "./turns.ts";

const stepsPerSession = stepsOf(1).length;

/** Of targets as they are. */
export function rowsOf(
  all: readonly Taken[],
): Pick<LoadRows, "load" | "loadRatios" | "loadAa" | "loadLeftOut"> {
  const sound = all.filter(isSound);
  const loadAa = sound.flatMap(aaOf);
  return {
    load: sound.filter(({ cell }) => !cell.isAgain).map((taken) => loadRowOf(taken, sound)),
    loadRatios: sound.flatMap((taken) => ratioOf(taken, loadAa)),
    loadAa,
    loadLeftOut: leftOutOf(all),
  };
}

/** Of targets that are tuned, each held against itself untuned; `loadAa` is the noise of the run. */
export function tunedRowsOf(
  all: readonly Taken[],
  loadAa: readonly LoadAaRow[],
): Pick<LoadRows, "loadTuned" | "loadLeftOut"> {
  return {
    loadTuned: all.filter(isSound).flatMap((taken) => tunedRowOf(taken, loadAa)),
    loadLeftOut: leftOutOf(all),
  };
}

function isSound({ flaws }: Taken): boolean {
  return flaws.length === 0;
}

/** Sessions per second of a target's lifecycle where callers wait, at the setting at which it was best; absent where no row is sound. */
export function peaksOf(all: readonly Taken[], workers: number): ReadonlyMap<string, Taken> {
  const best = new Map<string, Taken>();
  const rateOf = ({ rounds }: Taken) => medianOf(ratesOf(rounds));
  for (const taken of all) {
    const { kind, setting, target, isAgain } = taken.cell;
    if (isAgain || !isSound(taken) || setting.workers !== workers) continue;
    if (kind.work !== "lifecycle" || kind.world !== "no-op" || setting.clients === null) continue;
    const before = best.get(target.name);
    if (before === undefined || rateOf(taken) > rateOf(before)) best.set(target.name, taken);
  }
  return best;
}

function placeOf({ target, kind, setting }: Cell) {
  return { target: target.name, ...kind, ...setting };
}

function leftOutOf(all: readonly Taken[]): readonly LoadLeftOutRow[] {
  return all
    .filter((taken) => !isSound(taken))
    .map(({ cell, flaws, roundsInAll }) => ({ ...placeOf(cell), flaws, rounds: roundsInAll }));
}

function loadRowOf({ cell, rounds, unfinishedRounds }: Taken, sound: readonly Taken[]): LoadRow {
  const sessionsPerSecond = estimateOf(ratesOf(rounds));
  const isLifecycle = cell.kind.work === "lifecycle";
  const ceiling = sound.find(
    (other) => other.cell.kind.work === "engine-ceiling" && isAsked(other.cell, cell),
  );
  const [reached, possible] = [requestsPerSecond(rounds), requestsPerSecond(ceiling?.rounds ?? [])];
  return {
    ...placeOf(cell),
    sessionsPerSecond,
    ofRounds: ratesOf(rounds),
    requestsPerSession: medianOrNull(rounds.map((round) => round.requestsPerSession)),
    rounds: rounds.length,
    unfinishedRounds,
    sessions: rounds.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0),
    stepsPerSecond: isLifecycle ? stepsPerSession * sessionsPerSecond.value : null,
    shareOfCeiling: isLifecycle && reached !== null && possible !== null ? reached / possible : null,
    ...percentilesOf(rounds.flatMap(({ latenciesMs }) => latenciesMs)),
  };
}

/** Whether the same is asked of the same target, with callers that wait: at a fixed rate nothing is driven to its limit. */
function isAsked(one: Cell, other: Cell): boolean {
  return (
    one.target === other.target &&
    other.setting.clients !== null &&
    one.setting.clients === other.setting.clients &&
    one.setting.workers === other.setting.workers
  );
}

function requestsPerSecond(rounds: readonly Measured[]): number | null {
  return medianOrNull(
    rounds.map((round) => round.requestsPerSession && round.requestsPerSession * round.sessionsPerSecond),
  );
}

/** Null where nothing was measured, or part of it was not. */
export function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : medianOf(known);
}

function pairsOf(taken: Taken): Pick<LoadAaRow, "pairs" | "ratio" | "ofPairs"> {
  const ofPairs = ratiosOf(taken);
  return { pairs: ofPairs.length, ratio: estimateOf(ofPairs), ofPairs };
}

function aaOf(taken: Taken): LoadAaRow[] {
  const { cell } = taken;
  const { clients, workers } = cell.setting;
  return cell.isAgain && clients !== null
    ? [{ target: cell.target.name, clients, workers, ...pairsOf(taken) }]
    : [];
}

/** Each target's lifecycle against that of the baseline, pair by pair. */
function ratioOf(taken: Taken, loadAa: readonly LoadAaRow[]): LoadRatioRow[] {
  const { target, kind, setting, against, isAgain } = taken.cell;
  const { clients, workers } = setting;
  if (isAgain || against === null || clients === null) return [];
  const pairs = pairsOf(taken);
  const { world } = kind;
  return [
    {
      target: target.name,
      against: against.target.name,
      world,
      clients,
      workers,
      ...pairs,
      warnings: warningsOf(pairs.ratio, loadAa),
    },
  ];
}

function tunedRowOf(taken: Taken, loadAa: readonly LoadAaRow[]): LoadTunedRow[] {
  const { target, setting, against } = taken.cell;
  const { clients, workers } = setting;
  if (against === null || clients === null) return [];
  const pairs = pairsOf(taken);
  return [
    {
      target: against.target.name,
      tuned: target.name,
      clients,
      workers,
      sessionsPerSecond: estimateOf(ratesOf(taken.rounds)),
      ...pairs,
      warnings: warningsOf(pairs.ratio, loadAa),
    },
  ];
}

/** Why a ratio shows no difference: by itself, or since the run's own noise is as great. */
function warningsOf(
  ratio: LoadRatioRow["ratio"],
  loadAa: readonly LoadAaRow[],
): (typeof loadWarnings)[number][] {
  const isNoise = loadAa.some((aa) => aa.ratio.low95 <= ratio.value && ratio.value <= aa.ratio.high95);
  return [
    ...(ratio.low95 <= 1 && 1 <= ratio.high95 ? (["interval includes 1"] as const) : []),
    ...(isNoise ? (["within the A/A interval"] as const) : []),
  ];
}
