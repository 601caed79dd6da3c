/** The experiment `upgrade`: the lifecycle's code changes while sessions are under way. */
import { type ChangeName, changeNames } from "../../engines/upgrade.ts";
import { UsageError } from "../../errors.ts";
import type { Decision } from "../../report/decision.ts";
import { type FigureRow, plain } from "../../report/figure-row.ts";
import type { Target } from "../../run/target.ts";
import { timing } from "../../run/timing.ts";
import type { Entry } from "../../world/entry.ts";
import type { Experiment } from "../experiment.ts";
import { cellsOf, killedCellsOf, placesOf, sessionOf } from "./cells.ts";
import { playUpgrades, playUpgradesAgain, rowsFrom, upgradeLedger } from "./play.ts";
import { type UpgradeRow, type UpgradeRows, upgradeRowSchemas } from "./rows.ts";
import { type UpgradeSettings, upgradeSettingsSchema } from "./settings.ts";

interface UpgradeFlags {
  readonly only: readonly string[];
}

export const upgrade: Experiment<UpgradeRows, UpgradeSettings, UpgradeFlags> = {
  name: "upgrade",
  summary: "the lifecycle's code changes while sessions are under way: forward, mixed and back",
  flags: [{ flag: "--only <changes...>", says: `only these changes: ${changeNames.join(", ")}` }],
  shared: { lease: true, targets: true, durability: true, atOnce: true, profile: "quick", byTheBook: true },
  inCompare: false,
  injectsFaults: true,
  rows: upgradeRowSchemas,
  settings: upgradeSettingsSchema,
  settingsFrom: ({ only }, profile, leaseMs) => ({
    changes: changesNamed(only),
    kills: profile === "standard",
    ...timing,
    leaseMs,
  }),
  play: {
    kind: "side by side",
    comesFirst: false,
    countOf: (target, settings) => cellsOf(target, settings).length * (settings.kills ? 2 : 1),
    play: async (run, target, settings, whenFree, onCase) => ({
      upgrades: await playUpgrades(
        run,
        target,
        { ...settings, cells: cellsOf(target, settings), attempt: 0 },
        whenFree,
        onCase,
      ),
    }),
    async playAgain(run, target, settings, rows, attempt) {
      const found = rows.upgrades as readonly UpgradeRow[]; // what `play` found
      const upgrades = await playUpgradesAgain(run, target, settings, found, attempt);
      return upgrades === null ? null : { upgrades };
    },
  },
  judgeAgain: ({ targets, settings, entriesOf }) => ({
    upgrades: targets.flatMap((target) =>
      judgedAgain(target, settings, (attempt) => entriesOf(upgradeLedger(attempt), target.name)),
    ),
  }),
  overviews: () => [],
  figures: ({ upgrades }) => upgrades.map(figureOf),
  decisions: ({ upgrades }) => upgrades.map(decisionOf),
  drawn: ({ upgrades }) => ({
    cases: upgrades.map(({ target, session, playedAgain }) => ({
      experiment: upgradeLedger(playedAgain),
      target,
      session,
    })),
  }),
};

/** @throws UsageError for a change that there is not. */
function changesNamed(names: readonly string[] | undefined): readonly ChangeName[] {
  const unknown = names?.find((name) => !changeNames.some((known) => known === name));
  if (unknown !== undefined)
    throw new UsageError(`Unknown change "${unknown}".`, `Choose from: ${changeNames.join(", ")}.`);
  return changeNames.filter((name) => names?.includes(name) ?? true);
}

/** Of a cell that was played again, the last attempt decides. */
function judgedAgain(
  target: Target,
  settings: UpgradeSettings,
  entriesIn: (attempt: number) => readonly Entry[],
): readonly UpgradeRow[] {
  const { leaseMs } = settings;
  const first = cellsOf(target, settings);
  const { kills } = settings;
  let rows = rowsFrom(entriesIn(0), target.name, { cells: first, kills, attempt: 0, leaseMs });
  const all = [...first, ...killedCellsOf(first, rows)];
  for (let attempt = 1; ; attempt++) {
    const entries = entriesIn(attempt);
    if (entries.length === 0) return rows;
    const played = new Set(entries.flatMap((entry) => ("session" in entry ? [entry.session] : [])));
    const cells = all.filter((cell) => placesOf(cell).some((place) => played.has(sessionOf(cell, place))));
    const again = rowsFrom(entries, target.name, { cells, kills: false, attempt, leaseMs });
    rows = rows.map((row) => again.find(({ session }) => session === row.session) ?? row);
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
