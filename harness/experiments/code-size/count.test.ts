import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { engines } from "../../../implementations/index.ts";
import { repositoryRoot } from "../../repository.ts";
import { countCode } from "./count.ts";

const implementations = join(repositoryRoot, "implementations");

describe("countCode", () => {
  test("knows the concern of every file", async () => {
    const rows = await countCode();
    expect(rows.filter((row) => row.concern === "other").map((row) => row.file)).toEqual([]);
  });

  test("leaves out no file of an implementation but its tests", async () => {
    const counted = (await countCode()).map((row) => row.file);
    for (const folder of [...engines.keys(), "session"]) {
      const files = await readdir(join(implementations, folder));
      const expected = files.filter((file) => /\.\w+$/.test(file) && !/\.test\.ts$|\.md$/.test(file));
      for (const file of expected) expect(counted).toContain(`implementations/${folder}/${file}`);
    }
  });

  test("counts no test", async () => {
    expect((await countCode()).filter((row) => row.file.endsWith(".test.ts"))).toEqual([]);
  });

  test("keeps what all share apart", async () => {
    const shared = (await countCode())
      .filter((row) => row.implementation === "shared")
      .map((row) => row.file);
    expect(shared).toContain("implementations/session/contract.ts");
    expect(shared).toContain("implementations/session/operations.ts");
  });

  test("finds code in every file", async () => {
    for (const row of await countCode()) expect(row.codeLines, row.file).toBeGreaterThan(0);
  });
});
