/**
 * Turns of a load. In its turn a target has the machine to itself: its store, its workers and its client are started, work
 * and are ended before those of the next one are, so that nothing of another target polls or keeps memory beside it. What
 * differs from one start of the same processes to the next is part of what the interval of a row is about.
 */
import { type Child, NoAnswerError } from "../../processes/reaper.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import type { RateAlone } from "../../stores/store.ts";
import type { Pace } from "../../workers/load-client-main.ts";
import { Arm, type Measured, shareOfOthers } from "./arm.ts";
import { drifts, estimateOf, medianOf } from "./bootstrap.ts";
import { type Cell, inPlayOrder, paceOf } from "./cell.ts";
import type { loadFlaws } from "./rows.ts";
import type { LoadSettings } from "./settings.ts";

const warmUp: Pace = { kind: "closed", callers: 64 };
/** A row has enough turns when its interval ends within this share of its value. */
const narrow = 0.05;
/** The machine is busy where others than the run take more of its processors. */
const busyTolerated = 0.15;
/** Each takes three minutes: a row in which it comes back so often is given up. */
const mostUnfinished = 3;

/** The rounds of a cell, one for each of its turns, and those that it is compared with. */
export interface Taken {
  readonly cell: Cell;
  readonly rounds: readonly Measured[];
  readonly against: readonly Measured[];
  readonly flaws: readonly (typeof loadFlaws)[number][];
  /** Rounds in which a session never ended: of its own, or of those that they would have been compared with. */
  readonly unfinishedRounds: number;
  /** How many rounds it had, those among them that newer ones replaced, or that were unfinished. */
  readonly roundsInAll: number;
}

/** Takes turns of a part of a run, each under a name of its own, which begins with that of the part. */
export class Turns {
  private readonly run: Run;
  private readonly settings: LoadSettings;
  private readonly part: string;
  private taken = 0;

  constructor(run: Run, settings: LoadSettings, part: string) {
    this.run = run;
    this.settings = settings;
    this.part = part;
  }

  /**
   * A B, B A, A B, …: every target has a turn, then every target has its next, until each cell is done. In every second
   * the order is reversed, so that a machine that grows faster or slower favours no side.
   */
  async measure(cells: readonly Cell[]): Promise<readonly Taken[]> {
    const rounds = new Map(withThoseHeldAgainst(cells).map((cell) => [cell, new Map<number, Round>()]));
    const ofProcesses = Map.groupBy(
      inPlayOrder([...rounds.keys()], this.settings),
      ({ target, isAgain, setting }) => `${target.name} ${isAgain} ${setting.workers}`,
    );
    const inOrder = [...ofProcesses.values()];
    const all = () => cells.map((cell) => takenOf(cell, rounds));
    for (let turn = 0; ; turn++) {
      const taken = all();
      const open = taken.filter((each) => !isDone(each, this.settings.retakes));
      if (open.length === 0) return taken;
      const asked = new Set(withThoseHeldAgainst(open.map(({ cell }) => cell)));
      const givenUp = taken.filter((each) => each.unfinishedRounds >= mostUnfinished).map(({ cell }) => cell);
      for (const own of turn % 2 === 0 ? inOrder : inOrder.toReversed())
        for (const [cell, round] of await this.turn(playedFor(asked, own, givenUp)))
          if (asked.has(cell) || round === "unfinished") rounds.get(cell)?.set(turn, round);
    }
  }

  /** A round of each cell; all are of one target and number of workers. */
  private async turn(cells: readonly Cell[]): Promise<ReadonlyMap<Cell, Round>> {
    const [first] = cells;
    if (first === undefined) return new Map();
    const environment = await this.open(first);
    const found: (readonly [Cell, Round])[] = [];
    for (const [kind, own] of Map.groupBy(cells, ({ kind }) => kind)) {
      found.push(...(await this.roundsOf(own, await Arm.open(kind, environment, first.setting.workers))));
      if (found.some(([, round]) => round === "unfinished")) break; // what hangs there would be work for the next arm's store
    }
    await environment.close();
    return new Map(found);
  }

  /** One after the other, and no more after one that is unfinished; all are where the first is, or the warm-up. */
  private async roundsOf(cells: readonly Cell[], arm: Arm): Promise<ReadonlyMap<Cell, Round>> {
    const found = new Map<Cell, Round>();
    let isWarm = false;
    try {
      await arm.round(warmUp, this.settings.warmUpMs);
      isWarm = true;
      for (const cell of cells) found.set(cell, await arm.round(paceOf(cell.setting), cell.extent.roundMs));
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      const unfinished = isWarm ? cells.slice(found.size, found.size + 1) : cells;
      for (const cell of unfinished) found.set(cell, "unfinished");
    }
    await arm.close();
    return found;
  }

  /** A turn of one cell whose workers get these variables, and how fast its store answers with no engine there. */
  async profiled(cell: Cell, variables: Readonly<Record<string, string>>): Promise<Profiled> {
    const environment = await this.open(cell);
    const arm = await Arm.open(cell.kind, environment, cell.setting.workers, variables);
    const round = (await this.roundsOf([cell], arm)).get(cell);
    const { isOneThread = false } = environment.store;
    const rateAlone = await environment.store.rateAlone?.();
    await environment.close();
    return { measured: isMeasured(round) ? round : null, workers: arm.workers, isOneThread, rateAlone };
  }

  private open({ target }: Cell): Promise<TargetEnvironment> {
    const { leaseMs, retryDelayMs } = this.settings;
    const experiment = `${this.part}-${++this.taken}`;
    return TargetEnvironment.open({
      run: this.run,
      experiment,
      target,
      leaseMs,
      retryDelayMs,
      isOnlyWatched: true,
    });
  }
}

interface Profiled {
  /** Null where a session never ended. */
  readonly measured: Measured | null;
  readonly workers: readonly Child[];
  /** Of its store. */
  readonly isOneThread: boolean;
  readonly rateAlone: RateAlone | undefined;
}

/** `unfinished`: a session never ended. */
type Round = Measured | "unfinished";

/** Of each cell, by turn. */
type Rounds = ReadonlyMap<Cell, ReadonlyMap<number, Round>>;

/** Cells, each behind that which it is held against: a machine changes least from one turn to the next. */
function withThoseHeldAgainst(cells: readonly Cell[]): readonly Cell[] {
  return [...new Set(cells.flatMap((cell) => (cell.against === null ? [cell] : [cell.against, cell])))];
}

/**
 * What processes that have these cells play in a turn: all until the last that is asked for. How fast a round is depends on how
 * long its processes have worked, so that two can be compared only where the same was played before both; and what was given up
 * of one target is played of others only for its own sake. Pure.
 */
export function playedFor(
  asked: ReadonlySet<Cell>,
  cells: readonly Cell[],
  givenUp: readonly Cell[],
): readonly Cell[] {
  return cells
    .slice(0, cells.findLastIndex((cell) => asked.has(cell)) + 1)
    .filter(
      (cell) =>
        asked.has(cell) ||
        !givenUp.some(({ kind, setting }) => kind === cell.kind && setting === cell.setting),
    );
}

/** The newest whole rounds of a cell, as many as a row has at the most, each beside that of the same turn which it is held against. */
function takenOf(cell: Cell, rounds: Rounds): Taken {
  const [, most] = cell.extent.turns;
  const ofTurns = [...(rounds.get(cell) ?? [])].map(([turn, round]) =>
    cell.against === null ? [round] : [round, rounds.get(cell.against)?.get(turn)],
  );
  const newest = ofTurns.filter((each): each is Measured[] => each.every(isMeasured)).slice(-most);
  const own = newest.flatMap(([round]) => round ?? []);
  const against = newest.flatMap(([, other]) => other ?? []);
  const unfinishedRounds = ofTurns.filter((each) => each.includes("unfinished")).length;
  const flaws = [
    ...flawsOf([own, against]),
    ...(unfinishedRounds >= mostUnfinished ? (["a session never ended"] as const) : []),
  ];
  return { cell, rounds: own, against, flaws, unfinishedRounds, roundsInAll: ofTurns.length };
}

function isMeasured(round: Round | undefined): round is Measured {
  return typeof round === "object";
}

/** Whether more turns of a cell would say no more, or it may have none. Pure. */
export function isDone(
  { cell, rounds, against, flaws, unfinishedRounds, roundsInAll }: Taken,
  retakes: number,
): boolean {
  const [least, most] = cell.extent.turns;
  if (unfinishedRounds >= mostUnfinished) return true;
  if (rounds.length < least) return false;
  if (flaws.length > 0) return roundsInAll >= most * (1 + retakes);
  return rounds.length >= most || [ratesOf(rounds), ratiosOf({ rounds, against })].every(isNarrow);
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
