/** Plays the cells of a target: side by side, since most of a cell is waiting. */
import pLimit from "p-limit";
import { editedTarget } from "../../engines/edited-copy.ts";
import { terminate } from "../../processes/terminate.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../run/target.ts";
import type { WhenFree } from "../experiment.ts";
import { type Cell, cellsOf, placesOf, sessionOf } from "./cells.ts";
import { upgradeRows } from "./judge.ts";
import { playCell } from "./play-cell.ts";
import type { UpgradeRow } from "./rows.ts";
import type { UpgradeSettings } from "./settings.ts";

interface CellsToPlay extends Pick<UpgradeSettings, "leaseMs" | "retryDelayMs"> {
  readonly cells: readonly Cell[];
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
  { cells, attempt, leaseMs, retryDelayMs }: CellsToPlay,
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
  await Promise.all(
    cells.map((cell) =>
      whenFree(() =>
        playCell(cell, environment, client, { published: target.implementation, next: nextOf(cell) }),
      ).then(onCell),
    ),
  );
  await environment.inspect(cells.flatMap((cell) => placesOf(cell).map((place) => sessionOf(cell, place))));
  await terminate(client);
  return upgradeRows(await environment.close(), target.name, { cells, attempt, leaseMs });
}

/** Plays the cells with an inconclusive session again, one after another; null where none is. */
export async function playUpgradesAgain(
  run: Run,
  target: Target,
  settings: UpgradeSettings,
  rows: readonly UpgradeRow[],
  attempt: number,
): Promise<readonly UpgradeRow[] | null> {
  const open = new Set(rows.filter(({ verdict }) => verdict === "unknown").map(({ session }) => session));
  const cells = cellsOf(target, settings).filter((cell) =>
    placesOf(cell).some((place) => open.has(sessionOf(cell, place))),
  );
  if (cells.length === 0) return null;
  console.log(`${target.name}: inconclusive, played again: ${cells.map(({ id }) => id).join(", ")}`);
  const again = await playUpgrades(run, target, { ...settings, cells, attempt }, pLimit(1), () => {});
  return rows.map((row) => again.find(({ session }) => session === row.session) ?? row);
}
