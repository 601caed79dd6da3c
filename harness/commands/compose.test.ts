import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { chaos } from "../experiments/chaos/chaos.ts";
import { repositoryRoot } from "../repository.ts";
import { addFlagsOf, addRunFlags, storeOptions, worldOption } from "./options.ts";

const read = (file: string) => readFileSync(join(repositoryRoot, file), "utf8");
const options = [...addRunFlags(addFlagsOf(new Command(), chaos)).options, ...storeOptions()];

describe("compose.yaml", () => {
  test("plays chaos with flags that it has, by the names that its help shows", () => {
    const shown = options.filter(({ hidden }) => !hidden).map(({ long }) => long);
    const given = [...read("compose.yaml").matchAll(/- (--[a-z-]+)=/g)].map(([, flag]) => flag);
    expect(given).toContain("--remote-workers");
    expect(given.filter((flag) => !shown.includes(flag))).toEqual([]);
  });

  test.each(["compose.yaml", "docs/targets.md"])("%s names no variable that nothing reads", (file) => {
    const known = [...options, worldOption()].map(({ envVar }) => envVar);
    const named = read(file).match(/KILLPROOF_[A-Z_]+/g) ?? [];
    expect(named).toContain("KILLPROOF_WORLD_URL");
    expect(named.filter((variable) => !known.includes(variable))).toEqual([]);
  });
});
