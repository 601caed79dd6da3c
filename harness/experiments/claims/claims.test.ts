import { expect, test } from "vitest";
import { claims } from "./claims.ts";
import { claimsNamed } from "./list.ts";

const long = ["stale-attempts", "poison-session", "no-hot-loop", "too-large"];

test("claims that take long are left out at quick, unless they are named", () => {
  const all = claimsNamed().map(({ id }) => id);
  const playedAt = (profile: "quick" | "standard", claim?: string[]) =>
    claims.settingsFrom({ ...(claim && { claim }) }, profile, 1_000).claims;
  expect(playedAt("standard")).toEqual(all);
  expect(playedAt("quick")).toEqual(all.filter((id) => !long.includes(id)));
  expect(playedAt("quick", ["too-large"])).toEqual(["too-large"]);
});
