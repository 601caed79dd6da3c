import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { readResults } from "../experiments/results.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));

test("a history that is judged again says the same, and something else once it was changed", async ({
  onTestFinished,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const killproof = (...args: readonly string[]) =>
    execa(process.execPath, [cli, ...args], { reject: false, cwd: folder, timeout: 120_000 });
  const small = ["--sessions", "30", "--arrivals", "4", "--kills", "2", "--kill-alls", "1", "--seed", "7"];
  await killproof("chaos", "--targets", "redis-bullmq@redis", ...small);
  const run = join(folder, "results", "latest");
  const played = await readResults(join(run, "results.json"));
  expect(played.run.judgedBy).toBeUndefined();

  expect((await killproof("report", run, "--judge")).exitCode).toBe(played.run.exitCode);
  expect(await readResults(join(run, "results.json"))).toEqual(played);
  const { run: judgedRun, ...judged } = await readResults(join(run, "judged", "results.json"));
  const { run: playedRun, ...asPlayed } = played;
  expect(judged).toEqual(asPlayed);
  expect(judgedRun).toMatchObject({ ...playedRun, judgedBy: judgedRun.commit });

  const history = join(run, "history.jsonl");
  const lines = readFileSync(history, "utf8").trimEnd().split("\n");
  const audits = lines.filter((line) => line.includes('"landed"') && line.includes('"write-audit"'));
  const again = audits.map((line) => line.replace(/"execution":"/, '"execution":"another-'));
  writeFileSync(history, `${[...lines, ...again].join("\n")}\n`);
  const { exitCode, stdout } = await killproof("report", run, "--judge");
  expect(stdout).toContain("✗ cleaned-once");
  expect(exitCode).toBe(1);

  writeFileSync(history, `${lines.slice(0, lines.length / 2).join("\n")}\n`);
  const cut = await killproof("report", run, "--judge");
  expect(cut.exitCode).toBe(64);
  expect(cut.stderr).toContain("is not whole");

  rmSync(history);
  const gone = await killproof("report", run, "--judge");
  expect(gone.exitCode).toBe(64);
  expect(gone.stderr).toMatch(/history\.jsonl is gone.*\n.*history\.jsonl/);
});
