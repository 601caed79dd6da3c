/** What each fault does to each engine, in words. */
import { counted, seconds } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { FaultOutcome, FaultOutcomeRows } from "./rows.ts";

export function faultOutcomeTable({ faultOutcomes }: FaultOutcomeRows): Table {
  return {
    title: "What each fault does",
    headers: ["fault", "target", "what happens", "guarantees"],
    rows: [...Map.groupBy(faultOutcomes, ({ says }) => says)].flatMap(([says, rows]) =>
      rows.map((row, index) => [index === 0 ? says : "", row.target, inWords(row), guaranteesOf(row)]),
    ),
    note: "Each fault by itself, several times in a run. Acknowledged: the caller was told so while the replica was behind. Early and late are against the deadline of the idle window. A step that is repeated is suppressed where its key is honoured.",
  };
}

/** How many of those that the target promises were decided, and held. */
function guaranteesOf({ notTaken, promised, held, violated }: FaultOutcome): string {
  if (notTaken !== null) return "";
  if (promised === 0) return "nothing promised";
  if (violated > 0) return `✗ ${violated} of ${promised} violated`;
  return `${held > 0 ? "✓" : "?"} ${held} of ${promised} held`;
}

/** What a reader calls it; the worst comes first. Pure. */
export function inWords(row: FaultOutcome): string {
  const { notTaken, acknowledged, lost, lostWithToken, refused, ranAgain, earlyMs, lateMs, resumedMs } = row;
  if (notTaken !== null) return `– (${notTaken})`;
  const token = lostWithToken === 0 ? "" : `, ${lostWithToken} with a live token`;
  const parts = [
    ...(acknowledged > 0 ? [`${lost} of ${acknowledged} acknowledged starts lost${token}`] : []),
    ...(refused > 0 ? [`${counted(refused, "start")} refused`] : []),
    ...(ranAgain > 0 ? [`${counted(ranAgain, "session")} that had ended ran again`] : []),
    ...(earlyMs > noticedMs ? [`up to ${seconds(earlyMs)} early`] : []),
    ...(lateMs > noticedMs ? [`up to ${seconds(lateMs)} late`] : []),
    ...(row.repeated > 0 ? [`a step repeated in ${counted(row.repeated, "session")}`] : []),
    ...(row.doubledWithoutKeys > 0
      ? [`an effect doubled in ${counted(row.doubledWithoutKeys, "session")} without keys`]
      : []),
    ...(row.stuck > 0 ? [`does not go on by itself after ${row.stuck} of ${row.injected}`] : []),
    ...(resumedMs !== null ? [`goes on by itself after ${seconds(resumedMs)}`] : []),
  ];
  return parts.length === 0 ? "nothing" : parts.join("; ");
}

/** By less, nobody is early or late who is not anyway. */
const noticedMs = 250;
