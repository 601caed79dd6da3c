import pLimit from "p-limit";
import { expect, test } from "vitest";
import { changeNames, fleets } from "../../engines/upgrade.ts";
import { knownEngines, targets, targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { cellsOf } from "./cells.ts";
import { playUpgrades } from "./play.ts";
import type { UpgradeSettings } from "./settings.ts";

const current = runForTests();

const settings: UpgradeSettings = {
  changes: changeNames,
  fleets,
  unsafe: null,
  kills: false,
  leaseMs: 1000,
  retryDelayMs: 200,
};

/** One that goes wrong somewhere on each engine, and one that goes wrong nowhere; with a kill after it. */
test.concurrent.each(targets)(
  "$name does what is declared, and the kill after it changes nothing",
  async (target) => {
    const cells = cellsOf(target, {
      ...settings,
      changes: ["step-after-wait", "wait-doubled"],
      fleets: ["forward"],
    });
    const toPlay = { ...settings, cells, kills: true, attempt: 0 };
    const rows = await playUpgrades(current.run, target, toPlay, pLimit(4), () => {});
    expect(rows.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    const wentWrong = rows.filter(({ outcome }) => outcome === "wrong" || outcome === "skipped");
    expect(wentWrong.every(({ way, change }) => way === "plain" && change === "step-after-wait")).toBe(true);
    expect(wentWrong.length).toBeGreaterThan(0);
    expect(rows.some(({ killed, outcome }) => killed && outcome !== null)).toBe(true);
  },
);

const unsafe = knownEngines().flatMap(({ name: engine, manifest: { upgrades, stores } }) =>
  (upgrades?.safe?.unsafe ?? []).map(({ name, expected }) => {
    const store = stores.find(({ isUsual }) => isUsual) ?? stores[0];
    return { name, expected, of: `${engine}@${store?.name}` };
  }),
);

test.concurrent.each(unsafe)(
  "$name, of $of: not as declared, but $expected",
  async ({ name, expected, of }) => {
    const [target] = targetsNamed(of);
    if (target === undefined) throw new Error("it is on the list");
    const cells = cellsOf(target, { ...settings, unsafe: name });
    // A ledger of its own.
    const toPlay = { ...settings, cells, attempt: 1 + unsafe.findIndex((each) => each.name === name) };
    const rows = await playUpgrades(current.run, target, toPlay, pLimit(1), () => {});
    const caught = rows.filter(({ verdict }) => verdict === "fail").map(({ outcome }) => outcome);
    expect(caught).toContain(expected);
  },
);
