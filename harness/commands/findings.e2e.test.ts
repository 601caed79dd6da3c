/** The command on the quickest finding: its script is taken out of the draft, run, and recognised. */
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { repositoryRoot } from "../repository.ts";

const cli = join(repositoryRoot, "harness/cli.ts");
const play = (id: string, env: Readonly<Record<string, string>> = {}) =>
  execa(process.execPath, [cli, "findings", "--only", id], { reject: false, env });

test("a finding that is there reproduces, and the command exits 0", async () => {
  const { stdout, exitCode } = await play("sdk-token-of-stream");
  expect(stdout).toMatch(/sdk-token-of-stream.*reproduces /);
  expect(exitCode).toBe(0);
});

test("a finding whose store is not on this machine is not played, with what installs it, and decides nothing", async () => {
  const { stdout, exitCode } = await play("server-dropped-message", { RESONATE_BIN: "/nowhere/resonate" });
  expect(stdout).toContain("not played: the Resonate server was not found");
  expect(exitCode).toBe(2);
});
