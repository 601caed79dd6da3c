/**
 * Turns of a load. In its turn a target has the machine to itself: its store, its workers and its client are started, work
 * and are ended before those of the next one are, so that nothing of another target polls or keeps memory beside it. What
 * differs from one start of the same processes to the next is part of what the interval of a row is about.
 */
import type { Child } from "../../processes/reaper.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import type { RateAlone } from "../../stores/store.ts";
import type { Pace } from "../../workers/load-client-main.ts";
import { Arm, type Measured, shareOfOthers } from "./arm.ts";
import { drifts, estimateOf, medianOf } from "./bootstrap.ts";
import { type Cell, paceOf } from "./cell.ts";
import type { loadFlaws } from "./rows.ts";
import type { LoadSettings } from "./settings.ts";

const warmUp: Pace = { kind: "closed", callers: 64 };
/** A row has enough turns when its interval ends within this share of its value. */
const narrow = 0.05;
/** The machine is busy where others than the run take more of its processors. */
const busyTolerated = 0.15;

/** The rounds of a cell, one for each of its turns, and those that it is compared with. */
export interface Taken {
  readonly cell: Cell;
  readonly rounds: readonly Measured[];
  readonly against: readonly Measured[];
  readonly flaws: readonly (typeof loadFlaws)[number][];
  /** How many rounds it had, those among them that newer ones replaced. */
  readonly roundsInAll: number;
}

/** Takes turns of a run, each under a name of its own. */
export class Turns {
  private readonly run: Run;
  private readonly settings: LoadSettings;
  private taken = 0;

  constructor(run: Run, settings: LoadSettings) {
    this.run = run;
    this.settings = settings;
  }

  /**
   * A B, B A, A B, …: every target has a turn, then every target has its next, until each cell is done. In every second
   * the order is reversed, so that a machine that grows faster or slower favours no side.
   */
  async measure(cells: readonly Cell[]): Promise<readonly Taken[]> {
    const rounds = new Map(withThoseHeldAgainst(cells).map((cell) => [cell, new Map<number, Measured>()]));
    const all = () => cells.map((cell) => takenOf(cell, rounds, this.settings));
    for (let turn = 0; ; turn++) {
      const open = all().filter((taken) => !isDone(taken, this.settings));
      if (open.length === 0) return all();
      const ofProcesses = Map.groupBy(
        withThoseHeldAgainst(open.map(({ cell }) => cell)),
        ({ target, isAgain, setting }) => `${target.name} ${isAgain} ${setting.workers}`,
      );
      const inOrder = [...ofProcesses.values()];
      for (const own of turn % 2 === 0 ? inOrder : inOrder.toReversed())
        for (const [cell, measured] of await this.turn(own)) rounds.get(cell)?.set(turn, measured);
    }
  }

  /** A round of each cell; all are of one target and number of workers. */
  private async turn(cells: readonly Cell[]): Promise<readonly (readonly [Cell, Measured])[]> {
    const { warmUpMs, roundMs } = this.settings;
    const environment = await this.open(cells[0] as Cell); // a group has one at least
    const found: (readonly [Cell, Measured])[] = [];
    for (const own of Map.groupBy(cells, ({ kind }) => kind).values()) {
      const [{ kind, setting }] = own as [Cell, ...Cell[]]; // likewise
      const arm = await Arm.open(kind, environment, setting.workers);
      await arm.round(warmUp, warmUpMs);
      for (const cell of own) found.push([cell, await arm.round(paceOf(cell.setting), roundMs)]);
      await arm.close();
    }
    await environment.close();
    return found;
  }

  /** A turn of one cell whose workers get these variables, and how fast its store answers with no engine there. */
  async profiled(cell: Cell, variables: Readonly<Record<string, string>>): Promise<Profiled> {
    const { warmUpMs, roundMs } = this.settings;
    const environment = await this.open(cell);
    const arm = await Arm.open(cell.kind, environment, cell.setting.workers, variables);
    await arm.round(warmUp, warmUpMs);
    const measured = await arm.round(paceOf(cell.setting), roundMs);
    await arm.close();
    const { isOneThread = false } = environment.store;
    const rateAlone = await environment.store.rateAlone?.();
    await environment.close();
    return { measured, workers: arm.workers, isOneThread, rateAlone };
  }

  private open({ target }: Cell): Promise<TargetEnvironment> {
    const { leaseMs, retryDelayMs } = this.settings;
    const experiment = `load-${++this.taken}`;
    return TargetEnvironment.open({ run: this.run, experiment, target, leaseMs, retryDelayMs });
  }
}

interface Profiled {
  readonly measured: Measured;
  readonly workers: readonly Child[];
  /** Of its store. */
  readonly isOneThread: boolean;
  readonly rateAlone: RateAlone | undefined;
}

/** Of each cell, by turn. */
type Rounds = ReadonlyMap<Cell, ReadonlyMap<number, Measured>>;

/** Cells, each after the one that it is held against. */
function withThoseHeldAgainst(cells: readonly Cell[]): readonly Cell[] {
  return [...new Set(cells.flatMap((cell) => (cell.against === null ? [cell] : [cell.against, cell])))];
}

/** The newest rounds of a cell, as many as a row has at the most, each beside that of the same turn which it is held against. */
function takenOf(cell: Cell, rounds: Rounds, { turns: [, most] }: LoadSettings): Taken {
  const all = [...(rounds.get(cell) ?? [])];
  const newest = all.slice(-most);
  const own = newest.map(([, round]) => round);
  const others = cell.against === null ? undefined : rounds.get(cell.against);
  const against = newest.flatMap(([turn]) => others?.get(turn) ?? []);
  return { cell, rounds: own, against, flaws: flawsOf([own, against]), roundsInAll: all.length };
}

/** Whether more turns of a cell would say no more, or it may have none. Pure. */
export function isDone(
  { rounds, against, flaws, roundsInAll }: Taken,
  { turns: [least, most], retakes }: LoadSettings,
): boolean {
  if (roundsInAll < least) return false;
  if (flaws.length > 0) return roundsInAll >= most * (1 + retakes);
  return roundsInAll >= most || [ratesOf(rounds), ratiosOf({ rounds, against })].every(isNarrow);
}

function isNarrow(values: readonly number[]): boolean {
  if (values.length === 0) return true;
  const { value, low95, high95 } = estimateOf(values);
  return Math.max(high95 - value, value - low95) <= narrow * value;
}

/** Sessions per second of each round. Pure. */
export function ratesOf(rounds: readonly Pick<Measured, "sessionsPerSecond">[]): readonly number[] {
  return rounds.map(({ sessionsPerSecond }) => sessionsPerSecond);
}

/** Those of each round ÷ those of the round that it is held against. Pure. */
export function ratiosOf({ rounds, against }: Pick<Taken, "rounds" | "against">): readonly number[] {
  const others = ratesOf(against);
  return others.map((other, pair) => (ratesOf(rounds)[pair] ?? Number.NaN) / other);
}

/** What says that rounds are worth nothing: of any of these series, each in the order of its turns. Pure. */
export function flawsOf(series: readonly (readonly Measured[])[]): Taken["flaws"] {
  const drift = series.some((rounds) => drifts(ratesOf(rounds)));
  return [
    ...(drift ? (["rounds drift"] as const) : []),
    ...(series.some(wasBusy) ? (["machine was busy"] as const) : []),
  ];
}

function wasBusy(rounds: readonly Measured[]): boolean {
  const known = rounds.map(shareOfOthers).filter((share) => share !== null);
  return known.length > 0 && medianOf(known) > busyTolerated;
}
