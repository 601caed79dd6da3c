/** The experiment `upgrade`: the lifecycle's code changes while sessions are under way. */
import { readFileSync } from "node:fs";
import { changeNames, fleets } from "../../engines/upgrade.ts";
import { UsageError } from "../../errors.ts";
import type { Decision } from "../../report/decision.ts";
import { type FigureRow, plain } from "../../report/figure-row.ts";
import { isByTheBook } from "../../report/target-name.ts";
import type { Target } from "../../run/target.ts";
import { timing } from "../../run/timing.ts";
import { engineOf, knownEngines } from "../../targets/targets.ts";
import type { Entry } from "../../world/entry.ts";
import { type Experiment, profileNames } from "../experiment.ts";
import { cellsOf, killedCellsOf, placesOf, sessionOf } from "./cells.ts";
import { playUpgrades, playUpgradesAgain, rowsFrom, upgradeLedger, withAgain } from "./play.ts";
import { pricesOf } from "./price.ts";
import { type UpgradePrice, type UpgradeRow, type UpgradeRows, upgradeRowSchemas, wayNames } from "./rows.ts";
import { type UpgradeSettings, upgradeSettingsSchema } from "./settings.ts";
import { changesInBrief, changesTable, clauseOf, placesTable, pricesTable, rightOf } from "./tables.ts";

interface UpgradeFlags {
  readonly only: readonly string[];
  readonly fleet: readonly string[];
  readonly unsafe: string;
}

const unsafeNames = knownEngines().flatMap(
  ({ manifest: { upgrades } }) => upgrades?.safe?.unsafe?.map(({ name }) => name) ?? [],
);

export const upgrade: Experiment<UpgradeRows, UpgradeSettings, UpgradeFlags> = {
  name: "upgrade",
  summary: "the lifecycle's code changes while sessions are under way: forward, mixed and back",
  flags: [
    { flag: "--only <changes...>", says: `only these changes: ${changeNames.join(", ")}` },
    { flag: "--fleet <fleets...>", says: `only these fleets: ${fleets.join(", ")}` },
    {
      flag: "--unsafe <name>",
      says: `only this safe way with something left out, which must fail: ${unsafeNames.join(", ")}`,
    },
  ],
  shared: {
    lease: true,
    targets: true,
    durability: true,
    atOnce: true,
    profile: "quick",
    byTheBook: profileNames,
  },
  inCompare: ["standard"],
  injectsFaults: true,
  rows: upgradeRowSchemas,
  settings: upgradeSettingsSchema,
  settingsFrom: ({ only, fleet, unsafe }, profile, leaseMs) => {
    if (unsafe !== undefined && (only !== undefined || fleet !== undefined))
      throw new UsageError(
        "--unsafe plays a change and a fleet of its own.",
        "Leave out --only and --fleet, or --unsafe.",
      );
    return {
      changes: chosenFrom(changeNames, only, "change"),
      fleets: chosenFrom(fleets, fleet, "fleet"),
      unsafe:
        unsafe === undefined
          ? null
          : (chosenFrom(unsafeNames, [unsafe], "safe way with something left out")[0] ?? null),
      kills: profile === "standard",
      ...timing,
      leaseMs,
    };
  },
  play: {
    kind: "side by side",
    comesFirst: false,
    countOf: (target, settings) => cellsOf(target, settings).length * (playsKills(target, settings) ? 2 : 1),
    play: async (run, target, settings, whenFree, onCase) => ({
      upgradePrices: pricesOn(target),
      upgrades: await playUpgrades(
        run,
        target,
        {
          ...settings,
          cells: cellsOf(target, settings),
          kills: playsKills(target, settings),
          attempt: 0,
        },
        whenFree,
        onCase,
      ),
    }),
    async playAgain(run, target, settings, rows, attempt) {
      const found = rows.upgrades as readonly UpgradeRow[]; // what `play` found
      const upgrades = await playUpgradesAgain(
        run,
        target,
        { ...settings, kills: playsKills(target, settings) },
        found,
        attempt,
      );
      return upgrades === null ? null : { ...rows, upgrades };
    },
  },
  judgeAgain: ({ targets, settings, entriesOf }) => ({
    upgradePrices: targets.flatMap(pricesOn),
    upgrades: targets.flatMap((target) =>
      judgedAgain(target, settings, (attempt) => entriesOf(upgradeLedger(attempt), target.name)),
    ),
  }),
  overviews: (rows) => [changesTable(rows), pricesTable(rows)],
  brief: (rows) => [changesInBrief(rows)],
  details: ({ upgrades }) =>
    [...new Set(upgrades.map(({ target }) => target))].map((target) => placesTable(target, upgrades)),
  figures: ({ upgrades, upgradePrices }) => [
    ...upgrades.map(figureOf),
    ...upgradePrices.flatMap(({ target, change, plainLines, safeLines, oldLines }) => {
      const place = { experiment: "upgrade", target, mode: null, subject: change };
      return [
        plain(place, "size", "lines written, plain", plainLines),
        plain(place, "size", "lines written, safe", safeLines),
        plain(place, "size", "lines of the old code", oldLines),
      ];
    }),
  ],
  headline: wayNames.map((way) => ({
    what: () => `sessions that went on right when the code changed, ${way}`,
    of: ({ upgrades }, target) => rightOf(upgrades, target, way),
  })),
  clause: clauseOf,
  decisions: ({ upgrades }) => upgrades.map(decisionOf),
  drawn: ({ upgrades }) => ({
    cases: upgrades.filter(isDrawn).map(({ target, session, playedAgain }) => ({
      experiment: upgradeLedger(playedAgain),
      target,
      session,
    })),
  }),
};

/** The page has the stories behind its table, and of whatever went otherwise than declared: all of them are too many for it. */
function isDrawn({ fleet, killed, verdict }: UpgradeRow): boolean {
  return verdict !== "pass" || (fleet === "forward" && !killed);
}

/** What the safe way of a target's engine costs. */
function pricesOn({ name, engine, implementation }: Target): readonly UpgradePrice[] {
  const { plain: plainWay, safe } = engineOf({ engine }).upgrades ?? {};
  const textOf = (file: string) => readFileSync(new URL(file, implementation), "utf8");
  return plainWay === undefined || safe === undefined ? [] : pricesOf(name, plainWay, safe, textOf);
}

/** By the book a death loses sessions with or without a change: that is for other experiments to show. */
function playsKills({ name }: Pick<Target, "name">, { kills }: Pick<UpgradeSettings, "kills">): boolean {
  return kills && !isByTheBook(name);
}

/** Those that are named; all, where none is. @throws UsageError for one that there is not. */
function chosenFrom<Name extends string>(
  all: readonly Name[],
  named: readonly string[] | undefined,
  what: string,
): readonly Name[] {
  const names = named?.flatMap((each) => each.split(","));
  const unknown = names?.find((name) => !all.some((known) => known === name));
  if (unknown !== undefined)
    throw new UsageError(`Unknown ${what} "${unknown}".`, `Choose from: ${all.join(", ")}.`);
  return all.filter((name) => names?.includes(name) ?? true);
}

/** Of a cell that was played again, the last attempt decides. */
function judgedAgain(
  target: Target,
  settings: UpgradeSettings,
  entriesIn: (attempt: number) => readonly Entry[],
): readonly UpgradeRow[] {
  const { leaseMs } = settings;
  const first = cellsOf(target, settings);
  const kills = playsKills(target, settings);
  let rows = rowsFrom(entriesIn(0), target.name, { cells: first, kills, attempt: 0, leaseMs });
  for (let attempt = 1; ; attempt++) {
    const entries = entriesIn(attempt);
    if (entries.length === 0) return rows;
    const played = new Set(entries.flatMap((entry) => ("session" in entry ? [entry.session] : [])));
    const all = [...first, ...(kills ? killedCellsOf(first, rows) : [])];
    const cells = all.filter((cell) => placesOf(cell).some((place) => played.has(sessionOf(cell, place))));
    const again = rowsFrom(entries, target.name, { cells, kills: false, attempt, leaseMs });
    rows = withAgain(rows, again);
  }
}

function figureOf({ target, change, way, fleet, killed, place, outcome }: UpgradeRow): FigureRow {
  const subject = [change, way, fleet, place, ...(killed ? ["killed"] : [])].join("/");
  return plain({ experiment: "upgrade", target, mode: "idempotent", subject }, "case", "outcome", outcome);
}

function decisionOf(row: UpgradeRow): Decision {
  const { target, change, way, fleet, killed, place, outcome, declared, found } = row;
  return {
    suite: `upgrade of ${target}`,
    name: `${change}, ${way}, ${fleet}, ${place}${killed ? ", killed" : ""}`,
    target,
    verdict: row.verdict,
    unknownDecides: true,
    found: `${outcome ?? "inconclusive"}, where ${declared.join(" or ") || "nothing"} is declared`,
    evidence: [found, `This change alone: npm run upgrade -- --only ${change} --targets ${target}`],
    anchor: "upgrade",
  };
}
