/** What became of sessions whose code changed: a word for each change, engine and way, and below it each place and fleet. */
import {
  type ChangeName,
  changeNames,
  type Fleet,
  fleets,
  type Outcome,
  outcomes,
  places,
} from "../../engines/upgrade.ts";
import { glyphs } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import { isByTheBook, partsOfTargetName } from "../../report/target-name.ts";
import { changes } from "./changes.ts";
import { type UpgradePrice, type UpgradeRow, type UpgradeRows, type WayName, wayNames } from "./rows.ts";

/** The worst that became of some sessions; null where nothing is known of any. Pure. */
export function worstOf(rows: readonly UpgradeRow[]): Outcome | null {
  const found = rows.flatMap(({ outcome }) => (outcome === null ? [] : [outcomes.indexOf(outcome)]));
  return outcomes[Math.max(...found)] ?? null;
}

/** A column of the table: a target and a way. */
export interface Column {
  readonly target: string;
  readonly way: WayName;
}

/** By which ways which targets were changed, in order. Pure. */
export function columnsOf(rows: readonly UpgradeRow[]): readonly Column[] {
  return [...new Set(rows.map(({ target }) => target))].flatMap((target) =>
    wayNames
      .filter((way) => rows.some((row) => row.target === target && row.way === way))
      .map((way) => ({ target, way })),
  );
}

/** The sessions behind a word of the table: those under way when all workers were replaced, without a further kill. Pure. */
export function behind(
  rows: readonly UpgradeRow[],
  change: ChangeName,
  { target, way }: Column,
): readonly UpgradeRow[] {
  return rows.filter(
    (row) =>
      row.target === target &&
      row.way === way &&
      row.change === change &&
      row.fleet === "forward" &&
      row.place !== "new" &&
      !row.killed,
  );
}

/** In words: the worst, and how many of the sessions that is. Pure. */
export function wordOf(rows: readonly UpgradeRow[]): string {
  if (rows.length === 0) return "";
  const worst = worstOf(rows);
  if (worst === null) return glyphs.unknown;
  const same = rows.filter(({ outcome }) => outcome === worst).length;
  return `${rows.some(({ verdict }) => verdict === "fail") ? `${glyphs.fail} ` : ""}${worst}${same === rows.length ? "" : ` (${same} of ${rows.length})`}`;
}

export function changesTable({ upgrades }: Pick<UpgradeRows, "upgrades">): Table {
  const columns = columnsOf(upgrades);
  return {
    title: "Code changed under a session",
    headers: ["what the next version does", ...columns.map(({ target, way }) => `${target}, ${way}`)],
    hasTargetsAcross: true,
    rows: changeNames
      .filter((name) => upgrades.some(({ change }) => change === name))
      .map((name) => [
        `${name}: ${changes[name].says}`,
        ...columns.map((column) => wordOf(behind(upgrades, name, column))),
      ]),
    note:
      "All workers are replaced while one session is among its activities, one in its wait, and one dead between two effects of its cleanup; keys on. A cell says the worst that became of the three, and of how many where not of all. " +
      "plain: the body is edited, and nothing else. safe: as the engine's documentation, or an expert of the hand-written table, has it. " +
      "skipped: it ended well, and the added step never ran. refused: nothing of it runs and a log says so, until the old code is back. stuck: a step fails for ever, loudly in a log, or silently. lost: its cleanup never ends. wrong: another step's result, or an effect twice, missing or too early.",
  };
}

/** The changes that tell the engines apart the most. */
const telling: readonly ChangeName[] = ["step-before-idle", "step-renamed", "result-reshaped"];

/** What the plain way does hardened, by engine, on its first store, for a page with little room. Pure. */
export function changesInBrief({ upgrades }: Pick<UpgradeRows, "upgrades">): Table {
  const hardened = columnsOf(upgrades).filter(({ target, way }) => way === "plain" && !isByTheBook(target));
  const columns = [...Map.groupBy(hardened, ({ target }) => partsOfTargetName(target).engine)].flatMap(
    ([, [first]]) => (first === undefined ? [] : [first]),
  );
  return {
    title: "Code changed, in brief",
    headers: ["deployed under a session", ...columns.map(({ target }) => target)],
    hasTargetsAcross: true,
    note: "The worst of three sessions: among its activities, in its wait, in its cleanup.",
    rows: telling
      .filter((name) => upgrades.some(({ change }) => change === name))
      .map((name) => [
        changes[name].says,
        ...columns.map((column) => wordOf(behind(upgrades, name, column))),
      ]),
  };
}

/** Places and fleets of one target, a change and place a row. Pure. */
export function placesTable(target: string, all: readonly UpgradeRow[]): Table {
  const rows = all.filter((row) => row.target === target);
  const played: readonly { readonly way: WayName; readonly fleet: Fleet; readonly killed: boolean }[] =
    wayNames.flatMap((way) =>
      fleets.flatMap((fleet) => [false, true].map((killed) => ({ way, fleet, killed }))),
    );
  const columns = played.filter((column) => rows.some((row) => isIn(row, column)));
  const whole = [...places, "new"] as const;
  return {
    title: `Code changed on ${target}, by place and fleet`,
    headers: [
      "change, place",
      ...columns.map(({ way, fleet, killed }) => [way, fleet, ...(killed ? ["killed"] : [])].join(", ")),
    ],
    rows: changeNames.flatMap((change) =>
      whole
        .filter((place) => rows.some((row) => row.change === change && row.place === place))
        .map((place) => [
          `${change}, ${place}`,
          ...columns.map((column) => {
            const row = rows.find(
              (each) => each.change === change && each.place === place && isIn(each, column),
            );
            if (row === undefined) return "";
            const word = row.outcome ?? glyphs.unknown;
            return row.verdict === "fail" ? `${glyphs.fail} ${word}` : word;
          }),
        ]),
    ),
    note: "forward: all workers are replaced. mixed: of old and new workers there is one each to the end. backward: the sessions begin on the new code, and the old code comes back. killed: those that went on, again, and a worker dies right after the first effect that lands then. new: started after the change.",
  };
}

function isIn(
  row: UpgradeRow,
  column: { readonly way: WayName; readonly fleet: Fleet; readonly killed: boolean },
): boolean {
  return row.way === column.way && row.fleet === column.fleet && row.killed === column.killed;
}

export function pricesTable({ upgradePrices }: Pick<UpgradeRows, "upgradePrices">): Table {
  const targets = [...new Set(upgradePrices.map(({ target }) => target))];
  const cellOf = (price: UpgradePrice | undefined) =>
    price === undefined
      ? ""
      : `${price.safeLines} for ${price.plainLines}${price.oldLines === 0 ? "" : `, a file of ${price.oldLines} stays`}`;
  return {
    title: "What the safe way costs",
    headers: ["code lines written, safe for plain", ...targets],
    hasTargetsAcross: true,
    rows: changeNames
      .filter((change) => upgradePrices.some((price) => price.change === change))
      .map((change) => [
        change,
        ...targets.map((target) =>
          cellOf(upgradePrices.find((price) => price.target === target && price.change === change)),
        ),
      ]),
    note: [...Map.groupBy(upgradePrices, ({ says }) => says).values()].map(sentencesOf).join(" "),
  };
}

/** Of targets that go the same way. */
function sentencesOf(prices: readonly UpgradePrice[]): string {
  const [first] = prices;
  if (first === undefined) return "";
  const targets = [...new Set(prices.map(({ target }) => target))].join(", ");
  return `${targets}: ${first.says} The old code stays ${first.oldCodeStays} Going back: ${first.goingBack}`;
}

/** Of the sessions under way when all workers were replaced, how many went on right; null where there are none. Pure. */
export function rightOf(upgrades: readonly UpgradeRow[], target: string, way: WayName): string | null {
  const own = upgrades.filter(
    (row) =>
      row.target === target &&
      row.way === way &&
      row.fleet === "forward" &&
      row.place !== "new" &&
      !row.killed,
  );
  const right = own.filter(({ outcome }) => outcome === "runs as new" || outcome === "runs as old");
  return own.length === 0 ? null : `${right.length} of ${own.length}`;
}

/** In a clause; null where nothing was changed. Pure. */
export function clauseOf({ upgrades }: Pick<UpgradeRows, "upgrades">, target: string): string | null {
  const shares = wayNames.flatMap((way) => {
    const right = rightOf(upgrades, target, way);
    return right === null ? [] : [`${right} sessions by the ${way} way`];
  });
  return shares.length === 0
    ? null
    : `of those under way when the code changed, ${shares.join(" and ")} went on right`;
}
