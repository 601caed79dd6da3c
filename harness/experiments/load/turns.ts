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
  /** How often all of it was taken. */
  readonly takes: number;
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

  /** Measures cells, and anew those with a flaw, until none has one or they were taken often enough. */
  async measure(cells: readonly Cell[]): Promise<readonly Taken[]> {
    let all = takenOf(cells, await this.inTurns(cells), 1);
    for (let takes = 2; takes <= 1 + this.settings.retakes; takes++) {
      const flawed = all.filter(({ flaws }) => flaws.length > 0);
      if (flawed.length === 0) break;
      const again = flawed.map(({ cell }) => cell);
      const anew = takenOf(again, await this.inTurns(again), takes);
      all = all.map((each) => anew.find(({ cell }) => cell === each.cell) ?? each);
    }
    return all;
  }

  /**
   * A B, B A, A B, …: every target has a turn, then every target has its next, until the intervals are narrow. In every second
   * the order is reversed, so that a machine that grows faster or slower favours no side.
   */
  private async inTurns(cells: readonly Cell[]): Promise<Rounds> {
    const [least, most] = this.settings.turns;
    const rounds = new Map(withThoseHeldAgainst(cells).map((cell) => [cell, [] as Measured[]]));
    for (let turn = 0; turn < most; turn++) {
      const open = turn < least ? cells : cells.filter((cell) => !isSure(cell, rounds));
      if (open.length === 0) break;
      const ofProcesses = Map.groupBy(
        withThoseHeldAgainst(open),
        ({ target, isAgain, setting }) => `${target.name} ${isAgain} ${setting.workers}`,
      );
      const inOrder = [...ofProcesses.values()];
      for (const own of turn % 2 === 0 ? inOrder : inOrder.toReversed())
        for (const [cell, measured] of await this.turn(own)) rounds.get(cell)?.push(measured);
    }
    return rounds;
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

type Rounds = ReadonlyMap<Cell, readonly Measured[]>;

/** Cells, each after the one that it is held against. */
function withThoseHeldAgainst(cells: readonly Cell[]): readonly Cell[] {
  return [...new Set(cells.flatMap((cell) => (cell.against === null ? [cell] : [cell.against, cell])))];
}

/** Whether more turns would say no more. Few rounds may look as if they drifted, of which more would show that they do not. */
function isSure(cell: Cell, rounds: Rounds): boolean {
  const ratesOf = (of: Cell) => (rounds.get(of) ?? []).map(({ sessionsPerSecond }) => sessionsPerSecond);
  const rates = ratesOf(cell);
  if (drifts(rates) || !isNarrow(rates)) return false;
  const against = cell.against === null ? rates : ratesOf(cell.against);
  return isNarrow(rates.map((rate, turn) => rate / (against[turn] as number))); // whoever it is held against had as many turns
}

function isNarrow(values: readonly number[]): boolean {
  const { value, low95, high95 } = estimateOf(values);
  return Math.max(high95 - value, value - low95) <= narrow * value;
}

function takenOf(cells: readonly Cell[], rounds: Rounds, takes: number): readonly Taken[] {
  return cells.map((cell) => {
    const own = rounds.get(cell) ?? [];
    const against = cell.against === null ? [] : (rounds.get(cell.against) ?? []).slice(0, own.length);
    return { cell, rounds: own, against, flaws: flawsOf([own, against]), takes };
  });
}

/** What says that rounds are worth nothing: of any of these series, each in the order of its turns. Pure. */
export function flawsOf(series: readonly (readonly Measured[])[]): Taken["flaws"] {
  const drift = series.some((rounds) => drifts(rounds.map(({ sessionsPerSecond }) => sessionsPerSecond)));
  return [
    ...(drift ? (["rounds drift"] as const) : []),
    ...(series.some(wasBusy) ? (["machine was busy"] as const) : []),
  ];
}

function wasBusy(rounds: readonly Measured[]): boolean {
  const known = rounds.map(shareOfOthers).filter((share) => share !== null);
  return known.length > 0 && medianOf(known) > busyTolerated;
}
