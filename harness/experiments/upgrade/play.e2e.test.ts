import pLimit from "p-limit";
import { expect, test } from "vitest";
import { changeNames, fleets } from "../../engines/upgrade.ts";
import { engineOf, targets } from "../../targets/targets.ts";
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

test.concurrent.each(targets)(
  "$name does what is declared, and a kill after that changes nothing",
  async (target) => {
    const wanted = { ...settings, changes: ["step-after-wait"], fleets: ["forward"] } as const;
    // One target is enough for the kill, which is the harness's.
    const toPlay = { ...wanted, cells: cellsOf(target, wanted), kills: target === targets[0], attempt: 0 };
    const rows = await playUpgrades(current.run, target, toPlay, pLimit(4), () => {});
    expect(rows.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    const wentWrong = rows.filter(({ outcome }) => outcome === "wrong" || outcome === "skipped");
    expect(wentWrong.every(({ way }) => way === "plain")).toBe(true);
    expect(wentWrong.length).toBeGreaterThan(0);
    expect(rows.some(({ killed, outcome }) => killed && outcome !== null)).toBe(toPlay.kills);
  },
);

/** Of the default targets; the others are of the same make, and their stores take long to start. */
const unsafe = targets.flatMap((target) =>
  (engineOf(target).upgrades?.safe?.unsafe ?? []).map(({ name, expected }) => ({ target, name, expected })),
);

test.concurrent.each(unsafe)(
  "$name, of $target.name: not as declared, but $expected",
  async ({ target, name, expected }) => {
    const cells = cellsOf(target, { ...settings, unsafe: name });
    // A ledger of its own.
    const toPlay = { ...settings, cells, attempt: 1 + unsafe.findIndex((each) => each.name === name) };
    const rows = await playUpgrades(current.run, target, toPlay, pLimit(1), () => {});
    const caught = rows.filter(({ verdict }) => verdict === "fail").map(({ outcome }) => outcome);
    expect(caught).toContain(expected);
  },
);
