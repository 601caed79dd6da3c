/** What becomes of a run whose disk is full, or whose folder for temporary files cannot be written to. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const chaos = ["chaos", "--targets", "redis-bullmq@redis", "--lease", "1000"];

/** A disk of that size at `small`, which nobody else sees, and what fills it, silently, once a run has its folder for temporary files. */
const onSmallDisk = `
mount -t tmpfs -o size=48m small "$SMALL" && mkdir "$SMALL/tmp" "$SMALL/results"
( until ls -d "$TMPDIR"/killproof-*; do sleep 0.2; done; sleep 3; head -c 48M /dev/zero > "$SMALL/filler" ) > /dev/null 2>&1 &
exec "$@"
`;

const canMount = async () => (await execa("unshare", ["-rm", "true"], { reject: false })).exitCode === 0;

test.for(["tmp", "results"])(
  "a disk that fills up under the folder %s ends the run at once, by its name",
  async (full, { skip }) => {
    skip(!(await canMount()), "this user may mount no disk of its own");
    const small = mkdtempSync(join(folder, "small-"));
    const [temporary, results] = [
      join(full === "tmp" ? small : folder, "tmp"),
      join(full === "results" ? small : folder, "results"),
    ];
    mkdirSync(join(folder, "tmp"), { recursive: true });
    const long = [...chaos, "--sessions", "500", "--arrivals", "120", "--results", results];
    const { exitCode, stderr } = await execa(
      "unshare",
      ["-rm", "sh", "-c", onSmallDisk, "sh", process.execPath, cli, ...long],
      { reject: false, timeout: 100_000, env: { SMALL: small, TMPDIR: temporary } },
    );
    // What the full disk ended before the run looked at it, such as a worker, may stand above.
    const lines = stderr.split("\n").slice(-2);
    expect(lines[0]).toMatch(/^The disk of .* is full/);
    expect(lines[0]).toContain(full === "tmp" ? temporary : results);
    expect(lines[1]).toMatch(/--results.*TMPDIR/);
    expect(exitCode).toBe(70);
  },
);

test("a folder for temporary files that cannot be written to is named, and nothing is left", async () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  const results = join(folder, "none");
  const { exitCode, stderr } = await execa(process.execPath, [cli, ...chaos, "--results", results], {
    reject: false,
    timeout: 60_000,
    env: { TMPDIR: file },
  });
  expect(stderr).toMatch(/^Temporary files cannot be written to .*a-file.*\n.*TMPDIR/);
  expect(exitCode).toBe(64);
  expect(existsSync(join(results, "latest"))).toBe(false);
});
