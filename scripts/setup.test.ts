import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "killproof-setup-"));
afterEach(() => rmSync(folder, { recursive: true }));

test("a set-up that can take no lock says so, and does not try for ever", async () => {
  mkdirSync(join(folder, "scripts"));
  copyFileSync(join(import.meta.dirname, "setup.sh"), join(folder, "scripts/setup.sh"));
  writeFileSync(join(folder, ".setup.lock"), "");
  const setup = await execa("sh", ["scripts/setup.sh"], { cwd: folder, reject: false, timeout: 5_000 });
  expect(setup).toMatchObject({ exitCode: 70, timedOut: false });
  expect(setup.stderr).toContain("no symbolic link can be made");
});

test("a set-up of what there is not says what there is", async () => {
  mkdirSync(join(folder, "scripts"), { recursive: true });
  mkdirSync(join(folder, "implementations/guest"), { recursive: true });
  copyFileSync(join(import.meta.dirname, "setup.sh"), join(folder, "scripts/setup.sh"));
  writeFileSync(join(folder, "implementations/guest/package.json"), "{}");
  const setup = await execa("sh", ["scripts/setup.sh", "gest"], { cwd: folder, reject: false });
  expect(setup.exitCode).toBe(64);
  expect(setup.stderr).toContain("choose from packages, chromium, guest");
});
