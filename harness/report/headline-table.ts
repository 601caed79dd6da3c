/** What a reader takes away who reads one table: the figures that decide, a target a column. */

import { anotherStore } from "../experiments/code-size/tables.ts";
import { bytes, estimateRange, milliseconds, notMeasured, significant } from "./numbers.ts";
import type { Results } from "./results-schema.ts";
import type { Table } from "./table.ts";

interface Figure {
  readonly what: string | ((results: Results) => string);
  /** Null where this run did not measure it on the target. */
  readonly of: (results: Results, target: string) => string | null;
}

const figures: readonly Figure[] = [
  {
    what: "guarantees that held",
    of: ({ verdicts }, target) => share(verdicts.filter((row) => row.guaranteed && row.target === target)),
  },
  {
    what: "faults that hit a session",
    of: ({ faults }, target) => {
      const own = faults.filter((row) => row.target === target);
      return own.length === 0 ? null : `${own.filter(({ effective }) => effective).length} of ${own.length}`;
    },
  },
  {
    what: "cells of the crash matrix that passed",
    of: ({ crashMatrix }, target) => share(crashMatrix.filter((row) => row.target === target)),
  },
  {
    what: "claims that turned out as declared",
    of: ({ claims }, target) => share(claims.filter((row) => row.target === target)),
  },
  {
    what: ({ recovery }) => {
      const leases = new Set(recovery.filter((row) => !row.leaseIsDefault).map(({ leaseMs }) => leaseMs));
      return `takeover after a kill, p99, at a lease of ${[...leases].map(milliseconds).join(" or ")}`;
    },
    of: ({ recovery }, target) => {
      const row = recovery.find(
        (each) => each.target === target && each.faultKind === "kill" && !each.leaseIsDefault,
      );
      return row === undefined ? null : milliseconds(row.p99Ms);
    },
  },
  {
    what: "sessions per second at the most, with 95 % interval",
    of: (results, target) => {
      const rows = unwitnessed(results, target).filter(({ clients }) => clients !== null);
      const best = rows.toSorted((a, b) => b.sessionsPerSecond.value - a.sessionsPerSecond.value)[0];
      return best === undefined ? null : estimateRange(best.sessionsPerSecond);
    },
  },
  {
    what: "a session alone, from start to result, p50",
    of: (results, target) => {
      const row = unwitnessed(results, target).find(({ clients }) => clients === 1);
      return row === undefined ? null : milliseconds(row.p50Ms);
    },
  },
  {
    what: "round trips of a session with the fewest activities measured",
    of: ({ cost }, target) =>
      firstOf(cost, target, ({ roundTripsPerSession }) => significant(roundTripsPerSession)),
  },
  {
    what: "worker's processor time for it",
    of: ({ cost }, target) =>
      firstOf(cost, target, ({ workerCpuMsPerSession }) =>
        workerCpuMsPerSession === null ? notMeasured : `${significant(workerCpuMsPerSession)} ms`,
      ),
  },
  {
    what: (results) => `store memory of a sleeping session, among ${mostSleepersOf(results)}`,
    of: (results, target) => {
      const most = mostSleepersOf(results);
      const row = sleepersWeighed(results).find((each) => each.target === target && each.sleepers === most);
      return row === undefined ? null : bytes(row.storeBytesPerSession);
    },
  },
  {
    what: "lateness of 1,000 sleepers that come due over 10 s, p99",
    of: ({ idleScale }, target) => {
      const row = idleScale.find(
        (each) => each.target === target && each.sleepers === 1000 && each.due === "spread over 10 s",
      );
      return row === undefined ? null : milliseconds(row.latenessP99Ms);
    },
  },
  {
    what: "code lines of the implementation",
    of: ({ codeSize }, target) => {
      // What reaches another store than the default one is PostgreSQL's, and needed there only.
      const own = codeSize.filter(
        ({ implementation, concern }) =>
          target.startsWith(`${implementation}@`) &&
          (concern !== anotherStore || target.endsWith("@postgres")),
      );
      return own.length === 0 ? null : String(own.reduce((sum, { codeLines }) => sum + codeLines, 0));
    },
  },
];

/** A figure a row, those that no target has left out. Pure. */
export function headlineTable(results: Results): Table {
  const targets = results.targets.filter(({ status }) => status === "ran").map(({ name }) => name);
  const rows = figures
    .map(({ what, of }) => ({
      what: typeof what === "string" ? what : what(results),
      cells: targets.map((target) => of(results, target)),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== null));
  return {
    title: "At a glance",
    headers: ["", ...targets],
    rows: rows.map(({ what, cells }) => [what, ...cells.map((cell) => cell ?? notMeasured)]),
    note: null,
  };
}

function share(rows: readonly { readonly verdict: string }[]): string | null {
  const passed = rows.filter(({ verdict }) => verdict === "pass").length;
  return rows.length === 0 ? null : `${passed} of ${rows.length}`;
}

function unwitnessed({ load }: Results, target: string): Results["load"] {
  return load.filter((row) => row.target === target && row.work === "lifecycle" && row.world === "no-op");
}

function sleepersWeighed({ idleScale }: Results): Results["idleScale"] {
  return idleScale.filter((row) => row.storeBytesPerSession !== null);
}

/** The most sleepers that all targets were weighed with: of other numbers, memory does not compare. Null where none is common to all. */
function mostSleepersOf(results: Results): number | null {
  const weighed = [...Map.groupBy(sleepersWeighed(results), ({ target }) => target).values()].map(
    (rows) => new Set(rows.map(({ sleepers }) => sleepers)),
  );
  const [first, ...others] = weighed;
  const common = [...(first ?? [])].filter((count) => others.every((counts) => counts.has(count)));
  return common.length === 0 ? null : Math.max(...common);
}

function firstOf(
  cost: Results["cost"],
  target: string,
  tell: (row: Results["cost"][number]) => string,
): string | null {
  const [row] = cost.filter((each) => each.target === target).toSorted((a, b) => a.activities - b.activities);
  return row === undefined ? null : tell(row);
}
