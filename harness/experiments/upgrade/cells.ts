/** The cells of the experiment: which changes are made to which fleets, by which way, and the sessions of each. */
import type { SessionSpec } from "../../../implementations/session/spec.ts";
import { type Effect, effectsOf, type Step } from "../../../implementations/session/steps.ts";
import {
  type ChangeName,
  type DeclaredOutcomes,
  type Fleet,
  type NextVersion,
  type Place,
  places,
  type Upgrades,
  type Way,
} from "../../engines/upgrade.ts";
import { partsOfTargetName } from "../../report/target-name.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import { engineOf } from "../../targets/targets.ts";
import { activityCount, changes } from "./changes.ts";
import { type UpgradeRow, type WayName, wayNames } from "./rows.ts";
import type { UpgradeSettings } from "./settings.ts";

/** An effect after which a worker dies. */
export interface Death {
  readonly step: Step;
  readonly effect: Effect;
}

/** Where a session is when the code changes; `new` is one that is started after it. */
export type SessionPlace = Place | "new";

export interface Cell {
  /** Names its group, and begins the ids of its sessions. */
  readonly id: string;
  readonly change: ChangeName;
  readonly way: WayName;
  readonly fleet: Fleet;
  readonly version: NextVersion;
  /** Undefined where nothing is. */
  readonly declared: DeclaredOutcomes | undefined;
  /** By the place of the session, where another worker dies of it after the change; null in cells without such a kill. */
  readonly deaths: ReadonlyMap<Place, Death> | null;
}

/** All cells of a target without a kill after the change, in the order of a report. */
export function cellsOf(
  target: Pick<Target, "engine" | "name">,
  { changes: wanted, fleets, unsafe }: Pick<UpgradeSettings, "changes" | "fleets" | "unsafe">,
): readonly Cell[] {
  const { upgrades = {} } = engineOf(target);
  if (unsafe !== null) return unsafeCellsOf(upgrades, unsafe);
  return wayNames.flatMap((way) => {
    const played = upgrades[way];
    if (played === undefined) return [];
    return wanted.flatMap((change) =>
      fleets.map(
        (fleet): Cell => ({
          id: `${change}-${way}-${fleet}`,
          change,
          way,
          fleet,
          version: played.versions[change],
          declared: declaredOn(target, played)[change]?.[fleet] ?? played.declared[change]?.[fleet],
          deaths: null,
        }),
      ),
    );
  });
}

/** What is declared of a target's store alone. */
function declaredOn({ name }: Pick<Target, "name">, { onStore }: Way): Way["declared"] {
  return onStore?.[partsOfTargetName(name).store] ?? {};
}

/** The cell of a safe way with something left out: what is declared is what the whole way does. */
function unsafeCellsOf({ safe }: Upgrades, name: string): readonly Cell[] {
  return (safe?.unsafe ?? [])
    .filter((each) => each.name === name)
    .map(({ change, version }) => ({
      id: `${change}-${name}`,
      change,
      way: "safe",
      fleet: "forward",
      version,
      declared: safe?.declared[change]?.forward,
      deaths: null,
    }));
}

/** The cells of those sessions that went on, again, with a worker that dies of each. Rows are of those cells. Pure. */
export function killedCellsOf(cells: readonly Cell[], rows: readonly UpgradeRow[]): readonly Cell[] {
  return cells.flatMap((cell) => {
    const deaths = new Map(
      rows.flatMap(({ session, place, killAt }): readonly [Place, Death][] =>
        killAt !== null && place !== "new" && session === sessionOf(cell, place)
          ? [[place, deathAt(killAt)]]
          : [],
      ),
    );
    return deaths.size === 0 ? [] : [{ ...cell, id: `${cell.id}-killed`, deaths }];
  });
}

/** As rows have it. */
export function nameOf({ step, effect }: Death): string {
  return `${step}/${effect}`;
}

function deathAt(name: string): Death {
  const [step, effect] = name.split("/") as [Step, Effect]; // as `nameOf` put them together
  return { step, effect };
}

/** The places of a cell's sessions: only where the next version comes, and stays alone, one is started after it. */
export function placesOf({ fleet, deaths }: Pick<Cell, "fleet" | "deaths">): readonly SessionPlace[] {
  if (deaths !== null) return [...deaths.keys()];
  return fleet === "forward" ? [...places, "new"] : places;
}

/** Leases that the waiting session idles for: it must wait until the change, and until somebody is there after it. */
const waitLeases = 4;
/** Leases that the others idle for: shortly, but where the wait is what changes. */
const shortLeases = 0.25;
const comparedLeases = 2;

export function sessionOf(cell: Pick<Cell, "id">, place: SessionPlace): string {
  return `${cell.id}-${place}`;
}

export function specOf(cell: Pick<Cell, "id" | "change">, place: SessionPlace, leaseMs: number): SessionSpec {
  const isCompared = changes[cell.change].law.idleTimeouts !== 1 && place !== "cleanup";
  const leases = place === "wait" ? waitLeases : isCompared ? comparedLeases : shortLeases;
  return plainSpec(sessionOf(cell, place), {
    activities: activityCount,
    idleTimeoutMs: Math.round(leases * leaseMs),
    flavour: cell.id,
  });
}

/** The last effect of a step. */
export function lastEffectOf(step: Step): Effect | undefined {
  return effectsOf(step).at(-1);
}
