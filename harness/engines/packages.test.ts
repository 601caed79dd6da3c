import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { repositoryRoot } from "../repository.ts";
import { isGuest, packageFolderOf, packagesOf, whyNotInstalled } from "./packages.ts";

const urlOf = (...path: string[]) => `${pathToFileURL(join(...path)).href}/`;

test("a folder has the packages of the nearest package.json, its own or one above it", () => {
  const folder = mkdtempSync(join(tmpdir(), "killproof-packages-"));
  try {
    for (const each of ["plain", "mine/by-the-book"]) mkdirSync(join(folder, each), { recursive: true });
    for (const each of [folder, join(folder, "mine")]) writeFileSync(join(each, "package.json"), "{}");
    expect(packageFolderOf(urlOf(folder, "plain"))).toBe(folder);
    expect(packageFolderOf(urlOf(folder, "mine"))).toBe(join(folder, "mine"));
    expect(packageFolderOf(urlOf(folder, "mine/by-the-book"))).toBe(join(folder, "mine"));
    // How the packages of another repository are installed is its own affair.
    expect(whyNotInstalled(urlOf(folder, "mine"))).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an implementation with the packages of this repository is no guest, and installed", () => {
  expect(isGuest(urlOf(repositoryRoot, "implementations/session"))).toBe(false);
  expect(whyNotInstalled(urlOf(repositoryRoot, "implementations/session"))).toBeNull();
});

test("what a manifest gives the versions of is the engine's own, but for its drivers", () => {
  const versions = { engine: "@engine/sdk", wire: "wire" };
  expect(packagesOf({ versions, drivers: ["wire", "socket"] })).toEqual({
    sdk: ["@engine/sdk"],
    drivers: ["wire", "socket"],
  });
  expect(packagesOf({})).toEqual({ sdk: [], drivers: [] });
});
