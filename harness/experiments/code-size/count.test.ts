import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../../repository.ts";
import { anotherStore, concernsOfEngines, fromGroundFloor, other, workArounds } from "./concerns.ts";
import { countCode, countedImplementations } from "./count.ts";

describe("countCode", () => {
  test("no code of a listed engine, or of the ground floor, stands under no concern", async () => {
    const rows = await countCode();
    expect(rows.filter((row) => row.concern === other).map((row) => row.file)).toEqual([]);
  });

  test("engines have the same concerns, by the same names", async () => {
    const named = (await countCode()).filter(
      ({ implementation, file }) => file.startsWith("implementations/") && implementation !== "shared",
    );
    const known = [...concernsOfEngines, fromGroundFloor, anotherStore];
    expect(named.filter(({ concern }) => !known.includes(concern))).toEqual([]);
  });

  test("a work-around is for a version", async () => {
    const rows = (await countCode()).filter(({ concern }) => concern === workArounds);
    expect(rows.length).toBeGreaterThan(0);
    for (const { file, workAroundFor } of rows) expect(workAroundFor, file).toMatch(/\d\.\d/);
  });

  test("each implementation has files of its own folder, and of no other", async () => {
    const rows = await countCode();
    for (const { name, path } of countedImplementations()) {
      const own = rows.filter((row) => row.implementation === name && row.concern !== fromGroundFloor);
      expect(own.length, name).toBeGreaterThan(0);
      expect(own.filter(({ file }) => `${dirname(file)}/` !== path)).toEqual([]);
      expect(path).toMatch(/^implementations\/[^/]+\/(by-the-book\/)?$/);
    }
  });

  test("what the ground floor has for some counts for those that use it, and is not shared", async () => {
    const rows = (await countCode()).filter(({ concern }) => concern === fromGroundFloor);
    const users = new Set(rows.map(({ implementation }) => implementation));
    expect([...users]).toEqual(expect.arrayContaining(["redis-bullmq", "postgres-queue"]));
    expect([...users]).not.toContain("resonate");
    for (const user of users) {
      const files = rows.filter(({ implementation }) => implementation === user).map(({ file }) => file);
      expect(files).toContain("implementations/session/steps.ts");
    }
  });

  test("leaves out no file of an implementation but its tests", async () => {
    const counted = (await countCode()).map((row) => row.file);
    const folders = countedImplementations().map(({ path }) => path);
    for (const folder of [...folders, "implementations/session/"]) {
      const files = await readdir(join(repositoryRoot, folder));
      const expected = files.filter((file) => /\.\w+$/.test(file) && !/\.test\.ts$|\.md$|\.json$/.test(file));
      for (const file of expected) expect(counted).toContain(folder + file);
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

  test("what is written by the book has a sum of its own, after that of its engine", async () => {
    const folder = await mkdtemp(join(tmpdir(), "killproof-count-"));
    try {
      await mkdir(join(folder, "by-the-book"));
      await writeFile(join(folder, "worker.ts"), "// concern: wiring\nf();\ng();");
      await writeFile(join(folder, "table.ts"), "// concern: wiring\nh();");
      await writeFile(join(folder, "by-the-book/worker.ts"), "// concern: wiring\nstepsOf(1);");
      const manifest = { stores: [{ name: "redis" }], filesOfStore: { "table.ts": "postgres" } } as const;
      const rows = await countCode([
        { name: "mine", folder: `${pathToFileURL(folder).href}/`, manifest, versions: {} },
      ]);
      const own = rows.filter(({ implementation }) => implementation !== "shared");
      expect(own.map((row) => [row.implementation, row.file, row.concern, row.codeLines])).toEqual([
        ["mine", "implementations/mine/table.ts", anotherStore, 1],
        ["mine", "implementations/mine/worker.ts", "wiring", 2],
        ["mine-by-the-book", "implementations/mine/by-the-book/worker.ts", "wiring", 1],
        ["mine-by-the-book", "implementations/session/steps.ts", fromGroundFloor, 4],
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
