import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../repository.ts";

test("every file that harness/README.md names is there", () => {
  const text = readFileSync(join(repositoryRoot, "harness/README.md"), "utf8");
  const named = [...text.matchAll(/`(?:[\w*-]+\/)*([\w*-]+\.ts)`/g)].map(([, name]) => name ?? "");
  const there = globSync("{harness,implementations}/**/*.ts", { cwd: repositoryRoot }).map((file) =>
    basename(file),
  );
  const isThere = (name: string) => {
    const [start = "", end = ""] = name.split("*");
    return there.some((file) =>
      name.includes("*") ? file.startsWith(start) && file.endsWith(end) : file === name,
    );
  };
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !isThere(name))).toEqual(["NAME.ts"]);
});
