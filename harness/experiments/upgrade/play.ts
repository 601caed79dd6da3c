/** Plays the cells of a target: side by side, since most of a cell is waiting. */
import pLimit from "p-limit";
import { editedTarget } from "../../engines/edited-copy.ts";
import { terminate } from "../../processes/terminate.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import { inspect } from "../../run/inspect.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../run/target.ts";
import type { WhenFree } from "../../scenarios/scenario.ts";
import type { Entry } from "../../world/entry.ts";
import { type Cell, cellsOf, killedCellsOf, placesOf, sessionOf } from "./cells.ts";
import { upgradeRows } from "./judge.ts";
import { playCell } from "./play-cell.ts";
import type { UpgradeRow } from "./rows.ts";
import type { UpgradeSettings } from "./settings.ts";

interface CellsToPlay extends Pick<UpgradeSettings, "leaseMs" | "retryDelayMs"> {
  readonly cells: readonly Cell[];
  /** Whether those that went on are played again with a kill. */
  readonly kills: boolean;
  /** 0 at first; how often they were inconclusive and are played again. */
  readonly attempt: number;
}

/** The name of its ledger; where cells are played again, of that attempt's. */
export function upgradeLedger(attempt: number): string {
  return attempt === 0 ? "upgrade" : `upgrade-again-${attempt}`;
}

/** Plays cells on one target and resolves with the rows of each, in their order. */
export async function playUpgrades(
  run: Run,
  target: Target,
  { cells, kills, attempt, leaseMs, retryDelayMs }: CellsToPlay,
  whenFree: WhenFree,
  onCell: () => void,
): Promise<readonly UpgradeRow[]> {
  const experiment = upgradeLedger(attempt);
  const environment = await TargetEnvironment.open({ run, experiment, target, leaseMs, retryDelayMs });
  const client = environment.spawnClient("client", "none");
  await client.firstMessage();
  const versions = new Map<string, Target>();
  const nextOf = ({ change, way, version }: Cell): string => {
    const name = `${experiment}-${target.name}-${way}-${change}`;
    const next = versions.get(name) ?? editedTarget(run, target, name, version);
    versions.set(name, next);
    return next.implementation;
  };
  const play = (played: readonly Cell[]) =>
    Promise.all(
      played.map((cell) =>
        whenFree(() =>
          playCell(cell, environment, client, { published: target.implementation, next: nextOf(cell) }),
        ).then(onCell),
      ),
    );
  await play(cells);
  if (kills) {
    const { entries } = environment.recorder;
    const killed = killedCellsOf(cells, upgradeRows(entries, target.name, { cells, attempt, leaseMs }));
    for (let left = killed.length; left < cells.length; left++) onCell(); // of these nothing went on
    await play(killed);
  }
  await inspect(
    environment,
    environment.recorder.entries.flatMap((entry) => (entry.kind === "call" ? [entry.session] : [])),
  );
  await terminate(client);
  return rowsFrom(await environment.close(), target.name, { cells, kills, attempt, leaseMs });
}

/** The rows of cells, and of those that were played again with a kill. Pure. */
export function rowsFrom(
  entries: readonly Entry[],
  target: string,
  { cells, kills, attempt, leaseMs }: Omit<CellsToPlay, "retryDelayMs">,
): readonly UpgradeRow[] {
  const rows = upgradeRows(entries, target, { cells, attempt, leaseMs });
  if (!kills) return rows;
  const killed = killedCellsOf(cells, rows);
  return [...rows, ...upgradeRows(entries, target, { cells: killed, attempt, leaseMs })];
}

/** Plays the cells with an inconclusive session again, one after another; null where none is. */
export async function playUpgradesAgain(
  run: Run,
  target: Target,
  settings: UpgradeSettings,
  rows: readonly UpgradeRow[],
  attempt: number,
): Promise<readonly UpgradeRow[] | null> {
  const decided = new Set(rows.filter(({ verdict }) => verdict !== "unknown").map(({ session }) => session));
  const first = cellsOf(target, settings);
  // What went on only when it was played again has not been killed yet.
  const all = [...first, ...(settings.kills ? killedCellsOf(first, rows) : [])];
  const cells = all.filter((cell) => placesOf(cell).some((place) => !decided.has(sessionOf(cell, place))));
  if (cells.length === 0) return null;
  console.log(`${target.name}: inconclusive, played again: ${cells.map(({ id }) => id).join(", ")}`);
  const toPlay = { ...settings, cells, kills: false, attempt };
  const again = await playUpgrades(run, target, toPlay, pLimit(1), () => {});
  return withAgain(rows, again);
}

/** Rows with those of sessions that were played again in their places, and of those that had none at the end. Pure. */
export function withAgain(rows: readonly UpgradeRow[], again: readonly UpgradeRow[]): readonly UpgradeRow[] {
  const known = new Set(rows.map(({ session }) => session));
  return [
    ...rows.map((row) => again.find(({ session }) => session === row.session) ?? row),
    ...again.filter(({ session }) => !known.has(session)),
  ];
}
