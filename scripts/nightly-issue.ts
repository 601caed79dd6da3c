/**
 * Tells of a night that failed: as a comment on the open issue of the label `nightly`, or in a new issue where none is open.
 * It goes through `gh`, with the token and the permissions that the workflow gives. A night has failed already when it runs: it
 * fails nothing by itself, and says why where it could not tell.
 *
 *     node scripts/nightly-issue.ts [RUN]              RUN is the folder of a run, the newest of results/runs where it is left out
 *     node scripts/nightly-issue.ts --dry-run [RUN]    prints what it would send
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { formatError, HarnessError } from "../harness/errors.ts";
import { reportOf } from "../harness/experiments/report-of.ts";
import { readResults } from "../harness/experiments/results.ts";
import { readPlan } from "../harness/plan/plan-file.ts";
import { type FailedNight, nightlyText, type UnfinishedRun } from "./nightly-text.ts";
import { root } from "./reference-pages.ts";

const label = "nightly";
const title = "The nightly run failed";

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { "dry-run": { type: "boolean", default: false } },
  });
  const text = nightlyText({ ...ofWorkflow(process.env), run: await runAt(positionals[0] ?? newestRun()) });
  if (values["dry-run"]) console.log(`${title} (label ${label})\n\n${text}`);
  else await tell(text);
} catch (thrown) {
  console.error(["The issue was not filed.", ...formatError(thrown).lines].join("\n"));
}

/** What GitHub says of the workflow that this is a step of. */
function ofWorkflow(env: NodeJS.ProcessEnv): Omit<FailedNight, "run"> {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SHA, TEST_RESULT, COMPARE_RESULT } =
    env;
  const jobs = { test: TEST_RESULT, compare: COMPARE_RESULT };
  return {
    jobs: Object.fromEntries(
      Object.entries(jobs).flatMap(([job, result]) => (result ? [[job, result]] : [])),
    ),
    url: GITHUB_RUN_ID ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}` : null,
    commit: GITHUB_SHA ?? null,
  };
}

function newestRun(): string | undefined {
  const runs = join(root, "results/runs");
  const newest = existsSync(runs) ? readdirSync(runs).toSorted().at(-1) : undefined;
  return newest === undefined ? undefined : join(runs, newest);
}

async function runAt(folder: string | undefined): Promise<FailedNight["run"]> {
  if (folder === undefined || !existsSync(folder)) return null;
  const results = await readResults(join(folder, "results.json")).catch(() => null);
  return results === null ? unfinishedRun(folder) : reportOf(results);
}

/** Its plan says with what it was drawn; where it came to none, its name has the seed. */
function unfinishedRun(folder: string): UnfinishedRun {
  const name = basename(folder);
  if (existsSync(join(folder, "plan.json"))) {
    const { seed, leaseMs } = readPlan(folder);
    return { name, seed, leaseMs };
  }
  const seed = /Z-(\d+)/.exec(name)?.[1];
  return { name, seed: seed === undefined ? null : Number(seed), leaseMs: null };
}

async function tell(text: string): Promise<void> {
  const open = await gh(
    [
      "issue",
      "list",
      "--label",
      label,
      "--state",
      "open",
      "--limit",
      "1",
      "--json",
      "number",
      "--jq",
      ".[].number",
    ],
    "",
  );
  if (open !== "") {
    await gh(["issue", "comment", open, "--body-file", "-"], text);
    return;
  }
  await gh(["label", "create", label, "--description", "A nightly run failed", "--force"], "");
  await gh(["issue", "create", "--title", title, "--label", label, "--body-file", "-"], text);
}

/** Resolves with what it says. @throws HarnessError where it fails. */
async function gh(words: readonly string[], input: string): Promise<string> {
  const { failed, shortMessage, stderr, stdout } = await execa("gh", words, {
    cwd: root,
    input,
    reject: false,
  });
  if (!failed) return stdout;
  throw new HarnessError(
    `${shortMessage} ${stderr}`.trim(),
    "It takes gh, and in GH_TOKEN a token that may write issues.",
  );
}
