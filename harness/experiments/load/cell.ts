/** What a load measures: a row of its table each, with what it is held against. */
import type { Target } from "../../run/target.ts";
import { usualTargetNames } from "../../targets/targets.ts";
import type { Pace } from "../../workers/load-client-main.ts";
import { type ArmKind, hasCeiling } from "./arm.ts";
import type { LoadRow } from "./rows.ts";
import { type Extent, type LoadSettings, mainWorkersOf, usualClientsOf } from "./settings.ts";

/** How hard a target is asked to work. */
export type Setting = Pick<LoadRow, "clients" | "ratePerSecond" | "shareOfPeak" | "workers">;

export interface Cell {
  readonly target: Target;
  readonly kind: ArmKind;
  readonly setting: Setting;
  readonly extent: Extent;
  /** Whose rounds it is compared with, pair by pair; null where it stands for itself. */
  readonly against: Cell | null;
  /** Whether it is the other cell once more, in processes of its own: the ratio of the two is the noise of the run. */
  readonly isAgain: boolean;
}

const lifecycle: ArmKind = { work: "lifecycle", world: "no-op" };
const witnessed: ArmKind = { work: "lifecycle", world: "witnessed" };
const ceiling: ArmKind = { work: "engine-ceiling", world: "none" };

/** Callers that the witness is measured with. */
const witnessedClients = 16;

/** What the others are held against: the first of the usual targets, so that runs with further ones and without can be compared. Pure. */
function baselineOf(targets: readonly Target[]): Target | undefined {
  return targets.find(({ name }) => usualTargetNames.includes(name)) ?? targets[0];
}

/** All cells in which callers wait for their sessions. Pure. */
export function closedCells(targets: readonly Target[], settings: LoadSettings): readonly Cell[] {
  const main = mainWorkersOf(settings);
  const usual = usualClientsOf(settings);
  return settings.workers.flatMap((workers) => {
    const settingOf = (clients: number) => ({ clients, ratePerSecond: null, shareOfPeak: null, workers });
    const clients = workers === main ? settings.clients : [usual];
    const hasExtras = settings.extras && workers === main;
    const kinds = (count: number): readonly ArmKind[] => [
      lifecycle,
      ...(hasExtras && count === usual ? [ceiling] : []),
      ...(hasExtras && count === witnessedClients ? [witnessed] : []),
    ];
    return clients.flatMap((count) => {
      const isMain = workers === main && count === usual;
      const cells = kinds(count).flatMap((kind) => {
        const extent = isMain && kind === lifecycle ? (settings.main ?? settings) : settings;
        return heldAgainstBaseline(targets, { kind, setting: settingOf(count), extent });
      });
      const base = cells.find(({ kind, against }) => kind === lifecycle && against === null);
      return isMain && base !== undefined ? [{ ...base, against: base, isAgain: true }, ...cells] : cells;
    });
  });
}

function heldAgainstBaseline(
  targets: readonly Target[],
  what: Pick<Cell, "kind" | "setting" | "extent">,
): readonly Cell[] {
  const own = { ...what, against: null, isAgain: false };
  const { kind } = what;
  if (kind === ceiling) return targets.filter(hasCeiling).map((target) => ({ ...own, target }));
  const baseline = baselineOf(targets);
  if (baseline === undefined) return [];
  const against: Cell = { ...own, target: baseline };
  return targets.map((target) => (target === baseline ? against : { ...own, target, against }));
}

/** Each target once more, and below it its tuned ones, which are held against it. Pure. */
export function tunedCells(
  targets: readonly { readonly untuned: Target; readonly tuned: readonly Target[] }[],
  settings: LoadSettings,
): readonly Cell[] {
  const setting = {
    clients: usualClientsOf(settings),
    ratePerSecond: null,
    shareOfPeak: null,
    workers: mainWorkersOf(settings),
  };
  return targets.flatMap(({ untuned, tuned }) => {
    const base = {
      target: untuned,
      kind: lifecycle,
      setting,
      extent: settings,
      against: null,
      isAgain: false,
    };
    return tuned.map((target) => ({ ...base, target, against: base }));
  });
}

/** At these shares of its own peak each target is asked for latency, and at one rate that all can carry. */
const sharesOfPeak = [0.5, 0.8];
const shareOfSlowest = 0.5;

/** Cells at fixed rates, sessions/s; `peaks` are those that were measured, by target. Pure. */
export function rateCells(
  targets: readonly Target[],
  peaks: ReadonlyMap<string, number>,
  settings: LoadSettings,
): readonly Cell[] {
  const workers = mainWorkersOf(settings);
  const common = shareOfSlowest * Math.min(...peaks.values());
  return targets.flatMap((target) => {
    const peak = peaks.get(target.name);
    if (peak === undefined) return [];
    const rates = [
      ...sharesOfPeak.map((shareOfPeak) => ({ ratePerSecond: shareOfPeak * peak, shareOfPeak })),
      { ratePerSecond: common, shareOfPeak: null },
    ];
    return rates.map(({ ratePerSecond, shareOfPeak }) => ({
      target,
      kind: lifecycle,
      setting: {
        clients: null,
        ratePerSecond: Math.max(1, Math.floor(ratePerSecond)),
        shareOfPeak,
        workers,
      },
      extent: settings,
      against: null,
      isAgain: false,
    }));
  });
}

export function paceOf({ clients, ratePerSecond }: Setting): Pace {
  if (clients === null) return { kind: "rate", perSecond: ratePerSecond ?? 1 };
  return clients === 1 ? { kind: "one by one" } : { kind: "closed", callers: clients };
}

/**
 * The order in which processes play what they have of these cells: the same work and world after each other, and first with
 * as many callers as a target is held against itself, since under its second name it plays nothing else. Pure.
 */
export function inPlayOrder(cells: readonly Cell[], settings: LoadSettings): readonly Cell[] {
  const usual = usualClientsOf(settings);
  const [first, others] = [
    cells.filter(({ setting }) => setting.clients === usual),
    cells.filter(({ setting }) => setting.clients !== usual),
  ];
  return [...Map.groupBy([...first, ...others], ({ kind }) => kind).values()].flat();
}
