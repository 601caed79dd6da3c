/** The cells of the experiment: which changes are made to which fleets, by which way, and the sessions of each. */

import type { SessionSpec } from "../../../implementations/session/spec.ts";
import {
  type ChangeName,
  type DeclaredOutcomes,
  type Fleet,
  fleets,
  type NextVersion,
  type Place,
  places,
} from "../../engines/upgrade.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import { engineOf } from "../../targets/targets.ts";
import { activityCount } from "./changes.ts";
import { type WayName, wayNames } from "./rows.ts";
import type { UpgradeSettings } from "./settings.ts";

export interface Cell {
  /** Names its group, and begins the ids of its sessions. */
  readonly id: string;
  readonly change: ChangeName;
  readonly way: WayName;
  readonly fleet: Fleet;
  readonly killed: boolean;
  readonly version: NextVersion;
  /** Undefined where nothing is. */
  readonly declared: DeclaredOutcomes | undefined;
}

/** All cells of a target, in the order of a report; those with a kill follow those without. */
export function cellsOf(
  target: Pick<Target, "engine">,
  { changes, kills }: Pick<UpgradeSettings, "changes" | "kills">,
): readonly Cell[] {
  const ways = engineOf(target).upgrades ?? {};
  return (kills ? [false, true] : [false]).flatMap((killed) =>
    wayNames.flatMap((way) => {
      const played = ways[way];
      if (played === undefined) return [];
      return changes.flatMap((change) =>
        // By the safe way nobody mixes or goes back: what is safe is that the sessions under way go on.
        (way === "plain" ? fleets : (["forward"] as const)).map(
          (fleet): Cell => ({
            id: [change, way, fleet, ...(killed ? ["killed"] : [])].join("-"),
            change,
            way,
            fleet,
            killed,
            version: played.versions[change],
            declared: played.declared[change]?.[fleet],
          }),
        ),
      );
    }),
  );
}

/** Where a session is when the code changes; `new` is one that is started after it. */
export type SessionPlace = Place | "new";

/** The places of a cell's sessions: only where the next version comes, and stays alone, one is started after it. */
export function placesOf({ fleet }: Pick<Cell, "fleet">): readonly SessionPlace[] {
  return fleet === "forward" ? [...places, "new"] : places;
}

/** Leases that the waiting session idles for: it must wait until the change, and until somebody is there after it. */
const waitLeases = 4;

export function sessionOf(cell: Pick<Cell, "id">, place: SessionPlace): string {
  return `${cell.id}-${place}`;
}

export function specOf(cell: Pick<Cell, "id">, place: SessionPlace, leaseMs: number): SessionSpec {
  const idleTimeoutMs = place === "wait" ? waitLeases * leaseMs : Math.round(leaseMs / 4);
  return plainSpec(sessionOf(cell, place), { activities: activityCount, idleTimeoutMs, flavour: cell.id });
}
