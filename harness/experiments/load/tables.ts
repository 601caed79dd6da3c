/** Load: how many sessions per second, how long each took, and how the targets compare in rounds taken in turn. */
import { estimateRange, milliseconds, notMeasured, percent, significant } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { LoadLeftOutRow, LoadRow, LoadRows } from "./rows.ts";

type Load = Pick<LoadRows, "load">;
type Place = Omit<LoadLeftOutRow, "flaws" | "rounds">;

const worlds: Readonly<Record<LoadRow["world"], string>> = {
  "no-op": "no-op world",
  witnessed: "witnessed",
  none: "no world",
};

/** A target, work and size of load a row. */
export function loadTable({ load }: Load): Table {
  return {
    title: "Load",
    headers: [
      "target and work",
      "clients or rate",
      "workers",
      "rounds",
      "sessions/s",
      "steps/s",
      "requests per session",
      "of the ceiling",
    ],
    rows: load.map((row) => [
      nameOf(row),
      paceOf(row),
      String(row.workers),
      row.unfinishedRounds === 0 ? String(row.rounds) : `${row.rounds} (${row.unfinishedRounds} unfinished)`,
      estimateRange(row.sessionsPerSecond),
      significant(row.stepsPerSecond),
      significant(row.requestsPerSession),
      row.shareOfCeiling === null ? notMeasured : percent(row.shareOfCeiling),
    ]),
    note:
      "Sessions/s: the median of the rounds with its 95 % interval (bootstrap). Each client starts its next session when its last has " +
      "ended, so few clients bound it; many are bounded by the machine's cores, which clients, workers, store and harness share. At a fixed " +
      "rate sessions are started whether others have ended or not. The engine ceiling is the least that the engine can do, with as many clients " +
      "and workers; of the ceiling: requests per second ÷ those of the ceiling. A no-op world answers at once, so that the witness costs " +
      "nothing; witnessed is the world of all other experiments. Without faults. Targets take turns, each with a store, workers and a client " +
      "that are started for it and are alone on the machine; a round is of one turn. Unfinished is a round, not counted with the others, " +
      "in which a session had not ended three minutes after the last was started.",
  };
}

/** From the start of a session to its result. */
export function latencyTable({ load }: Load): Table {
  return {
    title: "Latency under load",
    headers: ["target and work", "clients or rate", "workers", "sessions", "p50", "p95", "p99", "max"],
    rows: load.map((row) => [
      nameOf(row),
      paceOf(row),
      String(row.workers),
      String(row.sessions),
      ...[row.p50Ms, row.p95Ms, row.p99Ms, row.maxMs].map(milliseconds),
    ]),
    note:
      "From the start of a session to its result, the idle wait included; at a fixed rate, from the time at which it was due. With clients " +
      "that wait, a target that slows down is asked for less, so latencies compare only at a fixed rate, or at equal sessions/s.",
  };
}

/** Pairs of targets at the same size of load. */
export function loadRatioTable({ loadRatios }: Pick<LoadRows, "loadRatios">): Table {
  return {
    title: "Load, one target against the other",
    headers: ["target and world", "against", "clients", "workers", "pairs", "sessions/s, ratio", "warnings"],
    rows: loadRatios.map((row) => [
      `${row.target}, ${worlds[row.world]}`,
      row.against,
      String(row.clients),
      String(row.workers),
      String(row.pairs),
      `× ${estimateRange(row.ratio)}`,
      row.warnings.join("; "),
    ]),
    note:
      "Of pairs of rounds, one of each target, of the same turn; the median ratio with its 95 % interval (bootstrap). It shows no " +
      "difference where the interval includes 1, or where the ratio lies within the interval that the run found of a target against itself.",
  };
}

/** The noise of the run. */
export function loadAaTable({ loadAa }: Pick<LoadRows, "loadAa">): Table {
  return {
    title: "Load, a target against itself",
    headers: ["target", "clients", "workers", "pairs", "sessions/s, ratio", "smallest difference seen"],
    rows: loadAa.map(({ target, clients, workers, pairs, ratio }) => [
      target,
      String(clients),
      String(workers),
      String(pairs),
      `× ${estimateRange(ratio)}`,
      `± ${percent(Math.max(ratio.high95 - 1, 1 - ratio.low95))}`,
    ]),
    note:
      "A/A: one target under two names, in turns as all others, each name with processes of its own. What its ratio differs from 1 by is " +
      "the noise of the run, and the end of its interval the smallest difference that the run can see.",
  };
}

/** What tuning gives, apart from what is compared. */
export function loadTunedTable({ loadTuned }: Pick<LoadRows, "loadTuned">): Table {
  return {
    title: "Load, tuned",
    headers: ["target, and what is turned", "clients", "workers", "sessions/s", "÷ untuned", "warnings"],
    rows: loadTuned.map((row) => [
      row.tuned,
      String(row.clients),
      String(row.workers),
      estimateRange(row.sessionsPerSecond),
      `× ${estimateRange(row.ratio)}`,
      row.warnings.join("; "),
    ]),
    note:
      "What an expert of the engine turns without losing a promise, each thing alone and all together, in turns with the target untuned. " +
      "What each is, and where it is documented, stands in manifest/tunings.ts of the engine. No other table has tuned rows.",
  };
}

/** What was measured, and not well enough to be told. */
export function loadLeftOutTable({ loadLeftOut }: Pick<LoadRows, "loadLeftOut">): Table {
  return {
    title: "Load, left out",
    headers: ["target and work", "clients or rate", "workers", "rounds", "reason"],
    rows: loadLeftOut.map((row) => [
      nameOf(row),
      paceOf(row),
      String(row.workers),
      String(row.rounds),
      row.flaws.join("; "),
    ]),
    note:
      "These rows have no figure: among their newest rounds, later ones differed from earlier ones by more than 10 % (drift), or others than " +
      "the run took more than 15 % of the machine's processors in most of them (busy), however many more were taken; or a session never ended in three of their rounds.",
  };
}

function paceOf({ clients, ratePerSecond, shareOfPeak = null }: Place): string {
  if (clients !== null) return String(clients);
  const share = shareOfPeak === null ? "" : `, ${percent(shareOfPeak)} of its peak`;
  return `${significant(ratePerSecond)}/s${share}`;
}

function nameOf({ target, work, world }: Place): string {
  return `${target}, ${work === "engine-ceiling" ? "engine ceiling" : worlds[world]}`;
}
